"""Coarse shapes, and what moves, as embedding: low frequencies, nothing to learn."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from nec_engine.game.preprocess import SCREEN_SIZE

NUM_PICTURES = 2  # the newest screen; its difference to the one before
LEVELS = 1024  # of a cosine: products and sums are exact in float64


class CosineTransform(nn.Module):
    """Keys float32[B, key_size] of observations [B, 4, 84, 84]: their lowest frequencies.

    The two-dimensional cosine transform (DCT-II, orthonormal) of the newest screen and of its
    difference to the one before, key_size / 2 numbers each, by rising frequency in the worse of
    both directions: 128 numbers are two blocks of 8 x 8. White counts as 1. The cosines are
    rounded, so that sums are exact and the same observation has the same key to the last bit,
    alone or in any batch.
    """

    basis: Tensor  # float64[F, 84], whole numbers: the F lowest frequencies
    places: Tensor  # int64[key_size] into [2, F, F], flat

    def __init__(self, key_size: int) -> None:
        super().__init__()
        order = sorted(
            ((u, v) for u in range(SCREEN_SIZE) for v in range(SCREEN_SIZE)),
            key=lambda uv: (max(uv), uv),
        )
        chosen = [
            (place % NUM_PICTURES, *order[place // NUM_PICTURES]) for place in range(key_size)
        ]
        num = 1 + max(max(u, v) for _, u, v in chosen)
        frequencies = torch.arange(num, dtype=torch.float64)[:, None]
        pixels = torch.arange(SCREEN_SIZE, dtype=torch.float64) + 0.5
        basis = torch.cos(frequencies * pixels * (math.pi / SCREEN_SIZE))
        basis[0] *= math.sqrt(0.5)
        self.register_buffer("basis", basis.mul_(LEVELS).round_())
        places = [(picture * num + u) * num + v for picture, u, v in chosen]
        self.register_buffer("places", torch.tensor(places))
        self._scale = 2.0 / (255.0 * SCREEN_SIZE * LEVELS**2)

    def forward(self, observations: Tensor) -> Tensor:
        """Keys float32[B, key_size] of grey levels 0 .. 255, uint8 or float32[B, 4, 84, 84]."""
        newest, before = observations[:, -1].double(), observations[:, -2].double()
        rows = torch.stack([newest, newest - before], 1) @ self.basis.T  # [B, 2, 84, F]
        spectra = self.basis @ rows  # [B, 2, F, F]
        return (spectra.flatten(1)[:, self.places] * self._scale).float()
