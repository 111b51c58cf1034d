"""``results.csv``: a row for each evaluation and epoch, on the disk as soon as it is known."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from nec_engine.errors import DataError
from nec_engine.named_files import open_to_read
from nec_engine.storage.disk_errors import explain_os_error, explain_read_error
from nec_engine.storage.whole_file import write_whole

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class ResultsRow:
    """One row of ``results.csv``; None where a figure is undefined. The fields are the columns."""

    epoch: int
    phase: str  # "random", "train" or "test"
    frames: int
    steps: int
    episodes: int
    mean_score: float | None = None
    stderr_score: float | None = None
    mean_max_q: float | None = None
    loss: float | None = None
    epsilon: float | None = None
    memory_size: int | None = None
    recall_at_50: float | None = None
    effective_neighbours: float | None = None
    steps_per_s: float | None = None
    elapsed_s: float | None = None


NEEDED: Final = "give the results.csv that train wrote"
COLUMNS: Final = tuple(field.name for field in fields(ResultsRow))


class ResultsWriter:
    """Appends rows to ``results.csv``, each on its way to the disk as it is written.

    Without ``resumed_frames`` the file must be new. With it, the rows of an earlier run up to
    that many frames stay (:attr:`kept`), and later ones (of a future that will be played again)
    go. Raises :class:`DataError`.
    """

    kept: ResultsTable
    measured_frames: frozenset[int]  # of all rows that were there, those of that future included

    def __init__(self, path: Path, resumed_frames: int | None = None) -> None:
        rows: list[list[str]] = []
        self.measured_frames = frozenset()
        if resumed_frames is None:
            refuse_existing(path)
        elif path.exists():
            table = _table_to_go_on(path)
            counts = table.counts("frames")
            self.measured_frames = frozenset(counts)
            rows = [
                row
                for row, frames in zip(table.rows, counts, strict=True)
                if frames <= resumed_frames
            ]
        self.kept = ResultsTable(path, COLUMNS, rows)
        write_table(path, COLUMNS, rows)
        self._path = path
        self._file = path.open("ab", buffering=0)
        self._waiting = b""  # what the disk has not taken

    def write(self, row: ResultsRow) -> None:
        """Raises :class:`DataError` when the disk does not take it; it then waits for the next."""
        self._waiting += _line([_text(cell) for cell in dataclasses.astuple(row)])
        self.write_waiting()

    def write_waiting(self) -> None:
        """What the disk did not take before, whole rows or none. Raises :class:`DataError`."""
        start, left = self._file.seek(0, io.SEEK_END), memoryview(self._waiting)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            with contextlib.suppress(OSError):
                self._file.truncate(start)  # no torn row
            why, remedy = explain_os_error(error, self._path)
            raise DataError(f"cannot write {self._path}", why, remedy) from error
        self._waiting = b""

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()


def _line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def refuse_existing(path: Path) -> None:
    """Raise :class:`DataError` when there are results at ``path`` already."""
    if os.path.lexists(path):
        raise DataError(
            f"there are results in {path.parent} already",
            "a new run would overwrite them",
            "go on with --resume, or choose another folder with --out",
        )


def _table_to_go_on(path: Path) -> ResultsTable:
    table = read_results(path)
    if table.columns != COLUMNS:
        raise DataError(
            f"cannot go on with {path}",
            "it has other columns than this program writes",
            "choose another folder with --out",
        )
    return table


@dataclass(frozen=True, slots=True)
class ResultsTable:
    """A results file as it stands: texts, rows of equal length, a torn last line left out."""

    path: Path
    columns: tuple[str, ...]
    rows: list[list[str]]

    def texts(self, column: str) -> list[str]:
        """The cells of one column."""
        at = self.columns.index(column)
        return [row[at] for row in self.rows]

    def numbers(self, column: str) -> list[float | None]:
        """The cells of one column as numbers, None where empty. Raises :class:`DataError`."""
        try:
            return [float(text) if text else None for text in self.texts(column)]
        except ValueError as error:
            raise DataError(
                f"{self.path} is damaged",
                f"column {column}: {error}",
                "give a results.csv of train",
            ) from error

    def counts(self, column: str) -> list[int]:
        """The cells of one column as whole numbers from 0 on, 0 where empty.

        Raises :class:`DataError`.
        """
        numbers = [number or 0.0 for number in self.numbers(column)]
        for number in numbers:
            if not (math.isfinite(number) and number >= 0):
                raise DataError(
                    f"{self.path} is damaged",
                    f"column {column}: {number:g} is no count",
                    "give a results.csv of train",
                )
        return [int(number) for number in numbers]


def read_results(path: Path) -> ResultsTable:
    """All whole rows of a results file. Raises :class:`DataError` when it is none."""
    try:
        with io.TextIOWrapper(open_to_read(path), encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    except OSError as error:
        why, remedy = explain_read_error(error, path)
        raise DataError(f"cannot read {path}", why, remedy) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"cannot read {path}", "it is not a CSV file", NEEDED) from error
    columns = tuple(rows[0]) if rows else ()
    missing = [name for name in ("phase", "frames") if name not in columns]
    if missing:
        raise DataError(f"cannot use {path}", f"it has no column {missing[0]}", NEEDED)
    return ResultsTable(path, columns, [row for row in rows[1:] if len(row) == len(columns)])


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV file whole or not at all. Raises :class:`DataError`."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    write_whole(path, text.getvalue())


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell)
