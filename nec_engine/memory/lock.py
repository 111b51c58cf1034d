"""The memory's one lock, which knows how long it was held."""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

import numpy as np

NUM_SAMPLES = 4096


class HoldTimes(NamedTuple):
    """How long the lock was held, over the newest holds and ever."""

    p99_ms: float
    max_ms: float
    num_holds: int


class MeasuredLock:
    """A lock used with ``with``; the time of every hold goes into a ring.

    Any thread may take it. The ring is written while the lock is still held, so it needs no other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken_s = 0.0
        self._holds_s = np.zeros(NUM_SAMPLES)
        self._num_holds = 0
        self._max_s = 0.0

    def __enter__(self) -> None:
        self._lock.acquire()
        self._taken_s = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        hold_s = time.perf_counter() - self._taken_s
        self._holds_s[self._num_holds % NUM_SAMPLES] = hold_s
        self._num_holds += 1
        self._max_s = max(self._max_s, hold_s)
        self._lock.release()

    def hold_times(self) -> HoldTimes:
        """The 99th percentile of the newest 4096 holds, the longest ever, and their number."""
        with self._lock:
            holds_s = self._holds_s[: min(self._num_holds, NUM_SAMPLES)].copy()
            longest_s, num_holds = self._max_s, self._num_holds
        p99_s = float(np.percentile(holds_s, 99)) if holds_s.size else 0.0
        return HoldTimes(p99_s * 1e3, longest_s * 1e3, num_holds)

    def reset(self) -> None:
        """Forget all holds so far."""
        with self._lock:
            self._num_holds, self._max_s = 0, 0.0
