"""Makes ``docs/results.md`` and its charts from the kept CSVs, and from nothing else.

python -m docs.evidence.page
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docs.evidence.charts import Chart, draw
from docs.evidence.kept import KEPT, KeptRun, load_kept
from docs.evidence.plan import EVIDENCE, GROUPS, Group, load_groups
from docs.evidence.sections import atari_100k, choices, curves, first_minutes
from docs.evidence.sections.places import place_lines
from docs.evidence.sections.section import Section
from docs.evidence.sections.speed import speed_lines
from nec_engine.errors import NecError
from nec_engine.storage.whole_file import write_whole

PAGE: Final = EVIDENCE.parent / "results.md"
CHARTS: Final = EVIDENCE / "charts"
WRONG_INPUT: Final = 2

SECTIONS: Final[dict[str, Callable[[Group, Sequence[KeptRun]], Section]]] = {
    "atari-100k": atari_100k.section,
    "atari-100k-mfec": atari_100k.section,
    "choices": choices.section,
    "paper-games": curves.section,
    "first-minutes": first_minutes.section,
    "pong": curves.section,
}

HEAD: Final = """\
# Results

What the agents of this program reach, measured. This page is made by
`python -m docs.evidence.page` from the CSVs in [evidence/csv](evidence/csv) (and what is said of
speed and of memories as places from JSON files beside that folder), and from nothing else; the runs
themselves are made by `python -m docs.evidence.queue` (see *To repeat a number*).

A score is the mean of the test episodes after training; each starts with 1 to 30 no-ops and has at
most 18,000 frames, and no action sticks. Random and human scores are those of the papers; 10
million frames is what Pritzel et al. 2017 report, and not comparable with fewer. *n* is the number
of runs, each with another seed: 1, 2, 3, fixed before the first run. *95 % over runs* is a
bootstrap interval over the runs' means; with two or three runs it reaches from the lowest to the
highest, and holds the true mean less often than that: about half the time with two, three times in
four with three. *95 % over episodes* takes all test episodes of all runs as one sample; in a game
without luck many of them are nearly the same course, so that it says how well these runs are
known, and not how another would do. *While learning* is the mean
of the episodes that a run played in its last epoch of training, where what it sees goes on changing
what it does; in the tests the agent is as it was at their start.
"""

REPEAT: Final = """\
## To repeat a number

Every score above comes from runs of the public command line. The JSON beside a CSV holds the exact
command, and so does

```
python -m docs.evidence.queue --list
```

Check out the commit that is named, give one of these commands, and compare the last row of
`results/<game>-seed<N>/results.csv` with the last row of the CSV here. With `deterministic=true`
the scores are the same on the same libraries and processor; without it, and on another processor,
only their distribution is. `python -m docs.evidence.queue GROUP` makes a whole list, as many runs
at a time as there are cores; it can be stopped and started again at any time. Runs that are kept
are not made again: `--kept DIR` with an empty folder makes them anew.
"""


@dataclass(frozen=True, slots=True)
class Page:
    """The text, and the charts it shows by file name."""

    text: str
    charts: dict[str, Chart]


def make_page(groups: Sequence[Group], kept_folder: Path) -> Page:
    """The page as it follows from what is kept. Raises :class:`NecError`."""
    parts, charts = [HEAD], {}
    for group in groups:
        loaded = [load_kept(kept_folder, run) for run in group.runs]
        kept = [
            run for run in loaded if run is not None and (run.is_finished or group.keeps_unfinished)
        ]
        section = SECTIONS[group.name](group, kept)
        parts.append("\n".join([f"## {group.title}", "", *section.lines, ""]))
        charts.update(section.charts)
    return Page("\n".join([*parts, *speed_lines(), *place_lines(), REPEAT]), charts)


def main() -> int:
    """Write the page and its charts; the exit code."""
    try:
        page = make_page(load_groups(GROUPS), KEPT)
        write_whole(PAGE, page.text)
        for old in CHARTS.glob("*.png"):
            if old.name not in page.charts:
                old.unlink()
        for name, chart in page.charts.items():
            write_whole(CHARTS / name, draw(chart))
    except NecError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_INPUT
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
