"""A network's weights as arrays, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import nn


def weights_of(network: nn.Module) -> dict[str, Any]:
    """Arrays by name; on the CPU views."""
    return {name: tensor.detach().cpu().numpy() for name, tensor in network.state_dict().items()}


def load_weights(network: nn.Module, weights: Mapping[str, Any]) -> None:
    """Take over what :func:`weights_of` gave."""
    network.load_state_dict(
        {name: torch.from_numpy(np.array(array)) for name, array in weights.items()}
    )
