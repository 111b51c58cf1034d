"""Markdown: tables, figures with their intervals, and the lines that say where they come from."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from docs.evidence.intervals import Estimate, over_episodes, over_runs
from docs.evidence.kept import KeptRun
from docs.evidence.plan import Group, Run

NOTHING: Final = "–"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table, texts left and figures right: the first column is a text."""
    marks = ["---"] + ["--:"] * (len(header) - 1)
    return [f"| {' | '.join(cells)} |" for cells in (header, marks, *rows)]


def score(value: float) -> str:
    """A game's score with as many digits as it bears."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def score_interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return NOTHING
    return f"{score(estimate.low)} to {score(estimate.high)}"


def share(value: float) -> str:
    """A human-normalised score: 0 is random play, 1 a person."""
    return f"{value:.3f}"


def share_with_interval(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return share(estimate.value)
    return f"{share(estimate.value)} [{share(estimate.low)}, {share(estimate.high)}]"


def scores_of(kept: Sequence[KeptRun]) -> list[str]:
    """Four cells of runs that differ in their seed: mean, both intervals, n."""
    points = [run.last for run in kept]
    means = over_runs([point.mean for point in points])
    return [
        score(means.value),
        score_interval(means),
        score_interval(over_episodes(points)),
        str(len(points)),
    ]


def while_learning(kept: Sequence[KeptRun]) -> str:
    """What the runs scored in their last epoch of training, as they went on learning: the mean."""
    means = [run.training.mean for run in kept if run.training.mean is not None]
    return score(sum(means) / len(means)) if means else NOTHING


SCORE_HEADER: Final = ("mean", "95 % over runs", "95 % over episodes", "n")


def source(group: Group, kept: Sequence[KeptRun], runs: Sequence[Run] = ()) -> list[str]:
    """The commands of ``runs`` (default: all), the seeds, what made them, what is missing."""
    runs = runs or group.runs
    lines = ["```", *dict.fromkeys(_pattern(run, runs) for run in runs), "```", ""]
    seeds = ", ".join(str(seed) for seed in sorted({run.seed for run in runs}))
    lines.append(f"SEED: {seeds}. Each run's CSV and exact command: `evidence/csv/{group.name}/`.")
    tests = [
        f"{run.run.agent.upper()} by {run.last.episodes} episodes with epsilon {run.last.epsilon:g}"
        for run in kept
    ]
    if tests:
        lines.append(f"Tested: {', '.join(dict.fromkeys(tests))}.")
    commits = dict.fromkeys(commit for run in kept for commit in run.about["commits"])
    if commits:
        about = [("commit", commits)]
        for name in ("torch", "cpu"):
            about.append((name, dict.fromkeys(str(run.about.get(name)) for run in kept)))
        lines.append("Made with " + "; ".join(f"{name} {', '.join(v)}" for name, v in about) + ".")
    return [*lines, "", not_reached(group.runs, kept)]


def not_reached(runs: Sequence[Run], kept: Sequence[KeptRun]) -> str:
    """Which runs there is nothing of yet, by agent and seed."""
    there = {run.run for run in kept}
    missing = [run for run in runs if run not in there]
    if not missing:
        return f"Reached: {len(runs)} of {len(runs)} runs."
    if len(missing) == len(runs):
        return f"**Not reached: {len(runs)} of {len(runs)} runs.**"
    return f"**Not reached: {len(missing)} of {len(runs)} runs** ({_named(missing, runs)})."


def _named(missing: Sequence[Run], runs: Sequence[Run]) -> str:
    """As few words as say which: seeds that lack the same games together, one game not at all."""
    num_games = Counter((_kind(run), run.seed) for run in runs)
    games: dict[tuple[str, int], tuple[str, ...]] = {}
    for run in missing:
        at = _kind(run), run.seed
        games[at] = (*games.get(at, ()), run.game)
    seeds: dict[tuple[str, str], list[str]] = {}
    for (kind, seed), lacking in games.items():
        are_all = 1 < num_games[kind, seed] == len(lacking)
        seeds.setdefault((kind, "all games" if are_all else ", ".join(lacking)), []).append(
            str(seed)
        )
    is_one_game = len({run.game for run in runs}) == 1
    return "; ".join(
        f"{kind} seed{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"
        + ("" if is_one_game else f": {which}")
        for (kind, which), numbers in seeds.items()
    )


def _kind(run: Run) -> str:
    return " ".join(part for part in (run.agent, run.variant) if part)


def _pattern(run: Run, runs: Sequence[Run]) -> str:
    """The command of ``run`` with SEED, and with GAME where the runs are of several."""
    is_one_game = len({other.game for other in runs}) == 1
    command = dataclasses.replace(run, game=run.game if is_one_game else "GAME").command
    return command.replace(f"--seed {run.seed}", "--seed SEED")
