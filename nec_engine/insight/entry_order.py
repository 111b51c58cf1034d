"""Which entries pass a filter, and in which order: millions of rows, in parts of some milliseconds.

Everything here is a generator: each ``None`` is the end of a part, at which whoever drives it may
do other things. numpy lets the interpreter go while it compares and sorts.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from nec_engine.messages import F32, I32, Column, EntryColumns, EntryFilter, Limits

ROWS_PER_SORT: Final = 100_000  # about 10 ms
PIVOTS_PER_BUCKET: Final = 64  # sampled, so that buckets come out alike

Values = npt.NDArray[Any]
Parts = Generator[None, None, I32]


def values_of(columns: EntryColumns, column: Column) -> Values:
    """A number for each entry, [N]: what is shown of it, what limits are compared with.

    Distances are no column of the memory; they are made for one key at a time.
    """
    match column:
        case Column.ACTION:
            sizes = np.diff(columns.starts)
            return np.repeat(np.arange(len(sizes), dtype=np.int16), sizes)
        case Column.VALUE:
            return columns.values
        case Column.AGE:
            # What was written since the clock was read is as old as nothing.
            return np.maximum(columns.clock - columns.clocks, 0)
        case Column.RETRIEVALS:
            return columns.num_retrievals
        case Column.IDLE:
            return np.maximum(columns.stamp - columns.stamps, 0)
        case Column.UPDATES:
            return columns.num_updates
        case Column.ORIGIN:
            return columns.origins
        case Column.EPISODE:
            return columns.episodes
        case Column.STEP:
            return columns.steps
        case Column.DISTANCE:
            raise ValueError("distances are not a column of the memory")


def passing(columns: EntryColumns, entry_filter: EntryFilter) -> Parts:
    """Rows int32[M] within all limits but those of the distance, rising."""
    rows: I32 = np.arange(len(columns), dtype=np.int32)
    is_all = True
    for column, limits in entry_filter.limits.items():
        if column is Column.DISTANCE:
            continue
        values = values_of(columns, column)
        yield
        is_within = within(values if is_all else values[rows], limits)
        rows = np.flatnonzero(is_within).astype(np.int32) if is_all else rows[is_within]
        is_all = False
        yield
    return rows


def within(values: Values, limits: Limits) -> npt.NDArray[np.bool_]:
    """Which values lie between the limits, both included."""
    is_within: npt.NDArray[np.bool_] = (values >= limits.low) & (values <= limits.high)
    return is_within


def extents(columns: EntryColumns) -> Generator[None, None, dict[Column, Limits]]:
    """Least and largest of each column; nothing when there are no entries."""
    found: dict[Column, Limits] = {}
    for column in Column:
        if column is not Column.DISTANCE and len(columns):
            values = values_of(columns, column)
            found[column] = Limits(float(values.min()), float(values.max()))
            yield
    return found


def ordered(
    columns: EntryColumns,
    rows: I32,
    sort: Column,
    distances_sq: F32 | None = None,
    *,
    is_descending: bool = False,
) -> Parts:
    """Places in ``rows`` int32[M], sorted; among equals those of an episode as they were played.

    ``distances_sq`` float32[M] is of ``rows``; without it ``sort`` may not be the distance.
    """
    if sort is Column.DISTANCE:
        assert distances_sq is not None
        keys: Values = distances_sq
    elif sort is Column.EPISODE:
        # A moment in one number. Steps stay below 2 ** 22, episodes of live games below 2 ** 41.
        keys = (columns.episodes[rows] << 22) + columns.steps[rows]
    else:
        keys = values_of(columns, sort)[rows]
    yield
    if keys.dtype.kind == "u":
        keys = keys.astype(np.int16)
    order = yield from order_in_parts(-keys if is_descending else keys)
    return order


def order_in_parts(keys: Values) -> Parts:
    """``np.argsort(keys, kind="stable")`` as int32[M], a bucket at a time.

    Sampled pivots part the keys into buckets that are sorted one by one (sample sort).
    """
    num_buckets = -(-len(keys) // ROWS_PER_SORT)
    if num_buckets <= 1:
        return np.argsort(keys, kind="stable").astype(np.int32)
    sample = np.sort(keys[:: max(1, len(keys) // (num_buckets * PIVOTS_PER_BUCKET))])
    pivots = np.unique(sample[np.arange(1, num_buckets) * len(sample) // num_buckets])
    buckets = np.empty(len(keys), np.uint8 if num_buckets < 256 else np.uint16)
    for first in range(0, len(keys), ROWS_PER_SORT):
        part = slice(first, first + ROWS_PER_SORT)
        buckets[part] = np.searchsorted(pivots, keys[part], side="right")
        yield
    order = np.empty(len(keys), np.int32)
    filled = 0
    for bucket in range(len(pivots) + 1):
        places = np.flatnonzero(buckets == bucket).astype(np.int32)
        yield
        order[filled : filled + len(places)] = places[np.argsort(keys[places], kind="stable")]
        filled += len(places)
        yield
    return order
