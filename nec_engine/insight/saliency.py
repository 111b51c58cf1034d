"""A map for the eye out of what each pixel does."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from nec_engine.messages import F32

HEAT_BLUR: Final = 1.5  # pixels of the 84x84 screen; for the eye only, the attribution stays


def heat_of(attribution: F32) -> F32:
    """float32[84, 84], >= 0, largest 1: the strongest over the four screens, blurred.

    All 0 when nothing pulls. Taken for showing over a picture; no part of it is signed.
    """
    strongest = np.abs(attribution).max(axis=0)
    heat: F32 = np.asarray(cv2.GaussianBlur(strongest, (0, 0), HEAT_BLUR), np.float32)
    peak = heat.max()
    if not (np.isfinite(peak) and peak > 0):
        return np.zeros_like(heat)
    heat /= peak
    return heat
