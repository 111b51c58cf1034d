"""The entries of the memory: filtered, in order, with their distances to one of them or to now."""

from __future__ import annotations

import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from nec_engine.errors import NecError
from nec_engine.insight.entry_order import extents, ordered, passing, within
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import EntryInfo
from nec_engine.messages import (
    F32,
    I32,
    AskEntries,
    AskEntry,
    Column,
    EntriesAnswer,
    Entry,
    EntryAnswer,
    EntryColumns,
    EntryFacts,
    EntryFilter,
    LikeEntry,
    Likeness,
    Limits,
    read_only,
)
from nec_engine.run.answering.answering_thread import Turns
from nec_engine.run.answering.desk import Desk


@dataclass(frozen=True, slots=True)
class _Read:
    """The columns as they were last read."""

    columns: EntryColumns
    extents: Mapping[Column, Limits]
    version: tuple[int, int]  # of the memory: changes, lookups that touch
    read_s: float  # perf_counter()


@dataclass(frozen=True, slots=True, eq=False)
class _Chosen:
    """What passed a filter, and how far it is from a key: the same for every order."""

    filter: EntryFilter
    like: Likeness | None
    rows: I32
    distances_sq: F32 | None
    problem: str


class Listing:
    """Answers :class:`AskEntries`, and keeps what the next question is likely to need again.

    The inspect thread's.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._read: _Read | None = None
        self._chosen: _Chosen | None = None

    def entries(self, question: AskEntries) -> Turns:
        """One answer, after many short parts; none from an agent without a memory."""
        memory = self._desk.memory
        if memory is None:
            return
        start_s = time.perf_counter()
        read = self._read
        if read is None or not self._is_fresh(read, memory, question):
            self._read = self._chosen = None  # two of them need not be held at once
            read = yield from self._read_all(memory)
            self._read = read
        chosen = self._chosen
        if chosen is None or (chosen.filter, chosen.like) != (question.filter, question.like):
            chosen = yield from self._choose(memory, read.columns, question)
            self._chosen = None if chosen.problem else chosen
        sort, distances_sq = question.sort, chosen.distances_sq
        if sort is Column.DISTANCE and distances_sq is None:
            sort = Column.AGE
        places = yield from ordered(
            read.columns, chosen.rows, sort, distances_sq, is_descending=question.is_descending
        )
        self._desk.give_way()
        yield EntriesAnswer(
            question.panel,
            question,
            read.columns,
            read_only(chosen.rows[places]),
            None if distances_sq is None else read_only(distances_sq[places]),
            read.extents,
            time.perf_counter() - start_s,
            chosen.problem,
        )

    def let_go(self) -> Turns:
        """No answer; the next question reads anew."""
        self._read = self._chosen = None
        yield None

    def _is_fresh(self, read: _Read, memory: EpisodicMemory, question: AskEntries) -> bool:
        is_young = time.perf_counter() - read.read_s <= question.most_age_s
        return is_young or read.version == (memory.version, memory.stamp)

    def _read_all(self, memory: EpisodicMemory) -> Generator[None, None, _Read]:
        version, read_s = (memory.version, memory.stamp), time.perf_counter()
        columns = yield from memory.contents.columns(self._desk.give_way)
        return _Read(columns, (yield from extents(columns)), version, read_s)

    def _choose(
        self, memory: EpisodicMemory, columns: EntryColumns, question: AskEntries
    ) -> Generator[None, None, _Chosen]:
        rows = yield from passing(columns, question.filter)
        key, problem = self._key(memory, question.like)
        distances_sq: F32 | None = None
        if key is not None:
            distances_sq = yield from memory.contents.distances_sq(
                columns, rows, key, self._desk.give_way
            )
            limits = question.filter.limits.get(Column.DISTANCE)
            if limits is not None:
                is_within = within(distances_sq, limits)
                rows, distances_sq = rows[is_within], distances_sq[is_within]
        return _Chosen(question.filter, question.like, rows, distances_sq, problem)

    def _key(self, memory: EpisodicMemory, like: Likeness | None) -> tuple[Tensor | None, str]:
        """What distances are measured from, and why there is nothing to measure from."""
        if like is None:
            return None, ""
        if isinstance(like, LikeEntry):
            info = memory.contents.find(like.entry)
            if info is None:
                return None, "The memory to compare with is gone; choose another."
            return torch.from_numpy(info.key).to(memory.device), ""
        published = self._desk.publication.newest
        if published is None:
            return None, "Nothing is decided yet; ask again in a moment."
        try:
            there = self._desk.rebuilder.rebuild(self._desk.journal, like.moment)
        except NecError as error:
            return None, f"{error}."
        return published.policy.key(there.observation), ""


def entry(question: AskEntry, desk: Desk) -> Turns:
    """One answer; none from an agent without a memory."""
    if desk.memory is None:
        return
    info = desk.memory.contents.find(question.entry)
    facts = None if info is None else _facts(info, question.entry, desk.memory)
    yield EntryAnswer(question.panel, question.entry, facts)


def _facts(info: EntryInfo, entry: Entry, memory: EpisodicMemory) -> EntryFacts:
    return EntryFacts(
        entry=Entry(entry.action, info.slot, info.moment, info.state_hash),
        value=info.value,
        age_steps=max(memory.clock - info.clock, 0),
        idle=max(memory.stamp - info.last_retrieved, 0),
        num_retrievals=info.num_retrievals,
        num_updates=info.num_updates,
        num_person_updates=info.num_person_updates,
        origin=int(info.origin),
        first_moment=info.first_moment,
        is_pinned=info.is_pinned,
    )
