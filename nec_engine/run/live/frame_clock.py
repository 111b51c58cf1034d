"""When frames are due, and how many there were: the live thread's clock."""

from __future__ import annotations

import time


class FrameClock:
    """When the next frame is due: an even beat of 60 x speed, restarted after a stall."""

    def __init__(self) -> None:
        self._next_due_s = 0.0

    def next_due(self, speed: float) -> float:
        """perf_counter() at which the next frame belongs on the screen; now, at speed inf."""
        now_s = time.perf_counter()
        if speed == float("inf"):
            self._next_due_s = now_s
            return now_s
        period_s = 1.0 / (60.0 * speed)
        due_s = self._next_due_s + period_s
        if due_s < now_s - 0.1 or due_s > now_s + period_s + 0.1:
            due_s = now_s
        self._next_due_s = due_s
        return due_s


class FrameRate:
    """Emulator frames a second over the last second or so."""

    def __init__(self) -> None:
        self._count = 0
        self._since_s = time.perf_counter()
        self._rate = 0.0

    def count(self) -> None:
        self._count += 1

    def now(self) -> float:
        now_s = time.perf_counter()
        if now_s - self._since_s >= 0.8:
            self._rate = self._count / (now_s - self._since_s)
            self._count, self._since_s = 0, now_s
        return self._rate
