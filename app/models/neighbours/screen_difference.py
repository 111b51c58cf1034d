"""What differs between a memory's screen and the screen now. No Qt here."""

from __future__ import annotations

from typing import Final

import numpy as np

from nec_engine.messages import U8

NOTICEABLE: Final = 16  # grey levels


def difference_picture(then: U8, now: U8, brighter: str, darker: str) -> U8:
    """uint8[84, 84, 3]: dim grey where alike; light ``brighter`` where the memory was brighter than
    now, dark ``darker`` where it was darker, so that lightness alone tells them apart too.

    ``then``, ``now``: uint8[84, 84]. Colours are ``#rrggbb``.
    """
    signed = then.astype(np.int16) - now.astype(np.int16)
    size = np.abs(signed).astype(np.float32)[..., None]
    strength = np.where(size > 4, np.minimum(size / 96, 1.0) ** 0.6, 0.0)
    base = 84 + 0.16 * (now.astype(np.float32)[..., None] - 84)
    light, dark = _towards(brighter, 255, 0.3), _towards(darker, 0, 0.45)
    colour = np.where((signed > 0)[..., None], light, dark)
    picture: U8 = (base + (colour - base) * strength).astype(np.uint8)
    return picture


def differing_part(then: U8, now: U8) -> float:
    """0 .. 1: the part of the screen that differs by more than ``NOTICEABLE`` grey levels."""
    signed = then.astype(np.int16) - now.astype(np.int16)
    return float(np.mean(np.abs(signed) > NOTICEABLE))


def _towards(colour: str, level: int, part: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.array([c + (level - c) * part for c in channels], np.float32)
