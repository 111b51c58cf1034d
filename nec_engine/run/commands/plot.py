"""``plot``: a results.csv as a picture of its learning curves."""

from __future__ import annotations

import io
import math
import os
from typing import TYPE_CHECKING

from nec_engine.errors import DataError
from nec_engine.run.folders import writable_file
from nec_engine.run.requests import PlotRequest
from nec_engine.run.results import ResultsTable, read_results
from nec_engine.run.signals import unwinding_on_signals
from nec_engine.run.streams import print_result
from nec_engine.storage.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, told apart with any kind of sight; markers say the same once more.
STYLES = {"train": ("#0072B2", "."), "test": ("#D55E00", "s")}
MILLION = 1e6


def run(request: PlotRequest) -> int:
    """Write the picture and print its path. Raises :class:`DataError`."""
    table = read_results(request.results)
    out = writable_file(request.out or request.results.with_suffix(".png"), [request.results])
    _check_fields(table, request)
    if not table.rows:
        raise DataError(
            f"nothing to draw in {request.results}",
            "it has no row yet",
            "wait for the first evaluation of the run",
        )
    picture = draw(table, request.fields)
    with unwinding_on_signals():
        write_whole(out, picture)
    print_result(str(out))
    return 0


def draw(table: ResultsTable, names: tuple[str, ...]) -> bytes:
    """PNG with a panel for each column, over millions of frames; random play is a line."""
    from matplotlib.figure import Figure  # not pyplot: that one would look for a screen

    num_columns = 1 if len(names) == 1 else 2
    num_rows = -(-len(names) // num_columns)
    figure = Figure(figsize=(6.4 * num_columns, 3.6 * num_rows), dpi=120, layout="constrained")
    for at, name in enumerate(names):
        _draw_panel(figure.add_subplot(num_rows, num_columns, at + 1), table, name)
    folder = os.fsencode(table.path.absolute().parent.name).decode("utf-8", "replace")
    figure.suptitle(folder, parse_math=False)
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return picture.getvalue()


def _draw_panel(axes: Axes, table: ResultsTable, name: str) -> None:
    phases = [row[table.columns.index("phase")] for row in table.rows]
    frames = table.numbers("frames")
    values = table.numbers(name)
    spreads = (
        table.numbers("stderr_score")
        if name == "mean_score" and "stderr_score" in table.columns
        else [None] * len(values)
    )
    for phase, (colour, marker) in STYLES.items():
        points = [
            (frame / MILLION, value, abs(spread or 0.0))
            for kind, frame, value, spread in zip(phases, frames, values, spreads, strict=True)
            if kind == phase
            and frame is not None
            and value is not None
            and math.isfinite(frame)
            and math.isfinite(value)
        ]
        if points:
            x, y, error = zip(*points, strict=True)
            axes.errorbar(x, y, yerr=error, color=colour, marker=marker, label=phase, capsize=2)
    for kind, value in zip(phases, values, strict=True):
        if kind == "random" and value is not None:
            axes.axhline(value, color="#666666", linestyle="--", label="random")
            break
    axes.set_title(name)
    axes.set_xlabel("million frames")
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    else:
        axes.text(0.5, 0.5, "no values yet", ha="center", va="center", transform=axes.transAxes)


def _check_fields(table: ResultsTable, request: PlotRequest) -> None:
    drawable = [name for name in table.columns if name not in ("epoch", "phase", "frames")]
    for name in request.fields:
        if name not in drawable:
            raise DataError(
                f"--fields {name}",
                f"{request.results} has no such column",
                "choose among " + ", ".join(drawable),
            )
