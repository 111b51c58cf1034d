"""Published random and human scores, and the human-normalised score made of them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

SCORE_TABLE: Final = Path(__file__).resolve().parents[2] / "assets" / "atari57_scores.csv"


@dataclass(frozen=True, slots=True)
class PublishedScores:
    """What random play and a practised person reach in one game."""

    random: float
    human: float


def published_scores(game: str) -> PublishedScores | None:
    """The scores of ``game`` ("ms_pacman"), or None: the table has the 57 games of the papers."""
    return _table().get(game)


def human_normalised_percent(game: str, score: float) -> float | None:
    """0 at random play, 100 at a person's score (Mnih et al. 2015); None outside the table."""
    published = published_scores(game)
    if published is None:
        return None
    return 100.0 * (score - published.random) / (published.human - published.random)


@cache
def _table() -> dict[str, PublishedScores]:
    with SCORE_TABLE.open(newline="", encoding="utf-8") as file:
        return {
            row["game"]: PublishedScores(float(row["random"]), float(row["human"]))
            for row in csv.DictReader(file)
        }
