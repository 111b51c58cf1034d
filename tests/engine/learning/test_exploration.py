from __future__ import annotations

import numpy as np
import pytest

from nec_engine.config import Settings
from nec_engine.learning.exploration import epsilon_at, epsilon_greedy
from nec_engine.messages import Choice


def test_epsilon_falls_linearly_between_its_two_steps() -> None:
    settings = Settings(
        epsilon_start=1.0, epsilon_end=0.1, epsilon_decay_start=100, epsilon_decay_end=200
    )
    assert epsilon_at(0, settings) == epsilon_at(100, settings) == 1.0
    assert epsilon_at(150, settings) == pytest.approx(0.55)
    assert epsilon_at(200, settings) == epsilon_at(10**9, settings) == pytest.approx(0.1)


def test_greedy_takes_the_best_and_breaks_ties_evenly() -> None:
    rng = np.random.default_rng(0)
    q_values = np.array([1.0, 3.0, 3.0, 2.0], np.float32)
    drawn = [epsilon_greedy(q_values, 0.0, False, rng) for _ in range(2000)]
    assert {choice for _, choice in drawn} == {Choice.GREEDY}
    share = np.mean([action == 1 for action, _ in drawn])
    assert {action for action, _ in drawn} == {1, 2}
    assert 0.45 < share < 0.55


def test_an_empty_memory_is_told_from_exploring() -> None:
    rng = np.random.default_rng(0)
    q_values = np.zeros(3, np.float32)
    assert epsilon_greedy(q_values, 0.0, True, rng)[1] is Choice.EMPTY
    assert epsilon_greedy(q_values, 1.0, True, rng)[1] is Choice.EXPLORED


def test_the_stream_of_random_numbers_does_not_depend_on_the_values() -> None:
    first, second = np.random.default_rng(5), np.random.default_rng(5)
    epsilon_greedy(np.array([1, 2], np.float32), 0.0, False, first)
    epsilon_greedy(np.array([2, 2], np.float32), 1.0, True, second)
    assert first.random() == second.random()
