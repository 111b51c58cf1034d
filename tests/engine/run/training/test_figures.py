"""Figures of a run as it goes on."""

from __future__ import annotations

import math

import numpy as np

from nec_engine.config import Settings
from nec_engine.learning.agents import Acted
from nec_engine.messages import Choice
from nec_engine.run.training.figures import Figures


def acted(max_q: float, effective_neighbours: float | None) -> Acted:
    screens = np.zeros((4, 84, 84), np.uint8)
    return Acted(0, screens, 1, Choice.GREEDY, 0.0, max_q, effective_neighbours)


def test_the_latest_hundred_scores_and_the_best_of_all_count() -> None:
    figures = Figures(Settings(), has_memory=True)
    assert (figures.mean_score_100, figures.best_score) == (None, None)
    figures.add_score(1000.0, 4)
    for number in range(100):
        figures.add_score(float(number % 2), 8)
    assert (figures.mean_score_100, figures.best_score) == (0.5, 1000.0)
    assert len(figures.history.curves(None, None).training_scores.y) == 101


def test_recall_is_known_without_sampling_only_where_nothing_is_approximate() -> None:
    assert Figures(Settings(index="exact"), has_memory=True).recall_at_50 == 1.0
    assert Figures(Settings(index="annoy"), has_memory=True).recall_at_50 is None
    assert Figures(Settings(index="exact"), has_memory=False).recall_at_50 is None


def test_a_saved_run_goes_on_with_its_figures_but_for_a_spoilt_one() -> None:
    figures = Figures(Settings(), has_memory=True)
    figures.add_decision(acted(2.0, 7.0))
    figures.add_decision(acted(4.0, None))
    figures.add_loss(0.5)
    figures.add_score(3.0, 4)
    other = Figures(Settings(), has_memory=True)
    other.load_state_dict(figures.state_dict())
    assert other.state_dict() == figures.state_dict()
    assert (other.loss, other.effective_neighbours, other.best_score) == (0.5, 7.0, 3.0)
    assert other.mean_max_q is not None
    assert 2.0 < other.mean_max_q < 4.0
    spoilt = Figures(Settings(), has_memory=True)
    spoilt.load_state_dict({**figures.state_dict(), "effective": math.nan})
    assert spoilt.effective_neighbours is None
