"""The entries that an index does not know, or knows in a wrong place: searched exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.index.exact import NUM_SPARE, nearest_rows
from nec_engine.messages import F32, I64

FIRST_ROOM = 1024
FEW = 256  # slots times queries; to choose among so many takes longer than to measure them


class TailView(NamedTuple):
    """A tail as it was at one moment: the first ``size`` places never move."""

    slots: I64  # [room]
    keys: Tensor  # float32[room, D]
    norms_sq: Tensor  # float32[room]
    centre: Tensor  # float32[D], from which the norms are taken
    places: npt.NDArray[np.int32]  # [capacity]: place of each slot, -1 none; may be newer
    size: int

    def contains(self, slots: I64) -> npt.NDArray[np.bool_]:
        """Which of these slots (any shape; -1 is none) :meth:`search` looks at."""
        places = self.places[slots]
        found: npt.NDArray[np.bool_] = (places >= 0) & (places < self.size) & (slots >= 0)
        return found

    def search(self, queries: Tensor, num: int) -> I64:
        """int64[B, N >= min(size, num)]: the slots in it that are nearest to each query.

        Of few, all: they are measured exactly anyway.
        """
        if self.size <= num + NUM_SPARE or self.size * len(queries) <= FEW:
            return np.broadcast_to(self.slots[: self.size], (len(queries), self.size))
        keys, norms_sq = self.keys[: self.size], self.norms_sq[: self.size]
        return self.slots[nearest_rows(queries - self.centre, keys, norms_sq, num)]


class Tail:
    """Slots that were written, or moved too far by gradients, since an index's keys were copied.

    Or that a graph does not give back.

    It keeps its own side-by-side copy of their keys, because those in the memory lie scattered.
    A slot is in it at most once; when its key changes again the copy follows. The trainer's
    thread adds; any thread searches what was published before it began. A reader that meets a
    key while it changes may misjudge that candidate, no more: the memory measures it again.
    """

    def __init__(self, capacity: int, centre: Tensor) -> None:
        """For slots 0 .. capacity - 1; ``centre`` float32[D] is the memory's own."""
        key_size, device = len(centre), centre.device
        self._places: npt.NDArray[np.int32] = np.full(capacity, -1, np.int32)
        # How far each other slot's key may be from where the index has it (at most so far).
        self._shifts: F32 = np.zeros(capacity, np.float32)
        self._view = TailView(
            np.empty(FIRST_ROOM, np.int64),
            torch.empty(FIRST_ROOM, key_size, device=device),
            torch.empty(FIRST_ROOM, device=device),
            centre,
            self._places,
            0,
        )

    def __len__(self) -> int:
        return self._view.size

    @property
    def slots(self) -> I64:
        """int64[size], in the order in which they came: a view."""
        return self._view.slots[: self._view.size]

    def shifts(self, size: int) -> F32:
        """float32[size]: how far the keys of slots 0 .. size - 1 may have moved; a view."""
        return self._shifts[:size]

    @property
    def view(self) -> TailView:
        """What may be searched now. Any thread."""
        return self._view

    def add(self, slots: I64, keys: Tensor, norms_sq: Tensor) -> None:
        """These slots int64[N], each once, now have these keys. Trainer only."""
        places = self._places[slots]
        is_known = places >= 0
        if is_known.any():
            known = torch.from_numpy(is_known).to(keys.device)
            self._put(places[is_known].astype(np.int64), keys[known], norms_sq[known])
            new = ~known
            slots, keys, norms_sq = slots[~is_known], keys[new], norms_sq[new]
        num = len(slots)
        if num == 0:
            return
        size = self._view.size
        self._make_room(size + num)
        view = self._view
        view.slots[size : size + num] = slots
        view.keys[size : size + num] = keys
        view.norms_sq[size : size + num] = norms_sq
        self._places[slots] = np.arange(size, size + num)
        self._view = view._replace(size=size + num)

    def note_moved(
        self, slots: I64, keys: Tensor, norms_sq: Tensor, shifts: F32, limits: F32
    ) -> None:
        """The keys of these slots int64[N], each once, moved by ``shifts`` float32[N] to ``keys``.

        A slot joins when all its shifts together exceed its limit float32[N]. Trainer only.
        """
        self._shifts[slots] += shifts
        joins = (self._places[slots] >= 0) | (self._shifts[slots] > limits)
        if joins.any():
            where = torch.from_numpy(joins).to(keys.device)
            self.add(slots[joins], keys[where], norms_sq[where])

    def remove(self, slots: I64) -> None:
        """These slots int64[N] hold nothing any more. Trainer only.

        What is left goes into new arrays: a reader may still be searching the old ones.
        """
        self._shifts[slots] = 0
        places = self._places[slots]
        if not (places >= 0).any():
            return
        view = self._view
        is_left = np.ones(view.size, np.bool_)
        is_left[places[places >= 0]] = False
        left = np.flatnonzero(is_left)
        at = torch.from_numpy(left).to(view.keys.device)
        kept = view.slots[left]
        self._places = np.full(len(self._places), -1, np.int32)
        self._places[kept] = np.arange(len(kept))
        self._view = view._replace(
            slots=kept,
            keys=view.keys[at],
            norms_sq=view.norms_sq[at],
            places=self._places,
            size=len(kept),
        )

    def restore(self, slots: I64, shifts: F32, keys: Tensor, norms_sq: Tensor) -> None:
        """Hold exactly ``slots`` in that order, with the shifts of slots 0 .. len(shifts) - 1."""
        self._places[:] = -1
        self._shifts[:] = 0
        self._shifts[: len(shifts)] = shifts
        self._view = self._view._replace(size=0)
        self.add(slots, keys, norms_sq)

    def _put(self, places: I64, keys: Tensor, norms_sq: Tensor) -> None:
        index = torch.from_numpy(places).to(keys.device)
        self._view.keys.index_copy_(0, index, keys)
        self._view.norms_sq.index_copy_(0, index, norms_sq)

    def _make_room(self, size: int) -> None:
        """Grow into new arrays: a reader may still be searching the old ones."""
        view = self._view
        if size <= len(view.slots):
            return
        room, filled = max(size, 2 * len(view.slots)), view.size
        slots = np.empty(room, np.int64)
        keys = torch.empty(room, view.keys.shape[1], device=view.keys.device)
        norms_sq = torch.empty(room, device=view.keys.device)
        slots[:filled] = view.slots[:filled]
        keys[:filled] = view.keys[:filled]
        norms_sq[:filled] = view.norms_sq[:filled]
        self._view = view._replace(slots=slots, keys=keys, norms_sq=norms_sq)
