"""Atari 100k: every game's score, and the set in three numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from docs.evidence.charts import BarChart
from docs.evidence.intervals import Aggregates, aggregates, over_runs
from docs.evidence.kept import KeptRun
from docs.evidence.plan import Group
from docs.evidence.sections.section import Section, picture, published
from docs.evidence.tables import (
    NOTHING,
    SCORE_HEADER,
    score,
    scores_of,
    share,
    share_with_interval,
    source,
    table,
    while_learning,
)
from nec_engine.run.scores import human_normalised_percent

NAIT_MEDIAN: Final = 0.312  # arXiv 2203.03078


def section(group: Group, kept: Sequence[KeptRun]) -> Section:
    """Every game's score, and median, mean and IQM of the set."""
    games = list(dict.fromkeys(run.game for run in group.runs))
    by_game = {game: [run for run in kept if run.run.game == game] for game in games}
    reached = {game: runs for game, runs in by_game.items() if runs}
    lines = [
        f"One agent, {len(games)} games, {group.runs[0].frames // 4:,} decisions each "
        f"({group.runs[0].frames:,} frames).",
        "",
        *source(group, kept),
    ]
    if not reached:
        return Section(lines)
    rows = []
    for game, runs in reached.items():
        scores = published(game)
        mean = over_runs([run.last.mean for run in runs]).value
        rows.append(
            [game, score(scores.random), score(scores.human), *scores_of(runs),
             while_learning(runs), share(_normalised(game, mean))]
        )  # fmt: skip
    header = ("game", "random", "human", *SCORE_HEADER, "while learning", "human-normalised")
    whole = _aggregates(reached)
    bars = sorted(
        ((game, over_runs(_normalised_runs(runs))) for game, runs in reached.items()),
        key=lambda bar: -bar[1].value,
    )
    most = max(map(len, reached.values()))
    num_runs = f"{whole.num_runs}" if most == whole.num_runs else f"{whole.num_runs} to {most}"
    title = f"Atari 100k, n = {num_runs} a game"
    return Section(
        [*lines, "", *_aggregate_table(whole, len(games)), "", picture(group), "",
         *table(header, rows)],
        {f"{group.name}.png": BarChart(title, tuple(bars))},
    )  # fmt: skip


def _aggregates(reached: dict[str, list[KeptRun]]) -> Aggregates:
    """Over the seeds that all games have, so that no game counts more than another."""
    seeds = set.intersection(*({run.run.seed for run in runs} for runs in reached.values()))
    if not seeds:  # games of different seeds: one run each is what they have in common
        return aggregates(np.array([_normalised_runs(runs[:1]) for runs in reached.values()]))
    return aggregates(
        np.array(
            [
                _normalised_runs([run for run in runs if run.run.seed in seeds])
                for runs in reached.values()
            ]
        )
    )


def _aggregate_table(whole: Aggregates, num_games: int) -> list[str]:
    there = f"{whole.num_games} of {num_games} games, n = {whole.num_runs}"
    ours = [share_with_interval(each) for each in (whole.median, whole.mean, whole.iqm)]
    lines = table(
        ("human-normalised", "median", "mean", "IQM"),
        [
            [f"this program, {there}", *ours],
            ["NAIT, published (arXiv 2203.03078)", share(NAIT_MEDIAN), NOTHING, NOTHING],
        ],
    )
    words = (
        "Median and mean are over the games' mean scores, IQM is the mean of the middle half of "
        "all runs (Agarwal et al. 2021)"
    )
    words += (
        "; in brackets 95 % intervals by stratified bootstrap over runs, too narrow with so few: "
        f"by a factor of {math.sqrt(1 - 1 / whole.num_runs):.2f} with {whole.num_runs}. All are of "
        "the seeds that every game has; the rows below, of all there are. *While learning* is the "
        "whole run here."
        if whole.num_runs > 1
        else ". One run a game has no interval over runs."
    )
    return [*lines, "", words]


def _normalised(game: str, mean: float) -> float:
    percent = human_normalised_percent(game, mean)
    assert percent is not None, f"{game} is none of the games of the papers"
    return percent / 100


def _normalised_runs(runs: Sequence[KeptRun]) -> list[float]:
    return [_normalised(run.run.game, run.last.mean) for run in runs]
