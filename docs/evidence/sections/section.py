"""A section of the page, and what several of them need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from docs.evidence.charts import Chart
from docs.evidence.kept import KeptRun
from docs.evidence.plan import Group
from nec_engine.game.roms import bundled_games
from nec_engine.run.scores import PublishedScores, published_scores


@dataclass
class Section:
    """Lines of the page, and the charts they show by file name."""

    lines: list[str]
    charts: dict[str, Chart] = field(default_factory=dict)


def picture(group: Group) -> str:
    """The line that shows the section's chart."""
    return f"![{group.title}](evidence/charts/{group.name}.png)"


def title_of(game: str) -> str:
    """What people call ``ms_pacman``: Ms. Pac-Man."""
    return next(bundled.title for bundled in bundled_games() if bundled.name == game)


def published(game: str) -> PublishedScores:
    """Random and human score of a game that is among those of the papers."""
    scores = published_scores(game)
    assert scores is not None, f"{game} is none of the games of the papers"
    return scores


def by_game_and_agent(kept: Iterable[KeptRun]) -> dict[tuple[str, str], list[KeptRun]]:
    """Runs that differ in nothing but the seed, together."""
    cells: dict[tuple[str, str], list[KeptRun]] = {}
    for run in kept:
        cells.setdefault((run.run.game, run.run.agent), []).append(run)
    return cells
