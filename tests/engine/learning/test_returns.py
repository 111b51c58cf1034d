"""N-step returns against the sum written out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.learning.returns import NStepReturns
from nec_engine.presets import WHOLE_EPISODE

REWARDS = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


def written_out(rewards: list[float], gamma: float, last_value: float) -> float:
    total = sum(gamma**j * reward for j, reward in enumerate(rewards))
    return total + gamma ** len(rewards) * last_value


@given(rewards=REWARDS, n=st.integers(1, 12), gamma=st.floats(0, 1), value=st.floats(-50, 50))
def test_every_step_gets_the_written_out_sum_in_order(
    rewards: list[float], n: int, gamma: float, value: float
) -> None:
    returns: NStepReturns[int] = NStepReturns(n, gamma)
    out = []
    for t, reward in enumerate(rewards):
        matured = returns.mature(value + t)
        if matured is not None:
            out.append((matured, rewards[t - n : t], value + t))
        returns.push(t, reward)
    num_bootstrapped = len(out)
    for offset, matured in enumerate(returns.flush(0.0)):
        out.append((matured, rewards[num_bootstrapped + offset :], 0.0))
    assert [matured.step for matured, _, _ in out] == list(range(len(rewards)))
    for matured, summed, last_value in out:
        expected = written_out(summed, gamma, last_value)
        assert matured.n_step_return == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_hand_over_bootstraps_every_waiting_step() -> None:
    returns: NStepReturns[str] = NStepReturns(10, 0.5)
    returns.push("a", 1.0)
    returns.push("b", 2.0)
    values = [matured.n_step_return for matured in returns.flush(8.0)]
    assert values == [1.0 + 0.5 * 2.0 + 0.25 * 8.0, 2.0 + 0.5 * 8.0]
    assert len(returns) == 0


@given(rewards=REWARDS, gamma=st.floats(0, 1), value=st.floats(-50, 50))
def test_what_is_known_so_far_is_what_a_hand_over_would_give_and_leaves_no_trace(
    rewards: list[float], gamma: float, value: float
) -> None:
    returns: NStepReturns[int] = NStepReturns(50, gamma)
    for step, reward in enumerate(rewards):
        returns.push(step, reward)
    so_far = returns.so_far(value)
    assert so_far == returns.so_far(value)
    assert so_far == returns.flush(value)


def test_the_first_reward_is_part_of_the_sum() -> None:
    returns: NStepReturns[str] = NStepReturns(1, 0.99)
    returns.push("a", 7.0)
    matured = returns.mature(0.0)
    assert matured is not None
    assert matured.n_step_return == 7.0


def test_a_whole_return_comes_at_the_end_alone() -> None:
    returns: NStepReturns[int] = NStepReturns(WHOLE_EPISODE, 1.0)
    for step in range(500):
        assert returns.mature(99.0) is None
        assert not returns.is_full
        returns.push(step, 1.0)
    assert [matured.n_step_return for matured in returns.flush()] == list(range(500, 0, -1))


def test_the_state_goes_on_where_it_was() -> None:
    first: NStepReturns[int] = NStepReturns(3, 0.9)
    for step in range(3):
        first.push(step, float(step))
    second: NStepReturns[int] = NStepReturns(3, 0.9)
    second.load_state_dict(first.state_dict())
    assert first.mature(5.0) == second.mature(5.0)
    assert first.flush(1.0) == second.flush(1.0)
