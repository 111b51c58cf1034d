"""Screens without their details: all over, or in a box."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from nec_engine.messages import U8, Box

LEAST_BLUR: Final = 3.0  # pixels, as Greydanus et al. 2018
BLUR_OF_BOX: Final = 0.5  # of its shorter side: nothing that fits into the box keeps its shape


def blurred(observation: U8, blur: float) -> U8:
    """uint8[4, 84, 84]: each screen under a Gaussian of this standard deviation in pixels."""
    return np.stack([cv2.GaussianBlur(screen, (0, 0), blur) for screen in observation])


def blur_of(box: Box) -> float:
    """How strongly a box is blurred: standard deviation in pixels."""
    return max(LEAST_BLUR, BLUR_OF_BOX * min(box.width, box.height))


def blurred_in(observation: U8, box: Box) -> U8:
    """uint8[4, 84, 84]: blurred inside the box on all screens, untouched outside."""
    changed = observation.copy()
    rows = slice(box.top, box.top + box.height)
    columns = slice(box.left, box.left + box.width)
    changed[:, rows, columns] = blurred(observation, blur_of(box))[:, rows, columns]
    return changed
