"""Conditions as they are written, and in words."""

from __future__ import annotations

import pytest
from made_news import NAMES

from app.models.memory.filter_words import RANGED, filter_text, limit_of, limit_text
from nec_engine.messages import FIRST_LIVE_EPISODE, Column, EntryFilter, Limits


@pytest.mark.parametrize(
    ("column", "text", "limit"),
    [
        (Column.VALUE, "1.5", 1.5),
        (Column.VALUE, "−0.5", -0.5),
        (Column.AGE, " 5k ", 5000),
        (Column.AGE, "1.2M", 1_200_000),
        (Column.RETRIEVALS, "1,200", 1200),
        (Column.EPISODE, "41", 41),
        (Column.EPISODE, "live 3", FIRST_LIVE_EPISODE + 2),
        (Column.DISTANCE, "0.1", pytest.approx(0.01)),
        (Column.STEP, "", None),
    ],
)
def test_a_limit_is_read_as_a_person_writes_it(column: Column, text: str, limit: float) -> None:
    assert limit_of(column, text) == limit


@pytest.mark.parametrize("text", ["many", "1.2.3", "live 3", "k", "-"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text):
        limit_of(Column.VALUE, text)


@pytest.mark.parametrize("column", RANGED)
def test_what_is_shown_of_a_limit_is_read_back_as_the_same(column: Column) -> None:
    assert limit_of(column, limit_text(column, 4.0)) == pytest.approx(4.0)
    assert limit_text(column, float("inf")) == ""


def test_all_conditions_are_told_in_a_few_words() -> None:
    entry_filter = EntryFilter()
    assert filter_text(entry_filter, NAMES) == ""
    for column, limits in (
        (Column.ACTION, Limits(2, 2)),
        (Column.ORIGIN, Limits(1, 1)),
        (Column.VALUE, Limits(1, 3)),
        (Column.RETRIEVALS, Limits(low=5)),
        (Column.AGE, Limits(high=5000)),
        (Column.EPISODE, Limits(41, 41)),
        (Column.STEP, Limits(7, 7)),
    ):
        entry_filter = entry_filter.with_limits(column, limits)
    assert filter_text(entry_filter, NAMES) == (
        "RIGHT, made by person, value 1.00 to 3.00, found from 5, age up to 5.0k, "
        "episode 41, step 7"
    )
