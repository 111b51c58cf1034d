"""Several games of one kind in step with each other: one decision serves all.

They are played one after the other. ale-py 0.12.1 holds the interpreter while it emulates, so that
threads gain nothing (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nec_engine.game.emulator import Emulator, StepResult
from nec_engine.messages import U8


def observations_of(emulators: Sequence[Emulator]) -> U8:
    """uint8[N, 4, 84, 84], fresh: what each shows now."""
    return np.stack([emulator.observation() for emulator in emulators])


def step_each(emulators: Sequence[Emulator], actions: Sequence[int]) -> list[StepResult]:
    """What one step of each brought."""
    return [emulator.step(action) for emulator, action in zip(emulators, actions, strict=True)]
