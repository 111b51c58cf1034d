"""Which slot holds which entry, and which slot is given up when there is no room.

One action's bookkeeping on the host. Only the trainer's thread changes it; others may look an
entry up or copy stamps, and get what is true at that moment.
"""

from __future__ import annotations

from collections import deque
from itertools import repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nec_engine.messages import I64, U8

NEVER = np.iinfo(np.int64).max
EVICTION_SHARE = 64  # one 64th of the slots is ranked at a time, at least 64


class Placed(NamedTuple):
    """Where an entry goes."""

    slot: int
    is_new: bool  # it was not there
    is_evicting: bool  # another entry had this slot


class Slots:
    """An identity -> slot map with ``capacity`` room; evicts the least recently retrieved slot.

    What identifies an entry (its state's hash, as a rule) is for the writer to say.

    Every write and every retrieval stamps a slot with a number that never decreases. The slot
    with the smallest stamp goes first, among equals the lowest slot; a pinned one never does, as
    long as there is another.
    """

    def __init__(self, stamps: I64, num_retrievals: I64, is_pinned: U8 | None = None) -> None:
        """All [capacity]; stamps and retrievals are kept up here and by whoever notes retrievals
        in them, ``is_pinned`` elsewhere (:meth:`forget_order` is called then)."""
        self.capacity = len(stamps)
        self.size = 0
        self.stamps, self.num_retrievals = stamps, num_retrievals  # last retrieved or written
        self._is_pinned = np.zeros(self.capacity, np.uint8) if is_pinned is None else is_pinned
        self._slot_by_identity: dict[int, int] = {}
        self._identity_by_slot = np.empty(self.capacity, np.uint64)
        self._queue: deque[tuple[int, int]] = deque()  # (slot, stamp), least recent first

    def find(self, identity: int) -> int | None:
        """The slot of this entry, or None."""
        return self._slot_by_identity.get(identity)

    def find_all(self, identities: npt.NDArray[np.uint64]) -> I64:
        """The slots int64[N] of these entries; -1 for one that is not there."""
        found = map(self._slot_by_identity.get, identities.tolist(), repeat(-1))
        return np.fromiter(found, np.int64, len(identities))

    def place(self, identity: int, stamp: int) -> Placed:
        """The slot in which this entry is, or from now on is; stamped."""
        slot = self._slot_by_identity.get(identity)
        if slot is not None:
            self.stamps[slot] = stamp
            return Placed(slot, False, False)
        is_evicting = self.size == self.capacity
        if is_evicting:
            slot = self._least_recent()
            del self._slot_by_identity[int(self._identity_by_slot[slot])]
        else:
            slot = self.size
            self.size += 1
        self._slot_by_identity[identity] = slot
        self._identity_by_slot[slot] = identity
        self.stamps[slot] = stamp
        self.num_retrievals[slot] = 0
        return Placed(slot, True, is_evicting)

    def identities(self, slots: I64) -> npt.NDArray[np.uint64]:
        """Which entries are in these slots, uint64[N]."""
        return self._identity_by_slot[slots]

    def remove(self, slots: I64, holes: I64, movers: I64) -> None:
        """Give up the entries of ``slots``; those of ``movers``, the last, go to ``holes``."""
        for identity in self._identity_by_slot[slots].tolist():
            del self._slot_by_identity[identity]
        self._move(movers, holes)
        self.size -= len(slots)
        self.forget_order()

    def insert(
        self, identities: npt.NDArray[np.uint64], slots: I64, occupants: I64, places: I64
    ) -> None:
        """Take in new entries at ``slots``, whose ``occupants`` go to ``places`` before."""
        self._move(occupants, places)
        self._identity_by_slot[slots] = identities
        self._slot_by_identity.update(zip(identities.tolist(), slots.tolist(), strict=True))
        self.size += len(slots)
        self.forget_order()

    def forget_order(self) -> None:
        """Stamps, places or pins were changed otherwise than by writes and retrievals."""
        self._queue.clear()

    def _move(self, slots: I64, places: I64) -> None:
        identities = self._identity_by_slot[slots]
        self._identity_by_slot[places] = identities
        self._slot_by_identity.update(zip(identities.tolist(), places.tolist(), strict=True))
        self.stamps[places] = self.stamps[slots]
        self.num_retrievals[places] = self.num_retrievals[slots]

    def _least_recent(self) -> int:
        """The slot with the smallest (stamp, slot), in constant time but for a rare ranking.

        The queue was the front of that order when it was made. Stamps only grow, so a slot
        whose stamp is still the queued one is still in front of all that are not queued.
        """
        while True:
            while self._queue:
                slot, stamp = self._queue.popleft()
                if self.stamps[slot] == stamp:
                    return slot
            self._rank()

    def _rank(self) -> None:
        stamps = self.stamps[: self.size]
        is_pinned = self._is_pinned[: self.size] > 0
        num_free = self.size - int(np.count_nonzero(is_pinned))
        if 0 < num_free < self.size:
            stamps = np.where(is_pinned, NEVER, stamps)
        else:  # none is pinned, or a memory with less room than before holds nothing else
            num_free = self.size
        num = min(num_free, max(64, self.size // EVICTION_SHARE))
        # All that share the last stamp come along, or a tie could be broken the wrong way.
        last = np.partition(stamps, num - 1)[num - 1]
        slots = np.flatnonzero(stamps <= last)
        order = slots[np.argsort(stamps[slots], kind="stable")]
        self._queue.extend(zip(order.tolist(), stamps[order].tolist(), strict=True))

    def restore(self, identities: np.ndarray, stamps: I64, num_retrievals: I64) -> None:
        """Hold exactly these entries, in slots 0, 1, 2 ..."""
        self.size = len(identities)
        self._identity_by_slot[: self.size] = identities
        self.stamps[: self.size] = stamps
        self.num_retrievals[: self.size] = num_retrievals
        self._slot_by_identity = dict(zip(identities.tolist(), range(self.size), strict=True))
        self._queue.clear()

    def check_valid(self) -> list[str]:
        """What is wrong with the map, in words."""
        problems = []
        if len(self._slot_by_identity) != self.size:
            problems.append(f"{len(self._slot_by_identity)} entries in {self.size} slots")
        for identity, slot in self._slot_by_identity.items():
            if not 0 <= slot < self.size or int(self._identity_by_slot[slot]) != identity:
                problems.append(f"entry {identity:#x} is not in slot {slot}")
        return problems
