"""What a thread that answers has at hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.run.publication import Publication


@dataclass(frozen=True, slots=True)
class Desk:
    """An emulator of its own to rebuild moments with; what there is to read."""

    rebuilder: Rebuilder
    journal: Journal
    publication: Publication
    memory: EpisodicMemory | None  # None for an agent that has none
    give_way: Callable[[], None]  # to be called between the parts of what takes milliseconds
    # Around what a person waits for from one moment to the next: training makes way for it.
    hurry: Callable[[], AbstractContextManager[None]] = nullcontext
