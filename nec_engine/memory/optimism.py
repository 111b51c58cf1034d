"""The neighbours that promise more get a larger say: ``settings.optimism``."""

from __future__ import annotations

import torch
from torch import Tensor


def tilted(
    kernels: Tensor, prior_kernel: Tensor, values: Tensor, optimism: float
) -> tuple[Tensor, Tensor]:
    """Kernels float32[B, K, P] and float32[B, K], each times exp(optimism z).

    z is how many standard deviations a value lies above the mean of those of its action that have
    a say at all: rewards of any size are tilted alike. The prior stands at the mean. Shares made
    of the kernels sum to 1 as before.
    """
    speaks = kernels > 0
    num = speaks.sum(-1, keepdim=True).clamp(min=1)
    values = torch.where(speaks, values, 0.0)
    mean = values.sum(-1, keepdim=True) / num
    above = torch.where(speaks, values - mean, 0.0)
    variance = above.square().sum(-1, keepdim=True) / num
    # Values that differ by rounding alone are equal.
    rounding = 1e-5 * values.detach().abs().amax(-1, keepdim=True) + 1e-15
    z = above / (variance + rounding.square()).sqrt()
    top = z.detach().amax(-1, keepdim=True)  # so that nothing overflows
    return kernels * (optimism * (z - top)).exp(), prior_kernel * (-optimism * top[..., 0]).exp()
