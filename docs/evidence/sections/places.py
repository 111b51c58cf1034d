"""How fast memories can be visited, in one row for each run that was opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from docs.evidence.plan import EVIDENCE
from docs.evidence.tables import table

PLACES: Final = EVIDENCE / "places"
TITLE: Final = "Memories as places"
TIMES: Final = ("rebuilt_ms", "picture_ms", "replay_ms", "visit_ms")
NOTE: Final = """\
In the real window with its default panels, at 60 frames a second, while the agent goes on learning:
`python -m docs.evidence.places SNAPSHOT`. Each of so many memories is drawn at random from all that
the agent has. *Rebuilt* is what its screens take where nothing else runs; *picture* is from the
question for them to the answer in the window, where other panels ask too; *replay* from opening a
memory's episode to its first picture on the screen; *go there* from the order to the first frame of
the game that goes on. Scrubbing moves the slider 60 times a second."""


def place_lines(folder: Path = PLACES) -> list[str]:
    """The section's lines; none while nothing is measured."""
    measured = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    if not measured:
        return []
    header = (
        "run", "recorded episodes", "memories", "visits", "rebuilt, ms", "picture, ms",
        "replay, ms", "go there, ms", "pictures/s, scrubbed by 1, 4, 20 steps",
    )  # fmt: skip
    notes = [
        f"{figures['game']}: commit {figures['commit']}; {figures['machine']['cores']} cores of"
        f" {figures['machine']['cpu']}; {figures['training_steps_per_s']:g} training steps a second"
        " meanwhile."
        for figures in measured
    ]
    return [
        f"## {TITLE}", "", NOTE, "", "Median, 95 of 100 within, most.", "",
        *table(header, map(_row, measured)), "", *notes, "",
    ]  # fmt: skip


def _row(figures: dict[str, Any]) -> list[str]:
    scrubbed = figures["scrubbed_pictures_per_s"].values()
    return [
        f"{figures['game']}, {figures['agent'].upper()}",
        f"{figures['recorded_episodes']:,}",
        f"{figures['entries']:,}",
        f"{figures['times']:,}",
        *(_spread(figures[name]) for name in TIMES),
        ", ".join(f"{rate:.0f}" for rate in scrubbed),
    ]


def _spread(spread: dict[str, float]) -> str:
    return ", ".join(f"{spread[name]:.0f}" for name in ("p50", "p95", "max"))
