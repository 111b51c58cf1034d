"""What the replay panel says of the step it stands at. No Qt here."""

from __future__ import annotations

from typing import Final

from app.models.replay.reel import Reel
from app.models.why.why_sentence import why_sentence
from app.models.wording import (
    count_text,
    score_text,
    short_action_text,
    short_episode_text,
    value_text,
)
from nec_engine.messages import Decision, Entry

LATER_STEPS: Final = 100
PAUSE_TO_READ: Final = "The bars are what the agent of now thinks; pause to read them in words."
NOTHING_OPEN: Final = (
    "Select a memory and press Ctrl+Shift+G, or press Shift+G for the nearest one:"
    " its recorded game runs here from two seconds before."
)
NOTHING_TO_REPLAY: Final = (
    "This agent keeps no memories, and a replay begins at one: go back along the timeline instead."
)


def place_words(reel: Reel, step: int, action_names: tuple[str, ...]) -> str:
    """Where the replay stands: ``Ep. 41, 203 of 1,204 · → · score −3``.

    Short: in a column of the first layout it has two lines beside a button.
    """
    if reel.episode is None:
        return ""
    place = short_episode_text(reel.episode)
    words = [f"{place[0].upper()}{place[1:]}, {count_text(step)}"]
    if reel.num_recorded:
        words[0] += f" of {count_text(reel.num_recorded)}"
    recorded = reel.step(step)
    if recorded is not None:
        if recorded.action < len(action_names):
            words.append(short_action_text(action_names[recorded.action]))
        words.append(f"score {score_text(recorded.score)}")
    elif reel.num_recorded and step >= reel.num_recorded:
        last = reel.step(reel.num_recorded - 1)
        words.append("its end")
        if last is not None:
            words.append(f"score {score_text(last.score_after)}")
    return " · ".join(words)


def check_words(reel: Reel, entry: Entry | None) -> str:
    """Whether what is shown is what was seen, and how that is known; empty: not known yet."""
    if reel.problem:
        return f"It cannot be shown: {reel.problem}."
    if reel.has_differed:
        return "Not exact: a stored state of this game was not reached again."
    if not reel.num_loaded or entry is None:
        return ""
    there = reel.step(entry.moment.step)
    if there is None:
        return ""
    if there.state_hash != entry.state_hash:
        return "Not exact: the screens at the mark are not those the memory was written with."
    return "Checked: all is as it was recorded."


def thought_words(reel: Reel, step: int, decision: Decision | None, *, is_playing: bool) -> str:
    """What the agent of now thinks of the step, what it remembers of it, and what came then."""
    if is_playing:
        return PAUSE_TO_READ
    if decision is None or decision.moment.step != step:
        return ""
    words = [why_sentence(decision)]
    remembered = remembered_value(decision)
    if remembered is not None:
        words.append(f"Remembered of this very step: {value_text(remembered)}.")
    later = reel.score_later(step, LATER_STEPS)
    if later is not None:
        num_steps, gain = later
        words.append(f"Then, in {num_steps} steps, the score changed by {score_text(gain, '+')}.")
    return " ".join(words)


def remembered_value(decision: Decision) -> float | None:
    """The value stored for the action that was played on these very screens; None: none found."""
    evidence = decision.evidence[decision.action]
    for state_hash, value in zip(evidence.state_hashes, evidence.values, strict=True):
        if int(state_hash) == decision.state_hash:
            return float(value)
    return None
