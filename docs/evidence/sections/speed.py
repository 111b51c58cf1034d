"""How fast the learner is, by index and size of the memory, on each machine it was measured on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from docs.evidence.speed import SPEED
from docs.evidence.tables import NOTHING, table

TITLE: Final = "Speed"
NOTE: Final = """\
The full learner in Pong, by `python -m docs.evidence.speed NAME`, which keeps a report of `bench`
in [evidence/speed](evidence/speed). *Of the ceiling* is over the steps a second of the same machine
and threads without a memory: emulator, network, one update in four steps, whose gradient is found
beside acting as the learner's is. Both are measured by turns, and *steps/s* is the ratio times the
ceiling's median. Annoy is used from 10,000 entries on here, though by default every key is compared
up to 30,000. *Slope* is the exponent of the time of a step over the entries, from the smallest size
to the largest: 0 where size costs nothing, 1 where it is proportional. Lookup is of one state in
one action; lookup and recall are with 100,000 entries an action. Entries are real keys with jitter,
so that neither is that of a run: the recall of a run stands in its CSV and in the window."""
HEADER: Final = (
    "index", "entries an action", "steps/s", "of the ceiling", "slope", "lookup, ms", "recall@50",
)  # fmt: skip


def speed_lines(folder: Path = SPEED) -> list[str]:
    """The section's lines; none while nothing is measured."""
    lines = []
    for path in sorted(folder.glob("*.json")):
        figures = json.loads(path.read_text())
        lines += [*_machine_lines(figures), ""]
    return [f"## {TITLE}", "", NOTE, "", *lines] if lines else []


def _machine_lines(figures: dict[str, Any]) -> list[str]:
    report = figures["report"]
    machine = report["machine"]
    rows = [
        row
        for index, by_size in report["learner"].items()
        for row in _rows(index, by_size, report["slope"].get(index), report["index"].get(index))
    ]
    return [
        f"{machine['cores']} cores of {machine['cpu']}, ceiling {report['ceiling_steps_per_s']:g}"
        f" steps/s. `{figures['command']}`, commit {figures['commit']}.",
        "",
        *table(HEADER, rows),
        "",
        *_paragraph("With many actions: ", figures["many_actions"]),
        *_paragraph("", _begun_large(figures.get("stolen", ""))),
        *_paragraph("", _window_words(report["window"])),
        f"The journal takes {report['journal_bytes_per_step']:g} bytes a step (the larger of Pong"
        " and Ms. Pac-Man).",
    ]


def _rows(
    index: str,
    by_size: dict[str, dict[str, float]],
    slope: float | None,
    lookup: dict[str, float] | None,
) -> list[list[str]]:
    """One for each size; what is of the index stands in the first."""
    of_index = [
        NOTHING if slope is None else f"{slope:.3f}",
        *([NOTHING] * 2 if lookup is None
          else [f"{lookup['lookup_ms']:.2f}", f"{lookup['recall_at_50']:.3f}"]),
    ]  # fmt: skip
    rows = []
    for size, rate in by_size.items():
        rows.append(
            [
                index,
                f"{int(size):,}",
                f"{rate['steps_per_s']:.1f}",
                f"{rate['ratio']:.3f}",
                *of_index,
            ]
        )
        index, of_index = "", ["", "", ""]
    return rows


def _paragraph(begin: str, words: str) -> list[str]:
    """Nothing where there are no words."""
    return [f"{begin}{words}.", ""] if words else []


def _begun_large(words: str) -> str:
    return words[:1].upper() + words[1:]


def _window_words(window: dict[str, Any] | None) -> str:
    if window is None:
        return ""
    paint, building = window["paint_ms"], window.get("paint_build_ms")
    return (
        f"The window at 60 frames a second: a new frame painted every {paint['p50']:.1f} ms in the"
        f" median, 99 of 100 within {paint['p99']:.1f} ms"
        + (f" ({building['p99']:.1f} while an index is built)" if building else "")
        + f", {window['dropped_percent']:.1f} % dropped; training makes"
        f" {window['train_ratio']:.2f} of the steps that its one thread makes without a window"
    )
