"""What signals say."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import pyqtBoundSignal


def heard(signal: pyqtBoundSignal) -> list[Any]:
    """The values that ``signal`` sends from now on; a list that grows."""
    values: list[Any] = []
    signal.connect(values.append)
    return values
