"""``settings``: every name that ``--set`` takes."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any

from nec_engine.config import Settings
from nec_engine.presets import PRESETS
from nec_engine.run.requests import SettingsRequest
from nec_engine.run.streams import print_result


def run(_request: SettingsRequest) -> int:
    """Print name, default, unit or choices, and source of every setting, a line each.

    The third column holds the defaults of other agents where they differ.
    """
    rows = [("name", "default", "with agent=", "unit", "source")]
    for field in fields(Settings):
        about = field.metadata
        unit = "|".join(about["choices"]) if about["choices"] else about["unit"]
        rows.append(
            (field.name, _text(field.default), _other_defaults(field), unit, about["source"])
        )
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = []
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)]
        lines.append("  ".join([*cells, row[4]]))
    print_result("\n".join(lines))
    return 0


def _other_defaults(field: Field[Any]) -> str:
    return ", ".join(
        f"{agent}: {_text(preset[field.name])}"
        for agent, preset in PRESETS.items()
        if field.name in preset
    )


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else f"{value}"
