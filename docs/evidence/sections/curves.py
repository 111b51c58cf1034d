"""Learning curves by game and agent, and where they end."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from typing import Final

from docs.evidence.charts import Curve, CurveChart, CurvePanel
from docs.evidence.intervals import over_episodes, over_runs
from docs.evidence.kept import KeptRun
from docs.evidence.plan import EVIDENCE, Group
from docs.evidence.sections.section import (
    Section,
    by_game_and_agent,
    picture,
    published,
    title_of,
)
from docs.evidence.tables import SCORE_HEADER, score, scores_of, source, table, while_learning

PUBLISHED_10M: Final = EVIDENCE / "published_10M_frames.csv"
MILLION: Final = 1e6
ABOVE: Final = (
    "*Lower bounds above random*: which of the two intervals lies above the score of random play "
    "as a whole."
)


def section(group: Group, kept: Sequence[KeptRun]) -> Section:
    """Learning curves by game and agent, and a table of where they end."""
    lines = source(group, kept)
    if not kept:
        return Section(lines)
    cells = by_game_and_agent(kept)
    rows = []
    for (game, agent), runs in cells.items():
        random = published(game).random
        rows.append(
            [f"{game}, {agent.upper()}", _frames(runs), *scores_of(runs),
             while_learning(runs), score(random), _above(runs, random),
             score(published_at_10m(game)[agent.upper()])]
        )  # fmt: skip
    header = (
        "game, agent", "frames", *SCORE_HEADER, "while learning", "random",
        "lower bounds above random", "paper at 10M frames, not comparable",
    )  # fmt: skip
    panels = []
    for game in dict.fromkeys(game for game, _ in cells):
        paper = published_at_10m(game)["NEC"]
        panels.append(
            CurvePanel(
                title_of(game),
                published(game).random,
                paper,
                f"NEC at 10M frames: {score(paper)}, not comparable",
                tuple(_curve(agent, runs) for (g, agent), runs in cells.items() if g == game),
            )
        )
    return Section(
        [*lines, "", picture(group), "", *table(header, rows), "", ABOVE],
        {f"{group.name}.png": CurveChart(tuple(panels))},
    )


def _frames(runs: Sequence[KeptRun]) -> str:
    """How far all runs have come, and of how far where that is not the end."""
    reached = min(run.last.frames for run in runs)
    if all(run.is_finished for run in runs):
        return f"{reached:,}"
    return f"{reached:,} of {runs[0].run.frames:,}"


def _curve(agent: str, runs: Sequence[KeptRun]) -> Curve:
    """By epoch, as far as every run has come."""
    epochs = set.intersection(*({point.epoch for point in run.points} for run in runs))
    points = []
    for epoch in sorted(epochs):
        here = [point for run in runs for point in run.points if point.epoch == epoch]
        points.append((here[0].frames / MILLION, over_runs([point.mean for point in here])))
    return Curve(agent, len(runs), tuple(points))


def _above(runs: Sequence[KeptRun], random: float) -> str:
    """Which of the two intervals lie above random play as a whole."""
    intervals = {
        "runs": over_runs([run.last.mean for run in runs]),
        "episodes": over_episodes([run.last for run in runs]),
    }
    above = [name for name, e in intervals.items() if e.low is not None and e.low > random]
    return " and ".join(above) or "no"


@cache
def published_at_10m(game: str) -> dict[str, float]:
    """What the paper reports by agent ("NEC") after 10 million frames (Pritzel et al. 2017)."""
    with PUBLISHED_10M.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["game"] == game:
                return {agent: float(text) for agent, text in row.items() if agent != "game"}
    raise KeyError(game)
