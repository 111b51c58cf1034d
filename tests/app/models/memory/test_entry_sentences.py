"""A memory in words."""

from __future__ import annotations

from made_entries import made_facts

from app.models.memory.entry_sentences import lines_of, title_of
from nec_engine.messages import AskEntry, Entry, Moment

ENTRY = Entry(2, 17, Moment(3, 40), 99)


def test_a_memory_is_told_in_sentences() -> None:
    facts = made_facts(AskEntry("memory", ENTRY)).facts
    assert facts is not None
    assert title_of(ENTRY, facts, ("noop", "fire", "right")) == "RIGHT, value 1.50"
    assert lines_of(ENTRY, facts, is_gone=False) == (
        "episode 3, step 40",
        "Made by person, written 61.2k steps ago",
        "Found 1,203 times, last 1.2k lookups ago",
        "Met again 3 times, 1 of them by a person",
        "First met in episode 2, step 5",
    )


def test_what_never_happened_is_told_shortly() -> None:
    facts = made_facts(
        AskEntry("memory", ENTRY),
        num_retrievals=1, idle=1, num_updates=0, num_person_updates=0, first_moment=ENTRY.moment,
    ).facts  # fmt: skip
    assert lines_of(ENTRY, facts, is_gone=False)[2:] == ("Found once, last 1 lookup ago",)
    facts = made_facts(AskEntry("memory", ENTRY), num_retrievals=0, is_pinned=True).facts
    lines = lines_of(ENTRY, facts, is_gone=False)
    assert lines[2] == "Not found by training yet"
    assert lines[-1].startswith("Pinned")


def test_a_memory_that_is_gone_or_not_known_yet_still_has_its_place() -> None:
    assert "gone" in lines_of(ENTRY, None, is_gone=True)[1]
    assert lines_of(ENTRY, None, is_gone=False) == ("episode 3, step 40",)
    assert title_of(ENTRY, None, ()) == "?"
