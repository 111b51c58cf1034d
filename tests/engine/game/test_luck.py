"""Sticky actions."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nec_engine.game.luck import StickyActions


@given(st.lists(st.integers(0, 17), min_size=1), st.integers(0, 2**64 - 1))
def test_without_stickiness_every_action_is_executed_and_no_luck_is_drawn(
    actions: list[int], seed: int
) -> None:
    sticky = StickyActions(0.0, seed)
    assert [sticky.executed(action) for action in actions] == actions
    assert sticky.luck == seed


@given(st.lists(st.integers(0, 17), min_size=1), st.floats(0, 1), st.integers(0, 2**64 - 1))
def test_what_is_executed_is_the_action_or_the_one_executed_before(
    actions: list[int], probability: float, seed: int
) -> None:
    sticky, before = StickyActions(probability, seed), 0
    for action in actions:
        executed = sticky.executed(action)
        assert executed in (action, before)
        before = executed


@given(st.integers(0, 2**64 - 1), st.lists(st.integers(0, 17), min_size=2))
def test_luck_and_last_action_are_all_there_is_to_save(seed: int, actions: list[int]) -> None:
    first = StickyActions(0.25, seed)
    first.executed(actions[0])
    second = StickyActions(0.25, 0)
    second.luck, second.last_action = first.luck, first.last_action
    assert [first.executed(a) for a in actions] == [second.executed(a) for a in actions]


def test_one_frame_in_four_repeats() -> None:
    sticky, repeats, n = StickyActions(0.25, 1), 0, 40_000
    for number in range(1, n):
        repeats += sticky.executed(number) != number
    assert abs(repeats / n - 0.25) < 0.01  # 4.6 standard errors


def test_certain_stickiness_never_lets_go() -> None:
    sticky = StickyActions(1.0, 1)
    assert {sticky.executed(5) for _ in range(1000)} == {0}
