"""How long a game stands still at its start, so that not all begin alike."""

from __future__ import annotations

import numpy as np

from nec_engine.config import Settings


def draw_noops(settings: Settings, rng: np.random.Generator) -> int:
    """Frames of doing nothing: 1 to ``max_noops``, or 0 where that is 0."""
    return int(rng.integers(min(1, settings.max_noops), settings.max_noops + 1))
