"""Defaults that depend on the agent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

WHOLE_EPISODE: Final = 0  # as n_step

# By agent; the table of Settings holds the defaults of "nec".
PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "nec": {},
    # Model-free episodic control, Blundell et al. 2016: the same memory without a network.
    "mfec": {
        "embedding": "projection",
        "key_size": 64,
        "num_neighbours": 11,
        "kernel": "average",
        "value_update": "maximum",
        "gamma": 1.0,
        "n_step": WHOLE_EPISODE,
        "epsilon_end": 0.005,
        "epsilon_decay_start": 0,
        "epsilon_decay_end": 2_000,
    },
    # Episodic control on fixed features, values while the episode runs and an optimistic prior:
    # our own recipe after Long et al. 2022 (NAIT); docs/decisions.md.
    "ec": {
        "embedding": "dct",
        "num_neighbours": 11,
        "delta": 0.1,
        "value_update": "append",
        "prior_distance": 1.0,
        "prior_source": "neighbours",
        "n_step": 500,
        "provisional_every": 10,
        "epsilon_start": 0.005,
        "epsilon_end": 0.005,
    },
    # Deep Q-network, Mnih et al. 2015, table 1 of its extended data; frames as steps of four.
    "dqn": {
        "clip_rewards": True,
        "n_step": 1,
        "learning_rate": 2.5e-4,
        "replay_capacity": 1_000_000,
        "learning_starts": 12_500,
        "epsilon_end": 0.1,
        "epsilon_decay_start": 12_500,  # random play until learning starts
        "epsilon_decay_end": 262_500,
    },
}
