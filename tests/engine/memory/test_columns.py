"""All entries as columns, read in pieces beside a writer."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, fill

from nec_engine.memory import columns as columns_module
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Entry, EntryColumns, Moment, Origin


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few rows a hold, a hold a piece: small memories are read as large ones are."""
    monkeypatch.setattr(columns_module, "ROWS_PER_HOLD", 16)
    monkeypatch.setattr(columns_module, "HOLDS_PER_PIECE", 1)
    monkeypatch.setattr(columns_module, "ROWS_PER_DISTANCE", 16)


def drained(pieces: Generator[None, None, Any]) -> Any:
    """What a generator returns at its end."""
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            return end.value


def used_memory(make_memory: MakeMemory) -> EpisodicMemory:
    """Two actions; entries updated, retrieved, made by a person; one action has been evicting."""
    memory = make_memory(capacity=60)
    memory.advance(500, 3)
    keys = fill(memory, 0, 90)
    fill(memory, 1, 25)
    memory.write(0, keys[70], 0.5, 7, Moment(4, 2), Origin.PERSON)
    memory.advance(900, 4)
    memory.write(0, keys[71], 0.9, 7, Moment(5, 3), Origin.PERSON)
    memory.lookup(keys[60:63], touch=True)
    return memory


def assert_row_is_entry(columns: EntryColumns, row: int, memory: EpisodicMemory) -> None:
    named = columns.entry(row)
    entry = memory.contents.entry(named.action, named.slot)
    assert (named.moment, named.state_hash) == (entry.moment, entry.state_hash)
    assert columns.values[row] == np.float32(entry.value)
    assert columns.clocks[row] == entry.clock
    assert columns.stamps[row] == entry.last_retrieved
    assert columns.num_retrievals[row] == entry.num_retrievals
    assert columns.num_updates[row] == entry.num_updates
    assert columns.origins[row] == entry.origin
    assert columns.row_of(named) == row


def test_every_entry_is_a_row_with_all_that_is_kept_of_it(make_memory: MakeMemory) -> None:
    memory = used_memory(make_memory)
    columns = drained(memory.contents.columns())
    assert len(columns) == sum(memory.sizes) == 85
    assert (columns.clock, columns.stamp) == (900, memory.stamp)
    for row in range(len(columns)):
        assert_row_is_entry(columns, row, memory)
    assert not columns.values.flags.writeable


def test_an_empty_memory_has_no_rows(make_memory: MakeMemory) -> None:
    columns = drained(make_memory().contents.columns())
    assert len(columns) == 0
    assert columns.starts.tolist() == [0, 0, 0]


def test_what_is_written_between_two_pieces_is_read_whole(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=1, capacity=64)
    rng = np.random.default_rng(5)

    def write_all(number: int) -> None:
        """Each entry's value, moment and clock say the same number."""
        memory.advance(number, 1)
        memory.write_batch(
            np.zeros(64, np.int64), torch.from_numpy(rng.normal(size=(64, 8)).astype(np.float32)),
            np.full(64, number), np.arange(64, dtype=np.uint64) + np.uint64(64 * number),
            number, number,
        )  # fmt: skip

    write_all(0)
    pieces = memory.contents.columns()
    number = 0
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            columns: EntryColumns = end.value
            break
        number += 1
        write_all(number)
    assert number == 4
    assert set(columns.values.tolist()) == {0.0, 1.0, 2.0, 3.0}
    for column in (columns.clocks, columns.episodes, columns.steps, columns.state_hashes // 64):
        assert np.array_equal(column, columns.values)


def test_an_entry_whose_slot_another_has_is_not_found(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=1, capacity=30)
    fill(memory, 0, 30)
    named = drained(memory.contents.columns()).entry(0)
    fill(memory, 0, 5, seed=9)
    assert drained(memory.contents.columns()).row_of(named) is None
    columns = drained(memory.contents.columns())
    other = columns.entry(7)
    moved = Entry(other.action, 20, other.moment, other.state_hash)
    assert columns.row_of(moved) == 7
    gone = named.__class__(3, 0, named.moment, named.state_hash)
    assert drained(memory.contents.columns()).row_of(gone) is None


def test_distances_are_those_to_each_wanted_key(make_memory: MakeMemory) -> None:
    memory = used_memory(make_memory)
    columns = drained(memory.contents.columns())
    wanted = np.arange(3, 85, 2, dtype=np.int32)
    key = torch.from_numpy(memory.contents.entry(0, 5).key)
    distances_sq = drained(memory.contents.distances_sq(columns, wanted, key))
    for row, distance_sq in zip(wanted.tolist(), distances_sq, strict=True):
        named = columns.entry(row)
        other = memory.contents.entry(named.action, named.slot).key
        assert distance_sq == pytest.approx(np.square(other - key.numpy()).sum(), rel=1e-5)
    assert distances_sq[wanted.tolist().index(5)] == 0.0


def test_reading_leaves_no_trace(make_memory: MakeMemory) -> None:
    memory = used_memory(make_memory)
    before = memory.version, memory.stamp
    columns = drained(memory.contents.columns())
    drained(memory.contents.distances_sq(columns, np.arange(85, dtype=np.int32), torch.zeros(8)))
    assert (memory.version, memory.stamp) == before
    assert memory.check_valid() == []
