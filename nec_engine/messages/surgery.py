"""Surgery on the memory: which entries, what to do with them, and what was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nec_engine.messages.arrays import I32, I64, U64, read_only
from nec_engine.messages.browsing import EntryColumns
from nec_engine.messages.words import Entry, Origin


@dataclass(frozen=True, slots=True)
class EntrySet:
    """Some entries, int64 or uint64[N] each, named so that none is taken for another.

    A slot says nothing: entries change slots, and a slot changes entries.
    """

    actions: I64
    state_hashes: U64
    episodes: I64  # moment of the latest write when they were read
    steps: I64

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> EntrySet:
        """The set of these."""
        listed = list(entries)
        return cls(
            read_only(np.array([entry.action for entry in listed], np.int64)),
            read_only(np.array([entry.state_hash for entry in listed], np.uint64)),
            read_only(np.array([entry.moment.episode for entry in listed], np.int64)),
            read_only(np.array([entry.moment.step for entry in listed], np.int64)),
        )

    def __len__(self) -> int:
        return len(self.actions)


@dataclass(frozen=True, slots=True)
class OfOrigin:
    """All entries that were made by these."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class OfEpisode:
    """All entries whose latest write was in this episode."""

    episode: int


@dataclass(frozen=True, slots=True)
class SameOrigin:
    """All entries that were made by whoever made this one; none when it is gone."""

    entry: Entry


@dataclass(frozen=True, slots=True, eq=False)
class ListedEntries:
    """Some rows of the columns that the browser was given."""

    columns: EntryColumns
    rows: I32

    def named(self) -> EntrySet:
        """The same, each by itself; a tenth of a second for a million."""
        columns, rows = self.columns, self.rows
        return EntrySet(
            read_only(np.searchsorted(columns.starts, rows, side="right") - 1),
            read_only(columns.state_hashes[rows]),
            read_only(columns.episodes[rows]),
            read_only(columns.steps[rows].astype(np.int64)),
        )


Entries = EntrySet | OfOrigin | OfEpisode | SameOrigin | ListedEntries


@dataclass(frozen=True, slots=True)
class DeleteEntries:
    entries: Entries


@dataclass(frozen=True, slots=True)
class PinEntries:
    """Pinned entries are never evicted; ``pinned`` None: pin them, or let go if all are pinned."""

    entries: Entries
    pinned: bool | None = None


@dataclass(frozen=True, slots=True)
class SetValues:
    """Give all of them this value; their origin is ``EDITED`` from then on."""

    entries: Entries
    value: float


@dataclass(frozen=True, slots=True)
class UndoEdit:
    """Put the entries of the latest edit back as they were, whatever became of them since."""


@dataclass(frozen=True, slots=True)
class RedoEdit:
    """Do again what was undone last."""


@dataclass(frozen=True, slots=True)
class JudgeAgain:
    """While the game stands still, decide again with the memory as it is now."""


EditCommand = DeleteEntries | PinEntries | SetValues | UndoEdit | RedoEdit


@dataclass(frozen=True, slots=True)
class MemoryEdited:
    """An edit, an undo or a redo is done, or was refused; what can be undone and redone now."""

    text: str  # a sentence for the log
    undo_text: str  # what undo would undo, in a few words; empty when there is nothing
    redo_text: str
    num_undo: int
    num_redo: int
    is_problem: bool = False
