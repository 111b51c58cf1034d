"""Running figures of a training run."""

from __future__ import annotations

import time
from collections import deque


class RunningMean:
    """Exponential mean of a stream; None before the first value."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self.value: float | None = None

    def add(self, value: float) -> None:
        self.value = value if self.value is None else self.value + self._rate * (value - self.value)


class StepRate:
    """Steps a second over the last seconds, by the wall clock; for showing only."""

    def __init__(self) -> None:
        self._marks: deque[tuple[float, int]] = deque([(time.perf_counter(), 0)], maxlen=64)

    def now(self, num_steps: int) -> float:
        """Rate since a mark 2 to 10 s ago; marks are set by the calls themselves."""
        time_s = time.perf_counter()
        if time_s - self._marks[-1][0] > 0.25:
            self._marks.append((time_s, num_steps))
        while len(self._marks) > 2 and time_s - self._marks[0][0] > 5.0:
            self._marks.popleft()
        past_s, past_steps = self._marks[0]
        return (num_steps - past_steps) / max(time_s - past_s, 1e-3)
