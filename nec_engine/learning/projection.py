"""A random projection of the screens as embedding: nothing to learn (Blundell et al. 2016)."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE

LEVELS = 16  # of a weight, within one standard deviation


class GaussianProjection(nn.Module):
    """Keys float32[B, key_size] of observations [B, 4, 84, 84], from torch's global generator.

    Scaled so that the distance of two keys is about that of the observations, white counting as 1
    (Johnson and Lindenstrauss). The weights are rounded to 1/16 of their standard deviation: sums
    of grey levels times small whole numbers are exact in float32, so the same observation has the
    same key to the last bit, alone or in any batch.
    """

    weights: Tensor  # float32[key_size, 4 * 84 * 84], whole numbers

    def __init__(self, key_size: int) -> None:
        super().__init__()
        weights = torch.randn(key_size, STACK_SIZE * SCREEN_SIZE * SCREEN_SIZE)
        self.register_buffer("weights", weights.mul_(LEVELS).round_())
        self._scale = 1.0 / (255.0 * LEVELS * math.sqrt(key_size))

    def forward(self, observations: Tensor) -> Tensor:
        """Keys float32[B, key_size] of grey levels 0 .. 255, uint8 or float32[B, 4, 84, 84]."""
        return nn.functional.linear(observations.flatten(1).float(), self.weights) * self._scale
