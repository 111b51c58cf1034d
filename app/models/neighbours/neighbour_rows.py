"""What one card of the neighbours panel says, ready to be painted. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.models.wording import (
    action_text,
    age_text,
    count_text,
    distance_text,
    moment_text,
    origin_text,
    percent_text,
    short_moment_text,
    signed_text,
    value_text,
)
from nec_engine.messages import ActionEvidence, Choice, Decision, Entry, GoTo, Moment, Origin

STEPS_BEFORE: Final = 30  # two seconds: "a little before"
NO_MEMORIES: Final = (
    "This agent keeps no memories",
    "A DQN is a network alone; with agent=nec or agent=mfec the memories behind a decision appear"
    " here.",
)


@dataclass(frozen=True, slots=True)
class NeighbourRow:
    """One neighbour of one action, in numbers and in words."""

    rank: int  # from 1, nearest first
    entry: Entry
    moment: Moment
    state_hash: int
    share: float
    origin: int
    is_same_state: bool  # the very screens the agent sees now
    action: str
    value: str
    share_text: str
    distance: str
    age: str
    origin_word: str
    place: str
    short_place: str
    contribution: str

    @property
    def spoken(self) -> str:
        """All of the card in one sentence, for tooltips and screen readers."""
        return (
            f"Neighbour {self.rank} of {self.action}: value {self.value} × share"
            f" {self.share_text} = {self.contribution}; {self.distance}"
            f"{' (the same screens as now)' if self.is_same_state else ''}; {self.age};"
            f" made by {self.origin_word}; {self.place}"
        )


def neighbour_row(decision: Decision, action: int, index: int) -> NeighbourRow:
    """Neighbour ``index`` (nearest first) of ``action``."""
    evidence = decision.evidence[action]
    moment = moment_of(evidence, index)
    share, value = float(evidence.shares[index]), float(evidence.values[index])
    state_hash = int(evidence.state_hashes[index])
    is_same_state = state_hash == decision.state_hash
    distance = distance_text(float(evidence.distances_sq[index]))
    return NeighbourRow(
        rank=index + 1,
        entry=entry_of(evidence, index),
        moment=moment,
        state_hash=state_hash,
        share=share,
        origin=int(evidence.origins[index]),
        is_same_state=is_same_state,
        action=action_text(decision.action_names[action]),
        value=value_text(value),
        share_text=percent_text(share),
        distance=f"distance {distance}",
        age=age_text(int(evidence.ages_steps[index])),
        origin_word=maker_text(evidence, index),
        place=moment_text(moment),
        short_place=short_moment_text(moment),
        contribution=signed_text(share * value),
    )


def maker_text(evidence: ActionEvidence, index: int) -> str:
    """Who made neighbour ``index``, whether a person's play has changed it since, and pinned it."""
    origin = int(evidence.origins[index])
    is_taught = evidence.taught.size > 0 and bool(evidence.taught[index])
    is_by_person = origin in (Origin.PERSON, Origin.IMPORTED)
    words = [origin_text(origin)]
    words += ["taught"] * (is_taught and not is_by_person)
    words += ["pinned"] * (evidence.pinned.size > 0 and bool(evidence.pinned[index]))
    return ", ".join(words)


def moment_of(evidence: ActionEvidence, index: int) -> Moment:
    """Where neighbour ``index`` was last written."""
    return Moment(int(evidence.episodes[index]), int(evidence.steps[index]))


def picture_wanted(evidence: ActionEvidence, index: int) -> tuple[Moment, int]:
    """Neighbour ``index`` as its picture is asked for: the moment, and the hash of the state."""
    return moment_of(evidence, index), int(evidence.state_hashes[index])


def place_of(evidence: ActionEvidence, index: int, steps_before: int = 0) -> GoTo:
    """The way to neighbour ``index``, or to so many steps before it."""
    return GoTo(*picture_wanted(evidence, index), steps_before)


def entry_of(evidence: ActionEvidence, index: int) -> Entry:
    """How neighbour ``index`` is named."""
    return Entry(
        evidence.action,
        int(evidence.slots[index]),
        moment_of(evidence, index),
        int(evidence.state_hashes[index]),
    )


def shown_action(decision: Decision, chosen: int | None) -> int:
    """Whose neighbours to show: the chosen action's, else the best one's."""
    if chosen is not None and 0 <= chosen < len(decision.evidence):
        return chosen
    return decision.best_action


def whose_text(decision: Decision, chosen: int | None) -> str:
    """Which action's memories these are, why that one, and how many."""
    action = shown_action(decision, chosen)
    evidence = decision.evidence[action]
    roles = []
    if chosen is not None:
        roles.append("your choice")
    if action == decision.best_action:
        roles.append("best")
    if action == decision.action:
        roles.append("played")
    name = f"{action_text(decision.action_names[action])} ({', '.join(roles)})"
    num_neighbours = len(evidence.slots)
    if not num_neighbours:
        return name
    return f"{name}: nearest {num_neighbours} of {count_text(evidence.num_entries)}"


def why_no_cards(decision: Decision | None, chosen: int | None) -> tuple[str, str]:
    """What to say in place of the cards, and what will change it; empty when there are cards."""
    if decision is None:
        return (
            "Nothing decided yet",
            "The memories behind a decision appear with the next one of the live game.",
        )
    if not decision.has_memory:
        return NO_MEMORIES
    evidence = decision.evidence[shown_action(decision, chosen)]
    if len(evidence.slots):
        return "", ""
    if all(e.num_entries == 0 for e in decision.evidence):
        if decision.choice is Choice.PERSON:
            return "Still filling the memory", "What you play is remembered when it has paid off."
        return "Still filling the memory", "The agent plays at random until it remembers something."
    return (
        "No memories of this action yet",
        "It was never played so far; click another action to see its memories.",
    )
