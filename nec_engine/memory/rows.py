"""The rows of all entries of all actions: keys, norms, values on the device, records on the host.

Row ``action * capacity + slot``. The arrays have room for every entry from the start, but their
pages are untouched until filled, so the memory really used follows the entries there are.

One thread writes. Any thread may gather; it then takes ``lock``, as the writer does for every
change, so that a gathered row is one version of one entry. The writer itself gathers without it.
"""

from __future__ import annotations

import contextlib
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from nec_engine.memory.lock import MeasuredLock
from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.messages import I64

# Keys copied under one hold of the lock, at most: about 0.2 ms. One query for 18 actions fits, so
# a decision is read in one hold.
MAX_HOLD_BYTES = 1 << 21


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
    norms_sq: Tensor  # float32[U]
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
        self.records: Records = np.empty(num_rows, RECORD)
        self.lock = MeasuredLock()
        # Filled rows of each action: int64[A], raised when the rows are there.
        self.sizes: I64 = np.zeros(num_actions, np.int64)
        self.version = 0  # counts changes; changed and read under the lock
        self.device = device
        # On the host numpy gathers rows several times faster than torch.
        self._host_keys = self.keys.numpy() if device.type == "cpu" else None
        self._host_values = self.values.numpy() if device.type == "cpu" else None

    def filled(self, action: int) -> tuple[Tensor, Tensor]:
        """Views of one action's filled keys float32[N, D] and squared norms float32[N]."""
        start = action * self.capacity
        end = start + int(self.sizes[action])
        return self.keys[start:end], self.norms_sq[start:end]

    def gather(self, rows: I64, *, with_records: bool, locked: bool) -> Gathered:
        """Copies of ``rows`` int64[N]; ``locked`` by every thread but the writer.

        Each row is consistent in itself. Many rows are gathered under several short holds.
        """
        per_hold = max(1, MAX_HOLD_BYTES // (4 * self.key_size)) if locked else max(1, len(rows))
        parts = [
            self._gather_part(rows[start : start + per_hold], with_records, locked)
            for start in range(0, max(1, len(rows)), per_hold)
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

    def _gather_part(self, rows: I64, with_records: bool, locked: bool) -> Gathered:
        hold = self.lock if locked else contextlib.nullcontext()
        if self._host_keys is not None and self._host_values is not None:
            with hold:
                keys = self._host_keys.take(rows, axis=0)
                values = self._host_values.take(rows)
                records = self.records.take(rows) if with_records else None
                version = self.version
            return Gathered(torch.from_numpy(keys), torch.from_numpy(values), records, version)
        index = torch.from_numpy(rows).to(self.device)
        with hold:
            keys_t = self.keys.index_select(0, index)
            values_t = self.values.index_select(0, index)
            records = self.records.take(rows) if with_records else None
            version = self.version
        return Gathered(keys_t, values_t, records, version)

    def write(self, rows: I64, keys: Tensor, values: Tensor, records: Records) -> Tensor:
        """Put whole entries into ``rows`` int64[N], each row at most once. Writer only.

        New rows must follow on the filled ones of their action. Gives the squared norms
        float32[N].
        """
        index = torch.from_numpy(rows).to(self.device)
        norms_sq = keys.square().sum(-1)
        with self.lock:
            self.keys.index_copy_(0, index, keys)
            self.norms_sq.index_copy_(0, index, norms_sq)
            self.values.index_copy_(0, index, values)
            self.records[rows] = records
            np.maximum.at(self.sizes, rows // self.capacity, rows % self.capacity + 1)
            self.version += 1
        return norms_sq

    def add_to_values(self, rows: I64, changes: Tensor) -> None:
        """Add ``changes`` float32[N] to the values of ``rows`` int64[N]; duplicates accumulate.

        Writer only.
        """
        unique, sums = _summed(rows, changes)
        index = torch.from_numpy(unique).to(self.device)
        values = self.values.index_select(0, index) + sums
        with self.lock:
            self.values.index_copy_(0, index, values)
            self.version += 1

    def add_to_keys(self, rows: I64, changes: Tensor) -> MovedKeys:
        """Add ``changes`` float32[N, D] to the keys of ``rows`` int64[N]; duplicates accumulate.

        Writer only.
        """
        unique, sums = _summed(rows, changes)
        index = torch.from_numpy(unique).to(self.device)
        keys = self.keys.index_select(0, index) + sums
        norms_sq = keys.square().sum(-1)
        per_hold = max(1, MAX_HOLD_BYTES // (4 * self.key_size))
        for start in range(0, len(unique), per_hold):
            part = slice(start, start + per_hold)
            with self.lock:
                self.keys.index_copy_(0, index[part], keys[part])
                self.norms_sq.index_copy_(0, index[part], norms_sq[part])
                self.version += 1
        return MovedKeys(unique, keys, norms_sq, sums.square().sum(-1).sqrt())


def _summed(rows: I64, changes: Tensor) -> tuple[I64, Tensor]:
    """Each row once, ascending, with the sum of its changes."""
    unique, inverse = np.unique(rows, return_inverse=True)
    sums = torch.zeros(len(unique), *changes.shape[1:], dtype=changes.dtype, device=changes.device)
    sums.index_add_(0, torch.from_numpy(inverse.reshape(-1)).to(changes.device), changes)
    return unique, sums
