"""What is reached from nothing in some minutes of wall clock."""

from __future__ import annotations

from collections.abc import Sequence

from docs.evidence.kept import KeptRun
from docs.evidence.plan import Group
from docs.evidence.sections.section import Section, by_game_and_agent, published
from docs.evidence.tables import NOTHING, SCORE_HEADER, score, scores_of, source, table


def section(group: Group, kept: Sequence[KeptRun]) -> Section:
    """What is reached from nothing in some minutes of wall clock."""
    lines = [
        "Nothing ran beside them. The minutes are from the first frame to the end of training, the "
        "opening test of random play included, the final test not.",
        "",
        *source(group, kept),
    ]
    cells = by_game_and_agent(kept)
    rows = []
    for (game, agent), runs in cells.items():
        rows.append(
            [f"{game}, {agent.upper()}", f"{runs[0].run.frames:,}", _minutes(runs),
             *scores_of(runs), score(published(game).random)]
        )  # fmt: skip
    header = ("game, agent", "frames", "minutes", *SCORE_HEADER, "random")
    return Section([*lines, "", *table(header, rows)] if rows else lines)


def _minutes(runs: Sequence[KeptRun]) -> str:
    """The slowest run's; unknown where one was cut in two, for its clock began anew."""
    times = [run.training.elapsed_s for run in runs if run.about["starts"] == 1]
    known = [time_s for time_s in times if time_s is not None]
    return f"{max(known) / 60:.1f}" if len(known) == len(runs) else NOTHING
