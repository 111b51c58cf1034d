"""Small tools for figures: rates, spreads, and the time that is left."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

PERCENTILES: Final = (50, 95, 99)


class Budget:
    """How much of the promised time is left."""

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._start_s = time.perf_counter()

    @property
    def spent_s(self) -> float:
        return time.perf_counter() - self._start_s

    def allows(self, seconds: float) -> bool:
        """Whether something that takes so long still fits."""
        return self.spent_s + seconds <= self._limit_s


def rate_per_s(
    act: Callable[[], object], *, least_s: float, least_calls: int = 20, most_s: float = 60.0
) -> float:
    """Calls a second, over at least ``least_s`` and ``least_calls``, but not beyond ``most_s``."""
    start_s = time.perf_counter()
    num_calls = 0
    while True:
        act()
        num_calls += 1
        took_s = time.perf_counter() - start_s
        if took_s >= most_s or (took_s >= least_s and num_calls >= least_calls):
            return num_calls / took_s


def spread(values_ms: Sequence[float]) -> dict[str, float] | None:
    """p50, p95, p99 and max; None of nothing."""
    if not values_ms:
        return None
    cuts = np.percentile(values_ms, PERCENTILES)
    named = {f"p{cut}": float(value) for cut, value in zip(PERCENTILES, cuts, strict=True)}
    return rounded(named | {"max": float(max(values_ms))})


def growth_exponent(time_by_size: Mapping[int, float]) -> float | None:
    """Slope of log(seconds) over log(size): 0 does not depend on the size, 1 is proportional.

    Between the smallest and the largest size; None with fewer than two.
    """
    if len(time_by_size) < 2:
        return None
    small, large = min(time_by_size), max(time_by_size)
    return math.log(time_by_size[large] / time_by_size[small]) / math.log(large / small)


def rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Four significant digits: more would be noise."""
    return {name: round_figure(value) for name, value in figures.items()}


def round_figure(value: float) -> float:
    return float(f"{value:.4g}")
