"""Saliency: how much each grey level on the agent's screens pulls on a Q, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch

from nec_engine.config import Settings
from nec_engine.learning.learner import q_through_memory
from nec_engine.learning.reading import Policy
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import F32, U8

HEAT_BLUR: Final = 1.5  # pixels of the 84x84 screen; for the eye only, the gradient stays as it is
METHOD: Final = "|gradient| of Q through the memory read, newest of 4 screens up"


@dataclass(frozen=True, slots=True)
class QGradient:
    """A Q and its gradient by the grey levels (0 .. 255) of the four screens."""

    q: float
    gradient: F32  # float32[4, 84, 84]


def gradient_of_q(
    policy: Policy, memory: EpisodicMemory, settings: Settings, observation: U8, action: int
) -> QGradient | None:
    """dQ/dscreens for uint8[4, 84, 84] at the neighbours now found; None if there are none.

    The gradient goes from Q through the kernel and the distances to the key and on through the
    network (chain rule over Pritzel et al. 2017, eqs. 1 to 5); the set of neighbours is held, as
    it is almost everywhere under a small change. Leaves no trace in the memory; any thread.
    """
    screens = torch.from_numpy(observation[None].astype(np.float32)).to(memory.device)
    screens.requires_grad_()
    key = policy.network(screens)
    neighbours = memory.lookup(
        key.detach(), np.array([[action]], np.int64), touch=False, need_keys=True
    )
    if not neighbours.num_entries[0, 0]:
        return None
    assert neighbours.keys is not None
    q = q_through_memory(
        key,
        neighbours.keys,
        neighbours.values,
        neighbours.mask,
        neighbours.kernel_scale,
        settings,
    )
    (gradient,) = torch.autograd.grad(q[0, 0], screens)
    return QGradient(float(q.detach()[0, 0]), gradient[0].cpu().numpy())


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
