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
    strength = np.sqrt(np.abs(signed) / 255.0)[..., None].astype(np.float32)
    base = (96 + 0.25 * (now.astype(np.float32) - 96))[..., None].repeat(3, axis=2)
    light, dark = _towards(brighter, 255, 0.35), _towards(darker, 0, 0.35)
    colour = np.where((signed > 0)[..., None], light, dark)
    mixed = base + (colour - base) * np.where(np.abs(signed)[..., None] > 4, strength, 0.0)
    return np.clip(mixed, 0, 255).astype(np.uint8)


def differing_part(then: U8, now: U8) -> float:
    """0 .. 1: the part of the screen that differs by more than ``NOTICEABLE`` grey levels."""
    signed = then.astype(np.int16) - now.astype(np.int16)
    return float(np.mean(np.abs(signed) > NOTICEABLE))


def _towards(colour: str, level: int, part: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    channels = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return np.array([c + (level - c) * part for c in channels], np.float32)
