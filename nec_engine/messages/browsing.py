"""Browsing the memory: which entries, in which order, and all their columns at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

import numpy as np

from nec_engine.messages.arrays import F32, I32, I64, U8, U64
from nec_engine.messages.words import Entry, Moment


class Column(Enum):
    """What is known of each entry, and can be sorted by and filtered by."""

    ACTION = "action"
    VALUE = "value"
    AGE = "age"  # training steps since the latest write
    RETRIEVALS = "retrievals"  # times it was found as a neighbour in training
    IDLE = "idle"  # lookups and writes of training since it was last found or written
    UPDATES = "updates"  # writes after the first
    ORIGIN = "origin"
    EPISODE = "episode"
    STEP = "step"  # of its moment in the episode
    DISTANCE = "distance"  # squared, to the key that the question names


@dataclass(frozen=True, slots=True)
class Limits:
    """Both ends included; in the units of :class:`Column`."""

    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Entries that meet every condition; a column that is not named is not looked at."""

    limits: Mapping[Column, Limits] = field(default_factory=dict)

    def with_limits(self, column: Column, limits: Limits | None) -> EntryFilter:
        """The same but for one column; None: any."""
        others = {name: kept for name, kept in self.limits.items() if name is not column}
        return EntryFilter(others if limits is None else {**others, column: limits})


@dataclass(frozen=True, slots=True, eq=False)
class EntryColumns:
    """All entries of the memory, read within a second or so: each column an array of N.

    The entries of action ``a`` are the rows ``starts[a]`` to ``starts[a + 1]``, by slot. 49 bytes
    an entry.
    """

    starts: I64  # [A + 1]
    clock: int  # training steps then
    stamp: int  # lookups and writes of training then
    values: F32
    clocks: I64  # training steps at the latest write
    stamps: I64  # lookups and writes at the latest retrieval or write
    num_retrievals: I32
    num_updates: I32
    origins: U8  # Origin
    episodes: I64  # moment of the latest write
    steps: I32
    state_hashes: U64

    def __len__(self) -> int:
        return len(self.values)

    def entry(self, row: int) -> Entry:
        """How the entry of ``row`` is named."""
        action = int(np.searchsorted(self.starts, row, side="right")) - 1
        moment = Moment(int(self.episodes[row]), int(self.steps[row]))
        slot = row - int(self.starts[action])
        return Entry(action, slot, moment, int(self.state_hashes[row]))

    def row_of(self, entry: Entry) -> int | None:
        """Where ``entry`` is, though it may have another slot by now; None when it is not there."""
        if entry.action + 1 >= len(self.starts):
            return None
        start, end = self.starts[entry.action : entry.action + 2].tolist()
        row = start + entry.slot
        state_hash = np.uint64(entry.state_hash)
        if row < end and self.state_hashes[row] == state_hash:
            return int(row)
        rows = start + np.flatnonzero(self.state_hashes[start:end] == state_hash)
        for row in rows.tolist():  # of several visits to one state, that of the moment
            if (self.episodes[row], self.steps[row]) == entry.moment:
                return int(row)
        return int(rows[0]) if len(rows) else None


@dataclass(frozen=True, slots=True)
class LikeMoment:
    """Distances to the key of what the agent saw, or sees, at a recorded moment."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class LikeEntry:
    """Distances to the key of an entry."""

    entry: Entry


Likeness = LikeMoment | LikeEntry


@dataclass(frozen=True, slots=True)
class AskEntries:
    """The entries that pass ``filter``, in order; one :class:`EntriesAnswer`.

    ``most_age_s``: columns that were read no longer ago will do.
    """

    panel: str
    filter: EntryFilter
    sort: Column
    is_descending: bool = False
    like: Likeness | None = None  # without it there are no distances
    most_age_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LetEntriesGo:
    """Nobody looks at entries any more: what is kept of them may go; no answer."""

    panel: str


@dataclass(frozen=True, slots=True, eq=False)
class EntriesAnswer:
    """Which rows of ``columns`` to show, and in which order."""

    panel: str
    question: AskEntries
    columns: EntryColumns
    order: I32  # rows of the columns
    distances_sq: F32 | None  # of each place in ``order``
    extents: Mapping[Column, Limits]  # least and largest of all entries; none when there are none
    took_s: float
    problem: str = ""  # why there are no distances though they were asked for


@dataclass(frozen=True, slots=True)
class AskEntry:
    """All that is kept of one entry now; one :class:`EntryAnswer`."""

    panel: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry, as it is now."""

    entry: Entry  # with its present moment
    value: float
    age_steps: int  # training steps since the latest write
    idle: int  # lookups and writes of training since it was last found or written
    num_retrievals: int
    num_updates: int
    num_person_updates: int
    origin: int
    first_moment: Moment
    is_pinned: bool  # never evicted


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    panel: str
    entry: Entry  # as it was asked for
    facts: EntryFacts | None  # None: the memory does not hold it any more


BrowsingQuestion = AskEntries | LetEntriesGo | AskEntry
BrowsingAnswer = EntriesAnswer | EntryAnswer
