"""What is kept of a run: its ``results.csv``, and beside it a JSON that says how it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from docs.evidence.plan import EVIDENCE, Run
from nec_engine.errors import DataError
from nec_engine.run.results import ResultsTable, read_results, write_table
from nec_engine.storage.whole_file import write_whole

KEPT: Final = EVIDENCE / "csv"


@dataclass(frozen=True, slots=True)
class Point:
    """One evaluation inside a run."""

    epoch: int
    frames: int
    episodes: int
    mean: float
    stderr: float | None  # None for a single episode
    epsilon: float


@dataclass(frozen=True, slots=True)
class Training:
    """Where training stood at the last epoch's end."""

    mean: float | None  # of the episodes that it played itself in that epoch
    steps: int
    elapsed_s: float | None
    recall_at_50: float | None
    effective_neighbours: float | None


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run with what it has measured: at least one evaluation."""

    run: Run
    points: tuple[Point, ...]  # by epoch, rising
    training: Training
    about: Mapping[str, Any]

    @property
    def last(self) -> Point:
        return self.points[-1]

    @property
    def is_finished(self) -> bool:
        return self.last.frames >= self.run.frames


def kept_paths(folder: Path, run: Run) -> tuple[Path, Path]:
    """The CSV and the JSON of ``run``."""
    base = folder / run.group / run.name
    return base.with_name(base.name + ".csv"), base.with_name(base.name + ".json")


def keep(folder: Path, run: Run, results: Path, about: Mapping[str, Any]) -> None:
    """Copy ``results`` to its place, whole or not at all. Raises :class:`DataError`."""
    csv_path, json_path = kept_paths(folder, run)
    table = read_results(results)
    write_table(csv_path, table.columns, table.rows)
    write_whole(json_path, json.dumps(dict(about), indent=1) + "\n")


def load_kept(folder: Path, run: Run) -> KeptRun | None:
    """What was kept of exactly this run; None where nothing was, or it had another command.

    Raises :class:`DataError` for a file that cannot be read.
    """
    csv_path, json_path = kept_paths(folder, run)
    if not csv_path.exists() or not json_path.exists():
        return None
    try:
        about = json.loads(json_path.read_text(encoding="utf-8"))
        is_this_run = about["command"] == run.command
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            f"cannot read {json_path}", str(error), "remove it and its CSV, and make the run again"
        ) from error
    return measured(run, csv_path, about) if is_this_run else None


def measured(run: Run, results: Path, about: Mapping[str, Any]) -> KeptRun | None:
    """``run`` with the evaluations that stand in ``results``; None before the first one.

    A run that was stopped within an evaluation has rows of the same frames twice: the later
    evaluation counts, and the earlier row of training, which has its episodes.
    """
    table = read_results(results)
    points: dict[int, Point] = {}
    trainings: dict[int, Training] = {}
    for row in _rows(table):
        frames = int(row["frames"] or 0)
        if row["phase"] == "test" and row["mean_score"] is not None:
            points[frames] = Point(
                int(row["epoch"] or 0), frames, int(row["episodes"] or 0),
                row["mean_score"], row["stderr_score"], row["epsilon"] or 0.0,
            )  # fmt: skip
        elif row["phase"] == "train":
            trainings.setdefault(
                frames,
                Training(
                    row["mean_score"], int(row["steps"] or 0), row["elapsed_s"],
                    row["recall_at_50"], row["effective_neighbours"],
                ),
            )  # fmt: skip
    if not points:
        return None
    last = max(points)
    nothing = Training(None, 0, None, None, None)
    ordered = tuple(points[frames] for frames in sorted(points))
    return KeptRun(run, ordered, trainings.get(last, nothing), about)


def _rows(table: ResultsTable) -> list[dict[str, Any]]:
    """Each row by column: numbers, None where empty, and the phase as text."""
    names = [name for name in table.columns if name != "phase"]
    columns = [table.numbers(name) for name in names]
    phase_at = table.columns.index("phase")
    return [
        {"phase": row[phase_at], **dict(zip(names, cells, strict=True))}
        for row, *cells in zip(table.rows, *columns, strict=True)
    ]
