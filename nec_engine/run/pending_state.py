"""The steps that wait for their returns, as arrays for the snapshot."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from nec_engine.learning.agent import PendingStep
from nec_engine.messages import Moment


def pack_pending(state: dict[str, Any]) -> dict[str, Any]:
    """The steps that wait for their returns (``NStepReturns.state_dict``)."""
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
