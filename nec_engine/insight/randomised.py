"""The sanity check of Adebayo et al. 2018: is a map of what was learned, or of the screen alone?"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from torch import nn

from nec_engine.learning.agents import Policy
from nec_engine.messages import F32, F64


def layers_of(policy: Policy) -> list[str]:
    """Those that can be made random, the topmost first; empty without a network.

    Where two networks judge together, as many names as the deeper one has.
    """
    by_network = [_layers(network) for network in policy.networks]
    deepest = max(map(len, by_network), default=0)
    return [
        " and ".join(dict.fromkeys(layers[place] for layers in by_network if place < len(layers)))
        for place in range(deepest)
    ]


def randomised(policy: Policy) -> Iterator[Policy]:
    """The agent with its topmost layer random, with the topmost two, ... until all are.

    A random layer has weights and biases drawn from a normal distribution with the mean and the
    spread of its own. The memory stays as it is. The same numbers every time.
    """
    for num in range(1, len(layers_of(policy)) + 1):
        yield policy.with_networks(partial(_with_random, num))


def rank_correlation(first: F32, second: F32) -> float | None:
    """Spearman's, of the sizes of two maps; None where one of them is the same everywhere."""
    a, b = (_ranks(np.abs(attribution).reshape(-1)) for attribution in (first, second))
    a, b = a - a.mean(), b - b.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > 0 else None


def _layers(network: nn.Module) -> list[str]:
    return [
        name
        for name, layer in reversed(list(network.named_children()))
        if isinstance(layer, nn.Conv2d | nn.Linear)
    ]


@torch.no_grad()
def _with_random(num: int, network: nn.Module) -> nn.Module:
    """A copy with its topmost ``num`` layers random."""
    changed = copy.deepcopy(network)
    rng = torch.Generator().manual_seed(0)
    for name in _layers(network)[:num]:
        for weights in changed.get_submodule(name).parameters():
            spread = float(weights.std(correction=0))
            drawn = torch.randn(weights.shape, generator=rng) * spread + float(weights.mean())
            weights.copy_(drawn.to(weights.device))
    return changed


def _ranks(values: F32) -> F64:
    """float64[N]: the place of each by size; equal ones share theirs."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: F64 = (last - (counts - 1) / 2)[places]
    return ranks
