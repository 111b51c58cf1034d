"""The memory's one lock, which knows how long it was held."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from operator import call
from types import TracebackType
from typing import Any, NamedTuple

import numpy as np

NUM_SAMPLES = 4096


class HoldTimes(NamedTuple):
    """How long the lock was held, over the newest holds and ever."""

    p99_ms: float
    max_ms: float
    num_holds: int


class MeasuredLock:
    """A lock whose holds are timed, into a ring. Any thread may take it.

    ``run`` is the way to hold it briefly. In a plain ``with`` the interpreter may hand over to
    another thread half way, and the hold then takes as long as that thread likes: under load 4 ms
    in one of a hundred cases.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken_s = 0.0
        self._holds_s = np.zeros(NUM_SAMPLES)
        self._num_holds = 0
        self._max_s = 0.0

    def run(self, *calls: Callable[[], Any]) -> list[Any]:
        """What each call returns, all made in order during one hold.

        Calls of C functions that keep the GIL (``functools.partial`` of them included) are not
        interrupted: ``map`` makes them without a byte of Python in between, and only there does
        the interpreter hand over.
        """
        steps = (self._lock.acquire, time.perf_counter, *calls, time.perf_counter)
        try:
            results = list(map(call, (*steps, self._lock.release)))
        except BaseException:
            self._lock.release()
            raise
        self._note(results[-2] - results[1])
        return results[2:-2]

    def __enter__(self) -> None:
        self._lock.acquire()
        self._taken_s = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        hold_s = time.perf_counter() - self._taken_s
        self._lock.release()
        self._note(hold_s)

    def hold_times(self) -> HoldTimes:
        """The 99th percentile of the newest 4096 holds, the longest ever, and their number."""
        holds_s = self._holds_s[: min(self._num_holds, NUM_SAMPLES)]
        p99_s = float(np.percentile(holds_s, 99)) if holds_s.size else 0.0
        return HoldTimes(p99_s * 1e3, self._max_s * 1e3, self._num_holds)

    def _note(self, hold_s: float) -> None:
        """Two threads at once may lose a sample, no more."""
        self._holds_s[self._num_holds % NUM_SAMPLES] = hold_s
        self._num_holds += 1
        self._max_s = max(self._max_s, hold_s)
