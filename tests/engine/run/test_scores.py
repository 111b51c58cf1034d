"""Scores are put on the scale from random play to a person."""

from __future__ import annotations

import pytest

from nec_engine.game.roms import bundled_games
from nec_engine.run.scores import human_normalised_percent, published_scores


def test_random_is_nothing_and_a_person_is_a_hundred() -> None:
    scores = published_scores("ms_pacman")
    assert scores is not None
    assert (scores.random, scores.human) == (307.3, 6951.6)
    assert human_normalised_percent("ms_pacman", scores.random) == 0
    assert human_normalised_percent("ms_pacman", scores.human) == 100


def test_the_published_score_of_pong_gives_the_published_percentage() -> None:
    assert human_normalised_percent("pong", 20.4) == pytest.approx(116.4, abs=0.05)


def test_a_game_outside_the_table_has_no_percentage() -> None:
    assert human_normalised_percent("adventure", 1.0) is None


def test_every_game_of_the_papers_is_a_bundled_game_by_the_same_name() -> None:
    named = [game.name for game in bundled_games() if published_scores(game.name)]
    assert len(named) == 57
