"""The map of the memory: where its entries lie in the plane of most variance."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Final

import numpy as np
import torch

from nec_engine.insight.map_sample import Sample, sample_of
from nec_engine.insight.projection import best_plane, next_plane, places_of
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.memory.rows import ROWS_PER_COPY, Gathered
from nec_engine.messages import (
    F32,
    F64,
    I64,
    U64,
    AskMap,
    MapAnswer,
    MapDensity,
    Projection,
    read_only,
)
from nec_engine.run.answering.desk import Desk

FITTED_TO: Final = 8_192  # entries; more do not change the plane
ROWS_PER_TURN: Final = 5 * ROWS_PER_COPY  # a few milliseconds, then it is another panel's turn
GRID: Final = 160  # cells of the density along each side


def memory_map(question: AskMap, desk: Desk) -> Iterator[MapAnswer | None]:
    """One map; ``None`` while it is being made, so that other panels are answered in between.

    The ``previous`` one itself where nothing has changed since.
    """
    start_s = time.perf_counter()
    memory, previous = desk.memory, question.previous
    if memory is None or not any(memory.sizes):
        yield _empty_map(question.panel, memory)
        return
    sizes, version, clock = memory.sizes, memory.version, memory.clock
    if previous is not None and previous.memory_version == version:
        yield previous
        return
    sample = sample_of(sizes, question.most_points)
    plane = _plane(memory, sample, previous)
    yield None
    num = len(sample.slots)
    xy, values = np.empty((num, 2), np.float32), np.empty(num, np.float32)
    records: Records = np.empty(num, RECORD)
    for some, found in _in_turns(memory, sample):
        assert found.records is not None
        xy[some] = places_of(found.keys, plane)
        values[some], records[some] = found.values.cpu().numpy(), found.records
        desk.give_way()
        yield None
    density = None
    if num < sum(sizes):
        grid = _Grid(xy)
        for action, size in enumerate(sizes):
            for start in range(0, size, ROWS_PER_TURN):
                slots = np.arange(start, min(start + ROWS_PER_TURN, size))
                found = memory.contents.at(np.full(len(slots), action), slots, with_records=False)
                grid.count(places_of(found.keys, plane))
                desk.give_way()
                yield None
        density = grid.density()
    yield MapAnswer(
        panel=question.panel,
        xy=read_only(xy),
        actions=read_only(sample.actions.astype(np.uint8)),
        slots=read_only(sample.slots),
        values=read_only(values),
        ages_steps=read_only(np.maximum(clock - records["clock"], 0)),
        origins=read_only(records["origin"].copy()),
        episodes=read_only(records["episode"].copy()),
        steps=read_only(records["step"].astype(np.int64)),
        state_hashes=read_only(records["state_hash"].copy()),
        projection=plane,
        density=density,
        num_entries=sizes,
        memory_version=version,
        took_s=time.perf_counter() - start_s,
    )


def _empty_map(panel: str, memory: EpisodicMemory | None) -> MapAnswer:
    numbers, records = read_only(np.empty(0, np.float32)), np.empty(0, RECORD)
    whole, small = read_only(np.empty(0, np.int64)), read_only(np.empty(0, np.uint8))
    return MapAnswer(
        panel=panel, xy=read_only(np.empty((0, 2), np.float32)), actions=small, slots=whole,
        values=numbers, ages_steps=whole, origins=small, episodes=whole, steps=whole,
        state_hashes=read_only(records["state_hash"].copy()), projection=None, density=None,
        num_entries=() if memory is None else memory.sizes,
        memory_version=0 if memory is None else memory.version, took_s=0.0,
    )  # fmt: skip


def _plane(memory: EpisodicMemory, sample: Sample, previous: MapAnswer | None) -> Projection:
    """The plane for the keys as they are now, by the first entries of the sample."""
    few = Sample(sample.actions[:FITTED_TO], sample.slots[:FITTED_TO])
    found = memory.contents.at(few.actions, few.slots)
    if previous is None or not isinstance(previous.projection, Projection):
        return best_plane(found.keys)
    assert found.records is not None
    now, then = _shared(few, found.records["state_hash"], previous)
    keys = found.keys[torch.from_numpy(now).to(found.keys.device)]
    return next_plane(found.keys, previous.projection, keys, previous.xy[then])


def _shared(few: Sample, state_hashes: U64, previous: MapAnswer) -> tuple[I64, I64]:
    """The places, among ``few`` and on the previous map, of the entries that are in both."""
    _, now, then = np.intersect1d(
        few.actions << 40 | few.slots,
        previous.actions.astype(np.int64) << 40 | previous.slots,
        assume_unique=True,
        return_indices=True,
    )
    is_same = state_hashes[now] == previous.state_hashes[then]
    return now[is_same], then[is_same]


def _in_turns(memory: EpisodicMemory, sample: Sample) -> Iterator[tuple[I64, Gathered]]:
    """The sampled entries, some at a time and in the order of the memory: which, and what."""
    order = np.lexsort((sample.slots, sample.actions))
    for start in range(0, len(order), ROWS_PER_TURN):
        some = order[start : start + ROWS_PER_TURN]
        yield some, memory.contents.at(sample.actions[some], sample.slots[some])


class _Grid:
    """Counts entries in cells over the rectangle in which those on the map lie."""

    def __init__(self, xy: F32) -> None:
        self._low, high = xy.min(0).astype(np.float64), xy.max(0).astype(np.float64)
        self._high = np.maximum(high, self._low + 1e-9)  # entries may all lie in one place
        self._counts: F64 = np.zeros(GRID * GRID)

    def count(self, xy: F32) -> None:
        """Entries outside count at the rim."""
        cells = ((xy - self._low) / (self._high - self._low) * GRID).astype(np.int64)
        x, y = np.clip(cells, 0, GRID - 1).T
        self._counts += np.bincount(y * GRID + x, minlength=GRID * GRID)

    def density(self) -> MapDensity:
        counts = self._counts.reshape(GRID, GRID).astype(np.float32)
        (x0, y0), (x1, y1) = self._low.tolist(), self._high.tolist()
        return MapDensity(read_only(counts), (x0, y0), (x1, y1))
