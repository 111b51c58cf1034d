"""Which curves there are, in what words, and what of them is plotted. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.models.training.curve_points import numbers_only, running_mean
from nec_engine.messages import F64, Curves, Series

MEAN_OF_EPISODES: Final = 100
MEAN_OF_PART: Final = 0.02  # of a measure's points


@dataclass(frozen=True, slots=True)
class Measure:
    """One plotted quantity besides the scores."""

    name: str
    unit: str
    explanation: str
    series: Callable[[Curves], Series]


MEASURES: Final = (
    Measure("max Q", "score", "Mean over steps of the best action's Q: what the agent expects.",
            lambda curves: curves.mean_max_q),
    Measure("loss", "squared error", "Mean squared error between Q and the N-step return.",
            lambda curves: curves.loss),
    Measure("epsilon", "probability", "How often training plays at random to explore.",
            lambda curves: curves.epsilon),
    Measure("effective neighbours", "entries", "How many neighbours really speak, 1 to 50.",
            lambda curves: curves.effective_neighbours),
    Measure("recall", "part of 50", "How many of the true 50 nearest memories the index finds.",
            lambda curves: curves.recall_at_50),
    Measure("speed", "steps/s", "Training steps a second.", lambda curves: curves.steps_per_s),
)  # fmt: skip
SCORES: Final = "score"
SCORE_TIP: Final = "Score of each episode, apart by who played it."


def score_points(curves: Curves) -> list[tuple[F64, F64]]:
    """Training episodes, their running mean, the agent's live episodes, the person's."""
    x, y = numbers_only(curves.training_scores.x, curves.training_scores.y)
    live = (curves.live_agent_scores, curves.live_person_scores)
    return [
        (x, y),
        (x, running_mean(y, MEAN_OF_EPISODES)),
        *(numbers_only(series.x, series.y) for series in live),
    ]


def measure_points(name: str, curves: Curves) -> list[tuple[F64, F64]]:
    """The values of a measure, and their running mean over a fiftieth of them."""
    measure = next(measure for measure in MEASURES if measure.name == name)
    series = measure.series(curves)
    x, y = numbers_only(series.x, series.y)
    return [(x, y), (x, running_mean(y, max(1, round(len(y) * MEAN_OF_PART))))]
