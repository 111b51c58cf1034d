"""Steps on their way to the memory: those that wait for their returns, and those taught."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from nec_engine.messages import U8, Moment, Origin

NO_ROW: Final = -1  # of an agent without a replay


@dataclass(frozen=True, slots=True)
class PendingStep:
    """A step of training that waits for its N-step return."""

    moment: Moment
    action: int
    state_hash: int
    replay_row: int
    key: Tensor  # float32[D]


@dataclass(frozen=True, slots=True)
class TaughtStep:
    """A step of the live game whose N-step return is known, on its way to the memory."""

    moment: Moment
    action: int
    state_hash: int
    screens: tuple[U8, ...]  # the four of the observation, uint8[84, 84], shared between steps
    reward: float  # of this step alone
    n_step_return: float
    origin: Origin
    is_last: bool = False  # it led to an end: of the episode, or of a life where that counts

    @property
    def observation(self) -> U8:
        """uint8[4, 84, 84], fresh."""
        return np.stack(self.screens)

    def follows(self, other: TaughtStep | None) -> bool:
        """Whether this is the step right after ``other``, in the same episode."""
        if other is None:
            return False
        return self.moment == Moment(other.moment.episode, other.moment.step + 1)


def pack_pending(state: dict[str, Any]) -> dict[str, Any]:
    """The steps that wait for their returns (``NStepReturns.state_dict``) as arrays."""
    steps: list[PendingStep] = state["steps"]
    keys = [step.key.cpu().numpy() for step in steps]
    return {
        "rewards": np.array(state["rewards"], np.float64),
        "episodes": np.array([step.moment.episode for step in steps], np.int64),
        "steps": np.array([step.moment.step for step in steps], np.int64),
        "actions": np.array([step.action for step in steps], np.int64),
        "state_hashes": np.array([step.state_hash for step in steps], np.uint64),
        "replay_rows": np.array([step.replay_row for step in steps], np.int64),
        "keys": np.stack(keys) if keys else np.empty((0, 0), np.float32),
    }


def unpack_pending(packed: dict[str, Any], device: torch.device) -> dict[str, Any]:
    """What :func:`pack_pending` was given."""
    steps = [
        PendingStep(
            Moment(int(packed["episodes"][i]), int(packed["steps"][i])),
            int(packed["actions"][i]),
            int(packed["state_hashes"][i]),
            int(packed["replay_rows"][i]),
            torch.from_numpy(np.array(packed["keys"][i])).to(device),
        )
        for i in range(len(packed["rewards"]))
    ]
    return {"steps": steps, "rewards": packed["rewards"].tolist()}
