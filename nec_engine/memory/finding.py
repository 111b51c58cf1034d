"""An entry found again by its name, wherever it is by now."""

from __future__ import annotations

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import EntryInfo
from nec_engine.messages import Entry


def find_entry(memory: EpisodicMemory, entry: Entry) -> EntryInfo | None:
    """What is kept of ``entry`` now; None when it is gone. Any thread."""
    slot = memory.contents.slot_of(entry)
    if slot is None:
        return None
    try:
        info = memory.contents.entry(entry.action, slot)
    except ValueError:  # it went just now
        return None
    return info if info.state_hash == entry.state_hash else None
