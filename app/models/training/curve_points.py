"""Long series cut down to what a screen can show, and their running mean. No Qt here."""

from __future__ import annotations

import numpy as np

from nec_engine.messages import F64, I64


def thinned(x: F64, y: F64, num_buckets: int) -> tuple[F64, F64]:
    """About ``2 * num_buckets`` of the points: the lowest and highest of each run of equally many.

    The order stays, and so do both extremes. Every y must be a number: see :func:`numbers_only`.
    """
    length = len(y) // num_buckets
    if length < 3:
        return x, y
    kept = _extremes(y, length)
    return x[kept], y[kept]


def every_nth(x: F64, y: F64, most: int) -> tuple[F64, F64]:
    """At most ``most`` points, evenly picked so that the spread stays true; the newest is kept."""
    nth = max(-(-len(y) // most), 1)
    return x[::-nth][::-1], y[::-nth][::-1]


def numbers_only(x: F64, y: F64) -> tuple[F64, F64]:
    """The points both of whose coordinates are finite."""
    is_number = np.isfinite(y) & np.isfinite(x)
    return (x, y) if is_number.all() else (x[is_number], y[is_number])


def within(x: F64, y: F64, low: float, high: float) -> tuple[F64, F64]:
    """The points between ``low`` and ``high`` and one beyond each; ``x`` must not decrease."""
    first = max(int(np.searchsorted(x, low)) - 1, 0)
    last = min(int(np.searchsorted(x, high, side="right")) + 1, len(x))
    return x[first:last], y[first:last]


def running_mean(y: F64, window: int) -> F64:
    """float64[N]: the mean of each value and up to ``window - 1`` before it."""
    if not len(y):
        return y
    sums = np.concatenate([[0.0], np.cumsum(y)])
    ends = np.arange(1, len(y) + 1)
    starts = np.maximum(ends - window, 0)
    means: F64 = (sums[ends] - sums[starts]) / (ends - starts)
    return means


def _extremes(y: F64, length: int) -> I64:
    """Places of the lowest and the highest value in each run of ``length``, in order."""
    num_full = len(y) // length
    runs = y[: num_full * length].reshape(num_full, length)
    first = np.arange(num_full) * length
    places = [first + runs.argmin(axis=1), first + runs.argmax(axis=1)]
    rest = y[num_full * length :]
    if len(rest):
        places.append(num_full * length + np.array([rest.argmin(), rest.argmax()]))
    return np.unique(np.concatenate(places))
