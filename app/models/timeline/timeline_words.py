"""The timeline in words: a moment, a bookmark, a course of the game. No Qt here."""

from __future__ import annotations

import math
from typing import Final

from app.files import clock_words
from app.models.wording import (
    episode_text,
    moment_text,
    percent_text,
    score_text,
    short_moment_text,
    value_text,
)
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    Ending,
    LiveEpisode,
    Luck,
    Mark,
    MarkKind,
    Moment,
    Timeline,
)

FRAMES_PER_S: Final = 60.0  # of a game at its own speed

SURPRISE_TIP: Final = (
    "Surprise: how far the Q of the action played was from the reward plus the discounted best Q "
    "of the next state."
)


def moment_words(timeline: Timeline, moment: Moment) -> str:
    """What is known of a moment, in one line."""
    episode = next((e for e in timeline.episodes if e.episode == moment.episode), None)
    if episode is None or episode.num_steps == 0:
        return moment_text(moment)
    track = episode.track
    step = min(moment.step, episode.num_steps - 1)
    since_start_s = (episode.offset + moment.step) * timeline.frame_skip / FRAMES_PER_S
    parts = [f"{short_moment_text(moment)} ({clock_words(since_start_s)})"]
    if moment.step:
        parts.append(f"score {score_text(track.scores[min(moment.step, episode.num_steps) - 1])}")
    parts.append("you played" if track.is_person[step] else "the agent played")
    for name, value, words in (
        ("familiarity", track.familiarity[step], percent_text),
        ("max Q", track.max_q[step], value_text),
        ("surprise", track.surprise[step], value_text),
    ):
        if not math.isnan(value):
            parts.append(f"{name} {words(float(value))}")
    return " · ".join(parts)


def mark_words(mark: Mark) -> str:
    """What a bookmark stands for."""
    match mark.kind:
        case MarkKind.REWARD:
            return f"reward {'+' if mark.amount > 0 else ''}{score_text(mark.amount)}"
        case MarkKind.SURPRISE:
            return f"biggest surprise: Q was off by {value_text(mark.amount)}"
        case MarkKind.FALL:
            return f"biggest fall of Q: by {value_text(mark.amount)}"
        case MarkKind.FAR:
            return f"first far from all memories: familiarity {percent_text(mark.amount)}"
        case _:
            return str(mark.kind.value)


def course_cells(episode: LiveEpisode) -> tuple[str, str, str, str]:
    """A course in the list: its number and where it parted, score, steps, how it stands."""
    name = _short_name(episode.episode)
    if episode.parent is not None:
        name += f" ← {_short_name(episode.parent.episode)} at {episode.parent.step:,}"
    stands = str(episode.ending.value)
    if episode.luck is Luck.NEW:
        stands = f"{episode.luck.value}, {stands}"
    return name, score_text(episode.score), f"{episode.num_steps:,}", stands


def _short_name(episode: int) -> str:
    """Live games by their number alone; "ep. 41" of training."""
    is_live = episode >= FIRST_LIVE_EPISODE
    return f"{episode - FIRST_LIVE_EPISODE + 1:,}" if is_live else f"ep. {episode:,}"


def course_words(episode: LiveEpisode) -> str:
    """The same in a sentence."""
    words = episode_text(episode.episode).capitalize()
    if episode.parent is not None:
        words += f" branched from {moment_text(episode.parent)}"
        words += {Luck.SAME: " with the same luck", Luck.NEW: " with new luck", Luck.NONE: ""}[
            episode.luck
        ]
    num_person = int(episode.track.is_person.sum())
    if num_person == 0:
        who = "the agent played"
    else:
        who = "you played" if num_person == episode.num_steps else "you and the agent played"
    stands = {
        Ending.OPEN: "it is being played",
        Ending.LEFT: "it was left and can be gone on with",
        Ending.OVER: "the game was over",
        Ending.CUT: "it reached the time limit",
    }[episode.ending]
    return f"{words}: {who}, score {score_text(episode.score)}; {stands}."
