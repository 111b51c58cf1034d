"""Saliency: how much each grey level on the agent's screens pulls on a Q, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch

from nec_engine.learning.agents import Policy
from nec_engine.messages import F32, U8

HEAT_BLUR: Final = 1.5  # pixels of the 84x84 screen; for the eye only, the gradient stays as it is


@dataclass(frozen=True, slots=True)
class QGradient:
    """A Q and its gradient by the grey levels (0 .. 255) of the four screens."""

    q: float
    gradient: F32  # float32[4, 84, 84]


def gradient_of_q(policy: Policy, observation: U8, action: int) -> QGradient | None:
    """dQ/dscreens for uint8[4, 84, 84]; None if nothing is known of ``action``.

    Leaves no trace in the agent; any thread.
    """
    screens = torch.from_numpy(observation.astype(np.float32)).to(policy.device)
    screens.requires_grad_()
    q = policy.q_of_screens(screens, action)
    if q is None:
        return None
    (gradient,) = torch.autograd.grad(q, screens)
    return QGradient(float(q.detach()), gradient.cpu().numpy())


def heat_of(gradient: F32) -> F32:
    """float32[84, 84], >= 0, largest 1: the strongest |gradient| over the four screens, blurred.

    All 0 when the gradient vanishes. Taken for showing over a picture; no part of it is signed.
    """
    strongest = np.abs(gradient).max(axis=0)
    heat: F32 = np.asarray(cv2.GaussianBlur(strongest, (0, 0), HEAT_BLUR), np.float32)
    peak = heat.max()
    if not (np.isfinite(peak) and peak > 0):
        return np.zeros_like(heat)
    heat /= peak
    return heat
