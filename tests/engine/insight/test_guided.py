"""Guided backpropagation, through the real network."""

from __future__ import annotations

import numpy as np
import torch

from nec_engine.insight.guided import GuidedRectifiers
from nec_engine.learning.network import EmbeddingNetwork


def upstream_gradients(network: EmbeddingNetwork, *, guided: bool) -> list[torch.Tensor]:
    """What goes down from each rectifier into the convolution below it."""
    outputs: list[torch.Tensor] = []
    layers = (network.conv_1, network.conv_2, network.conv_3)
    hooks = [
        layer.register_forward_hook(lambda _, __, out: outputs.append(out)) for layer in layers
    ]
    screens = torch.from_numpy(np.random.default_rng(1).uniform(0, 255, (1, 4, 84, 84)))
    screens = screens.float().requires_grad_()
    if guided:
        with GuidedRectifiers():
            key = network(screens)
    else:
        key = network(screens)
    for hook in hooks:
        hook.remove()
    return list(torch.autograd.grad(key[0, :5].sum(), outputs))


def test_nothing_negative_goes_down_through_a_rectifier() -> None:
    network = EmbeddingNetwork(16)
    assert all(float(g.min()) >= 0 for g in upstream_gradients(network, guided=True))
    assert all(float(g.max()) > 0 for g in upstream_gradients(network, guided=True))
    assert any(float(g.min()) < 0 for g in upstream_gradients(network, guided=False))


def test_the_network_gives_the_same_keys_and_is_plain_again_afterwards() -> None:
    network = EmbeddingNetwork(16)
    screens = torch.rand(2, 4, 84, 84) * 255
    plain = network(screens)
    with GuidedRectifiers():
        torch.testing.assert_close(network(screens), plain)
    torch.testing.assert_close(network(screens), plain)
    assert any(float(g.min()) < 0 for g in upstream_gradients(network, guided=False))
