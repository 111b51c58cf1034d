"""Means, intervals and the interquartile mean, against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docs.evidence.intervals import (
    Estimate,
    aggregates,
    interquartile_means,
    over_episodes,
    over_runs,
)
from docs.evidence.kept import Point

SCORES = st.floats(-1000, 1000).map(lambda value: round(value, 2))


def point_of(scores: list[float]) -> Point:
    stderr = float(np.std(scores, ddof=1) / math.sqrt(len(scores)))
    return Point(1, 4000, len(scores), float(np.mean(scores)), stderr, 0.05)


def test_one_run_has_no_interval() -> None:
    assert over_runs([3.0]) == Estimate(3.0)


def test_the_interval_over_three_runs_is_from_the_lowest_to_the_highest() -> None:
    estimate = over_runs([1.0, 10.0, 4.0])
    assert (estimate.value, estimate.low, estimate.high) == (5.0, 1.0, 10.0)


@given(st.lists(st.lists(SCORES, min_size=2, max_size=8), min_size=1, max_size=4))
def test_episodes_of_all_runs_are_one_sample(runs: list[list[float]]) -> None:
    estimate = over_episodes([point_of(scores) for scores in runs])
    pooled = np.concatenate([np.array(scores) for scores in runs])
    stderr = pooled.std(ddof=1) / math.sqrt(len(pooled))
    assert estimate.value == pytest.approx(pooled.mean(), abs=1e-6)
    assert estimate.low is not None
    assert estimate.value - estimate.low == pytest.approx(1.959964 * stderr, rel=1e-6, abs=1e-6)


def test_the_interquartile_mean_leaves_out_a_quarter_on_either_side() -> None:
    samples = np.array([[100.0, 1, 2, 3, 4, -50, 5, 6], [0, 0, 0, 0, 8, 8, 8, 8]])
    assert interquartile_means(samples).tolist() == [3.5, 4.0]


def test_the_interquartile_mean_cuts_whole_scores() -> None:
    assert interquartile_means(np.arange(7.0)[None]).tolist() == [3.0]  # 1 of 7 on either side


def test_aggregates_are_of_games_and_resample_runs_within_a_game() -> None:
    scores = np.array([[0.0, 0.2, 0.1], [1.0, 1.0, 1.0], [5.0, 5.0, 5.0]])
    whole = aggregates(scores)
    assert (whole.num_games, whole.num_runs) == (3, 3)
    assert whole.median == Estimate(1.0, 1.0, 1.0)  # its game's runs are all alike
    assert whole.mean.value == pytest.approx(6.1 / 3)
    assert whole.mean.low == pytest.approx(6.0 / 3)  # all three draws are the first game's lowest
    assert whole.mean.high == pytest.approx(6.2 / 3)


def test_aggregates_of_single_runs_have_no_interval() -> None:
    whole = aggregates(np.array([[0.1], [0.2], [0.6], [0.9]]))
    assert (whole.median.value, whole.median.low, whole.median.high) == (
        pytest.approx(0.4),
        None,
        None,
    )
    assert (whole.iqm.value, whole.iqm.low, whole.iqm.high) == (pytest.approx(0.4), None, None)
