"""Looking into what the agent makes of its screens."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle of pixels on the agent's screens of 84 x 84."""

    left: int
    top: int
    width: int
    height: int
