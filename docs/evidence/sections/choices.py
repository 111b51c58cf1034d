"""A table for each choice that was made by measuring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from docs.evidence.kept import KeptRun
from docs.evidence.plan import Choice, Group
from docs.evidence.sections.section import Section, title_of
from docs.evidence.tables import NOTHING, SCORE_HEADER, scores_of, source, table

STEPS_PER_S: Final = (
    "*steps/s* is of the whole run, the first steps without learning included, with other runs "
    "beside it: to be compared within this section alone."
)


def section(group: Group, kept: Sequence[KeptRun]) -> Section:
    """A table for each choice; its rows name the settings that differ within it."""
    base = group.runs[0]
    lines = [
        f"One choice at a time, {base.agent.upper()} on {title_of(base.game)}, {base.frames:,} "
        "frames. A row's runs differ from the command below in nothing but the settings it names.",
        "",
        *source(group, kept, [run for run in group.runs if run.variant == base.variant]),
        "",
        STEPS_PER_S,
    ]
    for choice in group.choices:
        lines += ["", f"### {choice.title}", ""]
        if choice.about:
            lines += [choice.about, ""]
        lines += _choice_table(group, choice, kept)
    return Section(lines)


def _choice_table(group: Group, choice: Choice, kept: Sequence[KeptRun]) -> list[str]:
    settings = {run.variant: dict(run.settings) for run in group.runs}
    compared = [settings[variant] for variant in choice.variants]
    differing = [
        name
        for name in dict.fromkeys(name for each in compared for name in each)
        if len({each.get(name) for each in compared}) > 1
    ]
    rows = []
    for variant in choice.variants:
        runs = [run for run in kept if run.run.variant == variant]
        words = [f"{n}={settings[variant][n]}" for n in differing if n in settings[variant]]
        name = f"`{' '.join(words)}`"
        if runs:
            cells = [
                *scores_of(runs),
                _mean([run.training.recall_at_50 for run in runs], "{:.3f}"),
                _mean([run.training.effective_neighbours for run in runs], "{:.1f}"),
                _mean([_steps_per_s(run) for run in runs], "{:.0f}"),
            ]
        else:
            cells = ["not reached", *[NOTHING] * (len(SCORE_HEADER) + 2)]
        rows.append([name, *cells])
    header = ("", *SCORE_HEADER, "recall@50", "effective neighbours", "steps/s")
    return table(header, rows)


def _steps_per_s(run: KeptRun) -> float | None:
    elapsed_s = run.training.elapsed_s
    if run.about["starts"] != 1 or not elapsed_s:
        return None
    return run.training.steps / elapsed_s


def _mean(values: Sequence[float | None], form: str) -> str:
    known = [value for value in values if value is not None]
    return form.format(sum(known) / len(known)) if known else NOTHING
