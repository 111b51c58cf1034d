"""Saliency as light over a picture: what matters glows, the rest is dimmed and loses colour.

Without the loss of colour the glow would drown in a screen of its own hue (Pong's, say).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from nec_engine.messages import F32, I64, U8

GLOW: Final = np.array([255, 176, 0], np.float32)  # amber: told from any screen by brightness
DIMMING: Final = 0.45  # of what does not matter, at full opacity
FADING: Final = 0.85  # how much of the screen's colour goes, at full opacity
GREY: Final = np.array([77, 150, 29], np.uint16)  # parts of 256 (Rec. 601)


class HeatLight:
    """A heat map made ready for one screen size; applying it to a frame is cheap."""

    def __init__(self, heat: F32, opacity: float, height: int, width: int) -> None:
        """``heat`` float32[h, w], 0 .. 1; opacity 0 .. 1."""
        fine = np.clip(_stretch(heat, height, width), 0.0, 1.0)[..., None]
        glow = opacity * 0.75 * fine
        dim = 1.0 - opacity * DIMMING * (1.0 - fine)
        self._fade = np.uint16(256 * FADING * opacity)
        self._keep = (256 * dim * (1.0 - glow)).astype(np.uint16)  # [H, W, 1]
        self._add = (256 * glow * GLOW).astype(np.uint16)  # [H, W, 3]

    def over(self, rgb: U8) -> U8:
        """uint8[H, W, 3]: ``rgb`` with the light over it, a fresh array."""
        wide = rgb.astype(np.uint16)
        grey = (wide @ GREY) >> 8
        wide *= 256 - self._fade
        wide += (grey * self._fade)[..., None]
        wide >>= 8
        lit = wide * self._keep
        lit += self._add
        lit >>= 8
        return lit.astype(np.uint8)


def _stretch(heat: F32, height: int, width: int) -> F32:
    """float32[height, width]: ``heat`` resized by linear interpolation.

    Rows are gathered, not multiplied by a matrix: a product wakes the threads of BLAS, which then
    spin against the game for tens of milliseconds.
    """
    low, part = _places(height, heat.shape[0])
    tall = heat[low] * (1 - part)[:, None] + heat[low + 1] * part[:, None]
    low, part = _places(width, heat.shape[1])
    return np.asarray(tall[:, low] * (1 - part) + tall[:, low + 1] * part, np.float32)


def _places(num_out: int, num_in: int) -> tuple[I64, F32]:
    """The lower neighbour int64[num_out] of each pixel's centre, and the part of the upper one."""
    places = np.clip((np.arange(num_out) + 0.5) * num_in / num_out - 0.5, 0, num_in - 1)
    low = np.minimum(places.astype(np.int64), num_in - 2)
    return low, (places - low).astype(np.float32)
