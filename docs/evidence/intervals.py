"""Means over runs and games, with their intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from docs.evidence.kept import Point
from nec_engine.run.evaluation import summarise
from nec_engine.seeding import generator

RESAMPLES: Final = 10_000
SEED: Final = 1  # of the resampling; the figures on the page follow from the CSVs alone
NORMAL_95: Final = 1.959964  # standard errors on either side of a mean

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval; without one where there is a single run."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Aggregates:
    """Human-normalised scores of a set of games in three numbers (Agarwal et al. 2021)."""

    median: Estimate  # over games, of the mean over runs
    mean: Estimate
    iqm: Estimate  # mean of the middle half of all runs of all games
    num_runs: int  # per game
    num_games: int


def over_runs(means: Sequence[float]) -> Estimate:
    """Mean of the runs' means with its percentile-bootstrap interval over runs.

    With three runs that interval reaches from the lowest to the highest of them: each of these
    makes up one resample in 27.
    """
    summary = summarise(list(means), SEED)
    if len(means) < 2:
        return Estimate(summary.mean)
    return Estimate(summary.mean, summary.ci95_low, summary.ci95_high)


def over_episodes(points: Sequence[Point]) -> Estimate:
    """Mean of all episodes of all runs as one sample; normal interval from its standard error.

    Made from each run's mean, standard error and number of episodes. It says how well the scores
    of these runs are known, not how another run would do.
    """
    numbers = np.array([point.episodes for point in points], np.float64)
    means = np.array([point.mean for point in points])
    stderrs = np.array([point.stderr or 0.0 for point in points])
    num = numbers.sum()
    mean = float((numbers * means).sum() / num)
    if num < 2:
        return Estimate(mean)
    within = ((numbers - 1) * numbers * stderrs**2).sum()
    between = (numbers * (means - mean) ** 2).sum()
    margin = NORMAL_95 * math.sqrt((within + between) / (num - 1) / num)
    return Estimate(mean, mean - margin, mean + margin)


def aggregates(scores: F64) -> Aggregates:
    """Median, mean and interquartile mean of ``scores``, float64[games, runs].

    Intervals by stratified bootstrap: every resample draws each game's runs anew, with
    replacement; percentiles 2.5 and 97.5 (Agarwal et al. 2021, arXiv 2108.13264).
    """
    num_games, num_runs = scores.shape
    rng = generator(SEED, "stratified bootstrap")
    picks = rng.integers(0, num_runs, size=(RESAMPLES, num_games, num_runs))
    resamples = np.take_along_axis(scores[None], picks, axis=2)

    def estimate(value: float, resampled: F64) -> Estimate:
        if num_runs < 2:
            return Estimate(value)
        low, high = np.percentile(resampled, [2.5, 97.5])
        return Estimate(value, float(low), float(high))

    per_game, per_game_resampled = scores.mean(axis=1), resamples.mean(axis=2)
    return Aggregates(
        median=estimate(float(np.median(per_game)), np.median(per_game_resampled, axis=1)),
        mean=estimate(float(per_game.mean()), per_game_resampled.mean(axis=1)),
        iqm=estimate(
            float(interquartile_means(scores.reshape(1, -1))[0]),
            interquartile_means(resamples.reshape(RESAMPLES, -1)),
        ),
        num_runs=num_runs,
        num_games=num_games,
    )


def interquartile_means(samples: F64) -> F64:
    """Mean of each row without its lowest and highest quarter, float64[N, M] -> float64[N].

    A quarter is rounded down to whole scores, as in SciPy's ``trim_mean`` and rliable.
    """
    num_cut = samples.shape[1] // 4
    kept = np.sort(samples, axis=1)[:, num_cut : samples.shape[1] - num_cut]
    means: F64 = kept.mean(axis=1)
    return means
