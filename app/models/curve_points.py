"""Long series cut down to what a screen can show, and their running mean. No Qt here."""

from __future__ import annotations

import numpy as np

from nec_engine.messages import F64


def thinned(x: F64, y: F64, num_buckets: int) -> tuple[F64, F64]:
    """At most ``2 * num_buckets`` of the points: the lowest and highest of each run of equally many.

    Points whose y is not a number are left out; the order stays, and so do both extremes.
    """
    is_number = np.isfinite(y) & np.isfinite(x)
    if not is_number.all():
        x, y = x[is_number], y[is_number]
    size = len(y)
    if size <= 2 * num_buckets:
        return x, y
    starts = np.linspace(0, size, num_buckets, endpoint=False).astype(np.int64)
    bucket_of = np.repeat(np.arange(num_buckets), np.diff(np.append(starts, size)))
    by_y = np.lexsort((y, bucket_of))  # within each bucket from lowest to highest
    ends = np.append(starts[1:], size) - 1
    kept = np.unique(np.concatenate([by_y[starts], by_y[ends]]))
    return x[kept], y[kept]


def within(x: F64, y: F64, low: float, high: float) -> tuple[F64, F64]:
    """The points between ``low`` and ``high`` and one beyond each; ``x`` must not decrease."""
    first = max(int(np.searchsorted(x, low)) - 1, 0)
    last = min(int(np.searchsorted(x, high, side="right")) + 1, len(x))
    return x[first:last], y[first:last]


def running_mean(y: F64, window: int) -> F64:
    """float64[N]: the mean of each value and up to ``window - 1`` before it."""
    if not len(y):
        return y
    sums = np.cumsum(np.insert(y, 0, 0.0))
    ends = np.arange(1, len(y) + 1)
    starts = np.maximum(ends - window, 0)
    means: F64 = (sums[ends] - sums[starts]) / (ends - starts)
    return means
