"""An axis that holds still: grows at once to round numbers, shrinks late. No Qt here."""

from __future__ import annotations

import math
from typing import Final

SHRINK_AFTER_S: Final = 6.0
SHRINK_BELOW: Final = 0.5  # of the present span
_ROUND_NUMBERS: Final = (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0)


class ValueScale:
    """Limits ``low <= 0 <= high`` for values that change many times a second."""

    def __init__(self) -> None:
        self.low = 0.0
        self.high = 1.0
        self._is_fresh = True
        self._small_since_s: float | None = None

    def fit(self, low: float, high: float, now_s: float) -> bool:
        """Make room for ``low .. high`` and zero; True when the limits changed.

        Shrinks only after less than half the span was enough for ``SHRINK_AFTER_S`` seconds.
        """
        wanted_low, wanted_high = -rounded_up(max(-low, 0.0)), rounded_up(max(high, 0.0))
        if wanted_high == 0.0 and wanted_low == 0.0:
            wanted_high = 1.0
        if self._is_fresh:
            self._is_fresh = False
            return self._set(wanted_low, wanted_high)
        if (wanted_high - wanted_low) < SHRINK_BELOW * (self.high - self.low):
            if self._small_since_s is None:
                self._small_since_s = now_s
            if now_s - self._small_since_s >= SHRINK_AFTER_S:
                return self._set(wanted_low, wanted_high)
        else:
            self._small_since_s = None
        return self._set(
            min(self.low, wanted_low), max(self.high, wanted_high), self._small_since_s
        )

    def position(self, value: float) -> float:
        """Where ``value`` lies between the limits: 0 at low, 1 at high, kept inside."""
        if not math.isfinite(value):
            value = 0.0
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def _set(self, low: float, high: float, small_since_s: float | None = None) -> bool:
        is_changed = (low, high) != (self.low, self.high)
        self.low, self.high, self._small_since_s = low, high, small_since_s
        return is_changed


def rounded_up(size: float) -> float:
    """The next round number (1, 1.5, 2, 3, 5, 7.5 times a power of ten) at or above ``size``."""
    if not math.isfinite(size) or size < 1e-12:
        return 0.0
    power = 10.0 ** math.floor(math.log10(size))
    for number in _ROUND_NUMBERS:
        if size <= number * power * (1 + 1e-9):
            return number * power
    return 10.0 * power
