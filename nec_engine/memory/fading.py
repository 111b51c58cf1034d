"""Old values count less: ``settings.value_decay``."""

from __future__ import annotations

import dataclasses
from typing import Final

import numpy as np
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.neighbours import Neighbours
from nec_engine.messages import F32, I64

DECAY_STEPS: Final = 100_000  # training steps after which ``value_decay`` of a value is left


def what_is_left(found: Neighbours, settings: Settings) -> Tensor:
    """The part float32[B, K, P] of each value that counts still, by the age of its last write."""
    if found.records is None:
        raise ValueError("the lookup was made without records")
    left = left_after(found.clock - found.records["clock"], settings)
    return torch.from_numpy(left).to(found.values.device)


def left_after(ages: I64, settings: Settings) -> F32:
    """The part of a value that counts still so many training steps after its last write."""
    left = settings.value_decay ** (np.maximum(ages, 0) / DECAY_STEPS)
    return left.astype(np.float32)


def faded(found: Neighbours, settings: Settings) -> Neighbours:
    """``found`` with values that went from what was written towards ``prior_value``."""
    low = settings.prior_value
    values = low + (found.values - low) * what_is_left(found, settings)
    return dataclasses.replace(found, values=torch.where(found.mask, values, 0.0))
