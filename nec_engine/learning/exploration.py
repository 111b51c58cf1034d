"""Epsilon-greedy exploration."""

from __future__ import annotations

import numpy as np

from nec_engine.config import Settings
from nec_engine.messages import F32, Choice


def epsilon_at(step: int, settings: Settings) -> float:
    """Probability of a random action at ``step``: linear between the two set steps."""
    start, end = settings.epsilon_decay_start, settings.epsilon_decay_end
    done = min(max((step - start) / (end - start), 0.0), 1.0)
    return settings.epsilon_start + done * (settings.epsilon_end - settings.epsilon_start)


def epsilon_greedy(
    q_values: F32, epsilon: float, is_memory_empty: bool, rng: np.random.Generator
) -> tuple[int, Choice]:
    """The action to do and why; ties of the best Q are broken at random.

    Three numbers are drawn whatever happens, so that the stream does not depend on the values.
    """
    explore, random_action, tie = rng.random(), int(rng.integers(len(q_values))), rng.random()
    if explore < epsilon:
        return random_action, Choice.EXPLORED
    if is_memory_empty:
        return random_action, Choice.EMPTY
    best = np.flatnonzero(q_values == q_values.max())
    return int(best[int(tie * len(best))]), Choice.GREEDY
