"""``settings``: every name that ``--set`` takes."""

from __future__ import annotations

from dataclasses import fields

from nec_engine.config import Settings
from nec_engine.run.requests import SettingsRequest


def run(_request: SettingsRequest) -> int:
    """Print name, default, unit or choices, and source of every setting, a line each."""
    rows = [("name", "default", "unit", "source")]
    for field in fields(Settings):
        about = field.metadata
        default = str(field.default).lower() if field.type == "bool" else f"{field.default}"
        unit = "|".join(about["choices"]) if about["choices"] else about["unit"]
        rows.append((field.name, default, unit, about["source"]))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)]
        print("  ".join([*cells, row[3]]))
    return 0
