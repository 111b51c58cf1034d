"""A bonus for actions that are little known in a state: ``settings.exploration_bonus``."""

from __future__ import annotations

import numpy as np

from nec_engine.config import Settings
from nec_engine.memory.kernel import LEAST_SCALE
from nec_engine.memory.neighbours import Neighbours
from nec_engine.messages import F32


def exploration_bonus(found: Neighbours, settings: Settings) -> F32:
    """float32[B, K]: beta / sqrt(1 + n) for each action (Strehl and Littman 2008).

    n stands in for how often it was done here: every neighbour found counts as often as it was
    written, times 1 / (1 + squared distance over the kernel's scale), 1 for this very state
    (as the pseudo-counts of Badia et al. 2020, NGU). The lookup must have records.
    """
    if found.records is None:
        raise ValueError("the lookup was made without records")
    distances_sq = found.distances_sq.cpu().numpy() / max(found.kernel_scale, LEAST_SCALE)
    visits = 1.0 + found.records["num_updates"]
    counts = np.where(found.mask.cpu().numpy(), visits / (1.0 + distances_sq), 0.0).sum(-1)
    bonus: F32 = (settings.exploration_bonus / np.sqrt(1.0 + counts)).astype(np.float32)
    return bonus
