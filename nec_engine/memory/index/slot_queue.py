"""Slots that wait for their turn."""

from __future__ import annotations

from collections import deque

import numpy as np

from nec_engine.messages import I64


class SlotQueue:
    """Slots in the order in which they came, each once. One thread adds, one takes.

    The adder changes a slot before it adds it, and the taker reads it after it has taken it: so no
    change is missed, whichever comes first.
    """

    def __init__(self, capacity: int) -> None:
        """For slots 0 .. capacity - 1."""
        self._is_waiting = np.zeros(capacity, np.bool_)
        self._queue: deque[int] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def add(self, slots: I64) -> None:
        """These slots int64[N], each once, wait from now on."""
        new = slots[~self._is_waiting[slots]]
        self._is_waiting[new] = True
        self._queue.extend(new.tolist())

    def take(self, num: int) -> I64:
        """The ``num`` that have waited the longest, or as many as there are."""
        num = min(num, len(self._queue))
        slots = np.array([self._queue.popleft() for _ in range(num)], np.int64)
        self._is_waiting[slots] = False
        return slots
