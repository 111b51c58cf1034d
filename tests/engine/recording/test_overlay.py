"""The strip tells every action's Q, and which one was done."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.messages import U8, Choice, Decision
from nec_engine.recording.canvas import STRIP_WIDTH
from nec_engine.recording.overlay import (
    _HEAD,
    _MARGIN,
    _MAX_ROW,
    NEGATIVE,
    POSITIVE,
    ROW_CHOSEN,
    _range,
    q_strip,
    short_number,
)

Decide = Callable[..., Decision]


def rows_of(strip: U8, num_actions: int) -> list[U8]:
    """The strip cut into one piece an action."""
    height = min(_MAX_ROW, (strip.shape[0] - _HEAD - _MARGIN) / num_actions)
    edges = [round(_HEAD + i * height) for i in range(num_actions + 1)]
    return [strip[top:bottom] for top, bottom in itertools.pairwise(edges)]


def bar_length(row: U8, colour: tuple[int, int, int]) -> int:
    """Pixels of ``colour`` in the middle line of a row."""
    return int((row[len(row) // 2] == colour).all(-1).sum())


@pytest.mark.parametrize("num_actions", [1, 3, 6, 9, 18])
@pytest.mark.parametrize("height", [420, 500])
def test_every_number_of_actions_fits(decide: Decide, num_actions: int, height: int) -> None:
    q_values = [(-1.0) ** i * (i + 1) for i in range(num_actions)]
    strip = q_strip(decide(q_values, 0), height, caption="AGENT", action=None)
    assert strip.shape == (height, STRIP_WIDTH, 3)
    rows = rows_of(strip, num_actions)
    lengths = [bar_length(row, POSITIVE) - bar_length(row, NEGATIVE) for row in rows]
    assert np.array_equal(np.argsort(lengths), np.argsort(q_values))
    assert np.array_equal(np.sign(lengths), np.sign(q_values))


def test_the_action_really_done_is_marked(decide: Decide) -> None:
    decision = decide([1.0, 2.0, 3.0], 2)
    for action, marked in ((None, 2), (0, 0)):
        rows = rows_of(q_strip(decision, 420, caption="", action=action), 3)
        assert [tuple(row[2, 1]) == ROW_CHOSEN for row in rows] == [i == marked for i in range(3)]


def test_an_action_without_entries_has_no_bar(decide: Decide) -> None:
    rows = rows_of(q_strip(decide([5.0, 5.0], 0, empty=[1]), 420, caption="", action=None), 2)
    assert bar_length(rows[0], POSITIVE) > 50
    assert bar_length(rows[1], POSITIVE) == 0


def test_every_reason_has_words_of_its_own(decide: Decide) -> None:
    decisions = [None, *(decide([1.0, 2.0], 0, choice=choice) for choice in Choice)]
    heads = {
        q_strip(decision, 420, caption="YOU", action=None)[:_HEAD].tobytes()
        for decision in decisions
    }
    assert len(heads) == len(decisions)


def test_any_text_can_be_drawn(decide: Decide) -> None:
    q_strip(decide([1.0], 0), 420, caption="Pokémon – 日本 " * 20, action=None)


@given(st.floats(-1e30, 1e30))
def test_numbers_are_short(value: float) -> None:
    assert len(short_number(value)) <= 8
    assert float(short_number(value)) == pytest.approx(value, rel=0.06, abs=0.006)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=18))
def test_the_axis_holds_zero_and_every_value(q_values: list[float]) -> None:
    low, high = _range(q_values)
    assert low < high
    assert low <= 0 <= high
    slack = 1e-6 + 1e-8 * (high - low)
    assert all(low - slack <= q <= high + slack for q in q_values)
