"""All entries as columns, and their distances to a key: read in short pieces beside the writer.

Both are generators: each ``None`` is the end of a piece, at which the reader may do other things.
Any thread. What is written meanwhile is read as it was before or after, each entry in itself whole.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Final

import numpy as np
import torch
from torch import Tensor

from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.memory.rows import Rows
from nec_engine.memory.slots import Slots
from nec_engine.messages import F32, I32, I64, EntryColumns, read_only

# Read under one hold of the lock, in some 20 us: a copy by tobytes() keeps the GIL.
ROWS_PER_HOLD: Final = 1024
HOLDS_PER_PIECE: Final = 8
ROWS_PER_DISTANCE: Final = 4096  # compared in one go: 2 MB of keys, which stay in the cache


def columns_in_pieces(
    rows: Rows, slots: list[Slots], clock: int, stamp: int, give_way: Callable[[], None]
) -> Generator[None, None, EntryColumns]:
    """Every filled row of every action; about a tenth of a second for each million."""
    sizes = rows.sizes.copy()
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    columns = _empty_columns(starts, clock, stamp)
    num_holds = 0
    for action, size in enumerate(sizes.tolist()):
        for first in range(0, size, ROWS_PER_HOLD):
            part = slice(first, min(first + ROWS_PER_HOLD, size))
            values, records = _read(rows, action * rows.capacity, part)
            to = slice(int(starts[action]) + part.start, int(starts[action]) + part.stop)
            columns.values[to] = values
            columns.stamps[to] = slots[action].stamps[part]
            columns.num_retrievals[to] = slots[action].num_retrievals[part]
            _put(columns, to, records)
            give_way()
            num_holds += 1
            if num_holds % HOLDS_PER_PIECE == 0:
                yield
    for array in _arrays(columns):
        read_only(array)
    return columns


def distances_in_pieces(
    rows: Rows, starts: I64, wanted: I32, key: Tensor, give_way: Callable[[], None]
) -> Generator[None, None, F32]:
    """||h - h_i||^2, float32[M], of key float32[D] to the entries ``wanted`` int32[M].

    ``wanted`` are rows of columns that begin at ``starts``, in rising order. By direct difference,
    as a lookup does, on the keys as they are now; a row that is gone is infinitely far.
    """
    distances_sq = np.empty(len(wanted), np.float32)
    for first in range(0, len(wanted), ROWS_PER_DISTANCE):
        part = slice(first, first + ROWS_PER_DISTANCE)
        actions = np.searchsorted(starts, wanted[part], side="right") - 1
        slots = wanted[part] - starts[actions]
        is_there = slots < rows.sizes[actions]
        places = torch.from_numpy(np.where(is_there, actions * rows.capacity + slots, 0))
        keys = rows.keys.index_select(0, places.to(rows.device))
        found = keys.sub_(key).square_().sum(-1).cpu().numpy()
        distances_sq[part] = np.where(is_there, found, np.inf)
        give_way()
        yield
    return read_only(distances_sq)


def _empty_columns(starts: I64, clock: int, stamp: int) -> EntryColumns:
    num = int(starts[-1])
    return EntryColumns(
        starts=starts,
        clock=clock,
        stamp=stamp,
        values=np.empty(num, np.float32),
        clocks=np.empty(num, np.int64),
        stamps=np.empty(num, np.int64),
        num_retrievals=np.empty(num, np.int32),
        num_updates=np.empty(num, np.int32),
        origins=np.empty(num, np.uint8),
        episodes=np.empty(num, np.int64),
        steps=np.empty(num, np.int32),
        state_hashes=np.empty(num, np.uint64),
    )


def _arrays(columns: EntryColumns) -> list[np.ndarray]:
    return [
        value
        for name in EntryColumns.__slots__
        if isinstance(value := getattr(columns, name), np.ndarray)
    ]


def _read(rows: Rows, start: int, part: slice) -> tuple[F32, Records]:
    """Values and records of some slots of the action whose rows begin at ``start``, one hold."""
    span = slice(start + part.start, start + part.stop)
    records = rows.records[span]
    if rows.device.type == "cpu":
        values_data, records_data = rows.lock.run(
            rows.values[span].numpy().tobytes, partial(bytes, records.data)
        )
        values = np.frombuffer(values_data, np.float32)
        return values, np.frombuffer(records_data, RECORD)
    with rows.lock:  # held until the copy is under way; what waits for it waits outside
        there, records = rows.values[span].clone(), records.copy()
    return there.cpu().numpy(), records


def _put(columns: EntryColumns, to: slice, records: Records) -> None:
    columns.clocks[to] = records["clock"]
    columns.num_updates[to] = records["num_updates"]
    columns.origins[to] = records["origin"]
    columns.episodes[to] = records["episode"]
    columns.steps[to] = records["step"]
    columns.state_hashes[to] = records["state_hash"]
