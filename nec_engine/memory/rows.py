"""The rows of all entries of all actions: keys, norms, values on the device, records on the host.

Row ``action * capacity + slot``. The arrays have room for every entry from the start. On the host
their pages are untouched until filled, so the memory really used follows the entries there are; a
GPU gives it all at once. What stands in rows that hold no entry is anything, NaN too.

One thread writes. Any thread may gather; it then takes ``lock``, as the writer does for every
change, so that a gathered row is one version of one entry. The writer itself gathers without it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from operator import getitem, setitem
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.lock import MeasuredLock
from nec_engine.memory.moves import Moves
from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.messages import I64

# Rows copied under one hold of the lock: some 60 us. Up to 500 numpy copies whole items of a
# one-dimensional array without releasing the GIL, so nobody comes in between.
ROWS_PER_COPY = 480
ROWS_PER_WRITE = 120  # fewer, because rows written for the first time cost a page fault each 8


class Gathered(NamedTuple):
    """Copies of some rows."""

    keys: Tensor  # float32[N, D]
    values: Tensor  # float32[N]
    records: Records | None  # RECORD[N]
    version: int  # of the memory


class MovedKeys(NamedTuple):
    """Keys that a gradient step changed, each row once."""

    rows: I64  # [U], ascending
    keys: Tensor  # float32[U, D], as they are now
    norms_sq: Tensor  # float32[U], |key - centre|^2
    shifts: Tensor  # float32[U], how far each has moved


class Rows:
    """Keys, squared norms and values float32 on ``device``, records on the host."""

    def __init__(
        self, num_actions: int, capacity: int, key_size: int, device: torch.device
    ) -> None:
        self.num_actions, self.capacity, self.key_size = num_actions, capacity, key_size
        num_rows = num_actions * capacity
        # empty() does not touch the pages.
        self.keys = torch.empty(num_rows, key_size, dtype=torch.float32, device=device)
        self.norms_sq = torch.empty(num_rows, dtype=torch.float32, device=device)
        self.values = torch.empty(num_rows, dtype=torch.float32, device=device)
        # Squared norms are taken from here: the first key ever written, for ever.
        self.centre = torch.zeros(key_size, device=device)
        self.records: Records = np.empty(num_rows, RECORD)
        # Filled rows of each action: int64[A], raised when the rows are there.
        self.sizes: I64 = np.zeros(num_actions, np.int64)
        self.lock = MeasuredLock()
        self.moves = Moves()  # what tells readers that entries change rows
        self.device = device
        self._version: I64 = np.zeros(1, np.int64)
        self._rewritten: list[I64] | None = None  # rows, since watch_writes()
        self._is_centred = False
        self._is_on_host = device.type == "cpu"
        if self._is_on_host:
            # The same arrays for numpy; a key is one item.
            self._key_items = _as_items(self.keys)
            self._norm_items, self._value_items = self.norms_sq.numpy(), self.values.numpy()

    def watch_writes(self, is_wanted: bool) -> None:
        """From now on :meth:`is_rewritten` knows which rows were written to. Writer only."""
        self._rewritten = [] if is_wanted else None

    def is_rewritten(self, rows: I64) -> npt.NDArray[np.bool_]:
        """Which of ``rows`` int64[...] hold another entry or key since ``watch_writes``, or none.

        The step of a gradient does not count. Writer only.
        """
        assert self._rewritten is not None, "nobody watches"
        is_gone = rows % self.capacity >= self.sizes[rows // self.capacity]
        if not self._rewritten:
            return is_gone
        return is_gone | np.isin(rows, np.concatenate(self._rewritten))

    @property
    def version(self) -> int:
        """Counts the changes so far."""
        return int(self._version[0])

    def size_of(self, action: int) -> I64:
        """int64[1], the filled rows of one action: a view that follows them."""
        return self.sizes[action : action + 1]

    def filled(self, action: int) -> tuple[Tensor, Tensor]:
        """Views of one action's filled keys float32[N, D] and |key - centre|^2 float32[N]."""
        start = action * self.capacity
        end = start + int(self.sizes[action])
        return self.keys[start:end], self.norms_sq[start:end]

    def filled_records(self, action: int) -> Records:
        """View of the records RECORD[N] of an action's filled rows."""
        start = action * self.capacity
        return self.records[start : start + int(self.sizes[action])]

    def first_keys(self, action: int, num: int) -> Tensor:
        """View of the keys float32[num, D] of an action's first rows, filled still or no more."""
        start = action * self.capacity
        return self.keys[start : start + num]

    def gather(self, rows: I64, *, with_records: bool, locked: bool) -> Gathered:
        """Copies of ``rows`` int64[N]; ``locked`` by every thread but the writer.

        Each row is consistent in itself. Many rows are gathered under several short holds.
        """
        if not locked:
            return self._gather_freely(rows, with_records)
        parts = [
            self._gather_locked(rows[start : start + ROWS_PER_COPY], with_records)
            for start in range(0, max(1, len(rows)), ROWS_PER_COPY)
        ]
        if len(parts) == 1:
            return parts[0]
        records = [part.records for part in parts if part.records is not None]
        return Gathered(
            torch.cat([part.keys for part in parts]),
            torch.cat([part.values for part in parts]),
            np.concatenate(records) if records else None,
            parts[-1].version,
        )

    def write(self, rows: I64, keys: Tensor, values: Tensor, records: Records) -> Tensor:
        """Put whole entries into ``rows`` int64[N], each row at most once. Writer only.

        New rows must follow on the filled ones of their action. Gives |key - centre|^2 float32[N].
        """
        if not self._is_centred and len(keys):
            self.centre.copy_(keys[0])
            self._is_centred = True
        norms_sq = self.norms_sq_of(keys)
        self._note_written(rows)
        sizes = self.sizes.copy()
        np.maximum.at(sizes, rows // self.capacity, rows % self.capacity + 1)
        self._change(
            rows,
            ROWS_PER_WRITE,
            keys=keys,
            norms_sq=norms_sq,
            values=values,
            records=records,
        )
        self.sizes[:] = sizes
        return norms_sq

    def put(
        self, rows: I64, keys: Tensor, norms_sq: Tensor, values: Tensor, records: Records
    ) -> None:
        """Put whole entries with these norms into ``rows``, filled ones or not. Writer only."""
        self._note_written(rows)
        self._change(
            rows, ROWS_PER_WRITE, keys=keys, norms_sq=norms_sq, values=values, records=records
        )

    def resize(self, action: int, size: int) -> None:
        """From now on the first ``size`` rows of the action are filled. Writer only."""
        self.sizes[action] = size

    def set_values(self, rows: I64, values: Tensor) -> None:
        """Give ``rows`` int64[N], each at most once, these values float32[N]. Writer only."""
        self._change(rows, ROWS_PER_COPY, values=values)

    def add(
        self, rows: I64, places: I64, to_values: Tensor | None, to_keys: Tensor | None
    ) -> MovedKeys | None:
        """Add float32[N] to the values and float32[N, D] to the keys; what was done to the keys.

        ``rows`` int64[U] are each there once, ascending; the n-th change goes to
        ``rows[places[n]]``, and those of one row accumulate. Writer only.
        """
        index = torch.from_numpy(rows).to(self.device)
        where = torch.from_numpy(places).to(self.device)
        values, keys, norms_sq, moved = None, None, None, None
        if to_values is not None:
            values = self.values.index_select(0, index) + _sums(to_values, where, len(rows))
        if to_keys is not None:
            sums = _sums(to_keys, where, len(rows))
            keys = self.keys.index_select(0, index).add_(sums)
            norms_sq = self.norms_sq_of(keys)
            moved = MovedKeys(rows, keys, norms_sq, sums.square_().sum(-1).sqrt_())
        self._change(rows, ROWS_PER_COPY, keys=keys, norms_sq=norms_sq, values=values)
        return moved

    def norms_sq_of(self, keys: Tensor) -> Tensor:
        """|key - centre|^2, float32[N], of keys float32[N, D]."""
        return (keys - self.centre).square_().sum(-1)

    def restore(self, sizes: list[int], centre: Tensor, version: int) -> None:
        """Count on from here, with so many rows filled; ``centre`` float32[D]."""
        self.sizes[:] = sizes
        self.centre.copy_(centre)
        self._is_centred = bool(any(sizes) or centre.any())
        self._version[0] = version

    def _note_written(self, rows: I64) -> None:
        if self._rewritten is not None:
            self._rewritten.append(rows)

    def _gather_freely(self, rows: I64, with_records: bool) -> Gathered:
        if not self._is_on_host:
            return self._gather_there(rows, torch.from_numpy(rows).to(self.device), with_records)
        records = self.records.take(rows) if with_records else None
        keys = torch.from_numpy(self.keys.numpy().take(rows, axis=0))
        return Gathered(keys, torch.from_numpy(self._value_items.take(rows)), records, self.version)

    def _gather_there(self, rows: I64, index: Tensor, with_records: bool) -> Gathered:
        """As :meth:`_gather_freely`, with ``rows`` on the device too: begun, not waited for."""
        keys, values = self.keys.index_select(0, index), self.values.index_select(0, index)
        records = self.records.take(rows) if with_records else None
        return Gathered(keys, values, records, self.version)

    def _gather_locked(self, rows: I64, with_records: bool) -> Gathered:
        if not self._is_on_host:
            index = torch.from_numpy(rows).to(self.device)  # waits for what the device is doing
            with self.lock:
                return self._gather_there(rows, index, with_records)
        calls: list[Callable[[], Any]] = [
            partial(getitem, self._key_items, rows),
            partial(getitem, self._value_items, rows),
            self._version.item,
        ]
        if with_records:
            calls.append(partial(getitem, self.records, rows))
        items, values, version, *records = self.lock.run(*calls)
        keys = torch.from_numpy(items.view(np.float32).reshape(len(rows), self.key_size))
        return Gathered(keys, torch.from_numpy(values), records[0] if records else None, version)

    def _change(
        self,
        rows: I64,
        rows_per_hold: int,
        *,
        keys: Tensor | None = None,
        norms_sq: Tensor | None = None,
        values: Tensor | None = None,
        records: Records | None = None,
    ) -> None:
        """Give ``rows``, each at most once, what is given; each row in one hold."""
        for start in range(0, len(rows), rows_per_hold):
            part = slice(start, start + rows_per_hold)
            some = rows[part]
            if self._is_on_host:
                given = (
                    (self._key_items, None if keys is None else _as_items(keys[part])),
                    (self._norm_items, None if norms_sq is None else norms_sq[part].numpy()),
                    (self._value_items, None if values is None else values[part].numpy()),
                    (self.records, None if records is None else records[part]),
                )
                changes = [partial(setitem, to, some, new) for to, new in given if new is not None]
                self.lock.run(*changes, partial(np.add, self._version, 1, self._version))
                continue
            index = torch.from_numpy(some).to(self.device)
            with self.lock:
                for to, new in (
                    (self.keys, keys), (self.norms_sq, norms_sq), (self.values, values),
                ):  # fmt: skip
                    if new is not None:
                        to.index_copy_(0, index, new[part])
                if records is not None:
                    self.records[some] = records[part]
                self._version += 1


def _as_items(keys: Tensor) -> np.ndarray[Any, np.dtype[np.void]]:
    """keys float32[N, D] as N items of 4 D bytes."""
    array = keys.contiguous().numpy()
    return array.view(np.dtype((np.void, 4 * array.shape[1]))).reshape(-1)


def _sums(changes: Tensor, places: Tensor, num: int) -> Tensor:
    """[num] or [num, D]: the changes [N] or [N, D] that go to each place, added up in order."""
    sums = torch.zeros(num, *changes.shape[1:], dtype=changes.dtype, device=changes.device)
    return sums.index_add_(0, places, changes)
