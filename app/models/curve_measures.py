"""Which curves there are, and in what words. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from nec_engine.messages import Curves, Series


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
    Measure("recall", "part of 50", "How many of the true 50 nearest the index finds.",
            lambda curves: curves.recall_at_50),
    Measure("speed", "steps/s", "Training steps a second.", lambda curves: curves.steps_per_s),
)  # fmt: skip
