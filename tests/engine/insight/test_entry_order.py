"""Filters and orders over columns, against numpy in one go."""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nec_engine.insight import entry_order
from nec_engine.insight.entry_order import extents, order_in_parts, ordered, passing, values_of
from nec_engine.messages import Column, EntryColumns, EntryFilter, Limits

KEPT = [column for column in Column if column is not Column.DISTANCE]


def drained(parts: Generator[None, None, Any]) -> tuple[Any, int]:
    """What a generator returns, and in how many parts it was made."""
    num = 1
    while True:
        try:
            next(parts)
        except StopIteration as end:
            return end.value, num
        num += 1


def made_columns(num: int, num_actions: int = 6, seed: int = 1) -> EntryColumns:
    rng = np.random.default_rng(seed)
    return EntryColumns(
        starts=np.linspace(0, num, num_actions + 1).astype(np.int64),
        clock=1_000_000,
        stamp=3_000_000,
        values=rng.normal(size=num).astype(np.float32),
        clocks=rng.integers(0, 1_000_000, num),
        stamps=rng.integers(0, 3_000_000, num),
        num_retrievals=rng.integers(0, 500, num, np.int32),
        num_updates=rng.integers(0, 6, num, np.int32),
        origins=rng.integers(0, 4, num, np.uint8),
        episodes=rng.choice([3, 40, 1 << 40], num),
        steps=rng.integers(0, 27_000, num, np.int32),
        state_hashes=rng.integers(0, 2**63, num).astype(np.uint64),
    )


@given(
    keys=hnp.arrays(
        st.sampled_from([np.int16, np.int64, np.float32]),
        st.integers(0, 60),
        elements=st.integers(-3, 3),
    ),
    rows_per_sort=st.integers(1, 20),
)
def test_an_order_made_in_parts_is_the_stable_order(
    keys: npt.NDArray[Any], rows_per_sort: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(entry_order, "ROWS_PER_SORT", rows_per_sort)
        order, _ = drained(order_in_parts(keys))
    assert np.array_equal(order, np.argsort(keys, kind="stable"))


@pytest.mark.parametrize("column", KEPT)
@pytest.mark.parametrize("is_descending", [False, True])
def test_rows_are_sorted_by_any_column_either_way(column: Column, is_descending: bool) -> None:
    columns = made_columns(500)
    rows = np.arange(0, 500, 3, dtype=np.int32)
    order, _ = drained(ordered(columns, rows, column, is_descending=is_descending))
    values = values_of(columns, column)[rows[order]].astype(np.float64)
    assert sorted(order.tolist()) == list(range(len(rows)))
    assert (np.diff(-values if is_descending else values) >= 0).all()


def test_entries_of_one_episode_stand_in_the_order_they_were_played() -> None:
    columns = made_columns(300)
    order, _ = drained(ordered(columns, np.arange(300, dtype=np.int32), Column.EPISODE))
    for episode in (3, 40, 1 << 40):
        steps = columns.steps[order][columns.episodes[order] == episode]
        assert (np.diff(steps) >= 0).all()


@pytest.mark.parametrize("column", KEPT)
def test_any_column_can_be_filtered_by(column: Column) -> None:
    columns = made_columns(400)
    values = values_of(columns, column)
    low, high = np.quantile(values, [0.2, 0.7])
    rows, _ = drained(passing(columns, EntryFilter({column: Limits(low, high)})))
    assert rows.tolist() == np.flatnonzero((values >= low) & (values <= high)).tolist()
    assert 0 < len(rows) < 400


def test_several_conditions_hold_at_once_and_none_means_all() -> None:
    columns = made_columns(400)
    entry_filter = EntryFilter().with_limits(Column.ACTION, Limits(2, 2))
    entry_filter = entry_filter.with_limits(Column.VALUE, Limits(low=0.0))
    rows, _ = drained(passing(columns, entry_filter))
    start, end = columns.starts[2], columns.starts[3]
    assert rows.tolist() == [row for row in range(start, end) if columns.values[row] >= 0]
    for column in (Column.ACTION, Column.VALUE):
        entry_filter = entry_filter.with_limits(column, None)
    rows, _ = drained(passing(columns, entry_filter))
    assert rows.tolist() == list(range(400))


def test_the_least_and_largest_of_each_column_are_known() -> None:
    columns = made_columns(200)
    found, _ = drained(extents(columns))
    assert found.keys() == set(KEPT)
    assert found[Column.VALUE] == Limits(columns.values.min(), columns.values.max())
    assert found[Column.AGE].low == 1_000_000 - columns.clocks.max()
    assert drained(extents(made_columns(0)))[0] == {}


def test_three_million_entries_are_filtered_and_sorted_in_many_short_parts() -> None:
    columns = made_columns(3_000_000)
    rows, _ = drained(passing(columns, EntryFilter({Column.ORIGIN: Limits(0, 2)})))
    assert len(rows) == pytest.approx(2_250_000, rel=0.01)
    order, num_parts = drained(ordered(columns, rows, Column.VALUE, is_descending=True))
    assert num_parts > 30
    assert (np.diff(columns.values[rows[order]]) <= 0).all()
    assert order.dtype == rows.dtype == np.int32


def test_what_was_written_since_the_clock_was_read_is_as_new_as_can_be() -> None:
    columns = dataclasses.replace(made_columns(100), clock=500_000, stamp=1_000_000)
    for column, moments, now in (
        (Column.AGE, columns.clocks, columns.clock),
        (Column.IDLE, columns.stamps, columns.stamp),
    ):
        values = values_of(columns, column)
        assert (moments > now).any()
        assert values.min() == 0
        np.testing.assert_array_equal(values[moments <= now], (now - moments)[moments <= now])
