"""Heat as colours that stay apart for the colour-blind and get lighter all the way. No Qt here."""

from __future__ import annotations

from typing import Final

import numpy as np

from nec_engine.messages import F32, U8

# Corners of matplotlib's "inferno" (CC0, S. van der Walt and N. Smith), evenly spaced.
_CORNERS: Final = np.array(
    [
        (0, 0, 4), (31, 12, 72), (85, 15, 109), (136, 34, 106), (186, 54, 85), (227, 89, 51),
        (249, 140, 10), (249, 201, 50), (252, 255, 164),
    ],
    np.float32,
)  # fmt: skip
_TABLE: Final = np.stack(
    [np.interp(np.linspace(0, 8, 256), np.arange(9), channel) for channel in _CORNERS.T], axis=1
).astype(np.uint8)
_FAINTEST: Final = 0.04  # heat below this is left clear


def heat_rgba(heat: F32, opacity: float) -> U8:
    """uint8[H, W, 4], straight alpha: inferno colours of ``heat`` (0 .. 1), clear where it is cold.

    ``opacity``: 0 .. 1, of the hottest pixel.
    """
    level = np.clip(heat, 0.0, 1.0)
    rgba = np.empty((*heat.shape, 4), np.uint8)
    rgba[..., :3] = _TABLE[(255 * (0.25 + 0.75 * level)).astype(np.uint8)]
    alpha = np.where(level < _FAINTEST, 0.0, np.sqrt(level)) * (255 * min(max(opacity, 0.0), 1.0))
    rgba[..., 3] = alpha.astype(np.uint8)
    return rgba
