"""All that is known of the selected memory, in words. No Qt here."""

from __future__ import annotations

from typing import Final

from app.models.wording import (
    action_text,
    age_text,
    count_text,
    moment_text,
    origin_text,
    short_count_text,
    value_text,
)
from nec_engine.messages import Entry, EntryFacts

NOTHING_SELECTED: Final = (
    "No memory is selected",
    "Click a row or the card of a neighbour: its picture and what can be done with it appear here.",
)


def title_of(entry: Entry, facts: EntryFacts | None, action_names: tuple[str, ...]) -> str:
    """Its action and, when known, its value: "RIGHT, value 1.23"."""
    action = action_text(action_names[entry.action]) if entry.action < len(action_names) else "?"
    return action if facts is None else f"{action}, value {value_text(facts.value)}"


def lines_of(entry: Entry, facts: EntryFacts | None, *, is_gone: bool) -> tuple[str, ...]:
    """Where it is from and what became of it, a line each."""
    if is_gone:
        return (
            moment_text(entry.moment),
            "The memory is gone: it was forgotten to make room, or taken out.",
        )
    if facts is None:
        return (moment_text(entry.moment),)
    moment = facts.entry.moment
    lines = [
        moment_text(moment),
        f"Made by {origin_text(facts.origin)}, written {age_text(facts.age_steps)}",
        f"Found {_times(facts.num_retrievals)}, last {_lookups_text(facts.idle)}"
        if facts.num_retrievals
        else "Not found by training yet",
    ]
    if facts.num_updates:
        of_person = facts.num_person_updates
        by_person = f", {count_text(of_person)} of them by a person" if of_person else ""
        lines.append(f"Met again {_times(facts.num_updates)}{by_person}")
    if facts.first_moment != moment:
        lines.append(f"First met in {moment_text(facts.first_moment)}")
    if facts.is_pinned:
        lines.append("Pinned: it never makes room for others")
    return tuple(lines)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count_text(count)} times")


def _lookups_text(lookups: int) -> str:
    if lookups <= 0:
        return "just now"
    return "1 lookup ago" if lookups == 1 else f"{short_count_text(lookups)} lookups ago"
