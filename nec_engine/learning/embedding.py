"""Which part makes keys of screens: ``settings.embedding``."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.cosine import CosineTransform
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.projection import GaussianProjection
from nec_engine.messages import U8
from nec_engine.seeding import derived_seed


def make_embedding(settings: Settings) -> nn.Module:
    """Keys float32[B, key_size] of grey levels 0 .. 255, uint8 or float32[B, 4, 84, 84].

    Differentiable by its float input; random parts come from the seed alone.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derived_seed(settings.seed, "network"))
        if settings.embedding == "projection":
            return GaussianProjection(settings.key_size)
        if settings.embedding == "dct":
            return CosineTransform(settings.key_size)
        network = EmbeddingNetwork(settings.key_size)
        return network.requires_grad_(settings.embedding == "learned")


def embed(embedding: nn.Module, observations: U8, device: torch.device) -> Tensor:
    """Keys float32[B, D] of uint8[B, 4, 84, 84], without a graph for gradients."""
    with torch.inference_mode():
        keys: Tensor = embedding(torch.tensor(observations, device=device))
    return keys


def embed_each(embedding: nn.Module, observations: U8, device: torch.device) -> Tensor:
    """As :func:`embed`, with the very keys that each has alone.

    A network's rounding depends on the size of the batch, so it sees one at a time.
    """
    if isinstance(embedding, GaussianProjection | CosineTransform):
        return embed(embedding, observations, device)
    return torch.cat([embed(embedding, one[None], device) for one in observations])
