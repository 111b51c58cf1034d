"""Reading the memory: one differentiable function for each equation of Pritzel et al. 2017.

``B`` queries, ``K`` actions for each, ``P`` neighbours for each of those. Masked places hold no
neighbour: they get the share 0 and no gradient, whatever their distance and value.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.lessons import Lessons, unfamiliar, weighted
from nec_engine.memory.optimism import tilted

LEAST_SCALE = 1e-30  # a memory of identical keys has no scale; keeps 0 / 0 away


class Read(NamedTuple):
    """What the memory says: Q, and whose word it is."""

    q: Tensor  # float32[B, K]
    shares: Tensor  # float32[B, K, P]
    prior_shares: Tensor  # float32[B, K]; 0 without a prior
    prior_values: Tensor  # float32[B, K]: what the prior says


def squared_distances(queries: Tensor, keys: Tensor) -> Tensor:
    """||h - h_i||^2, float32[B, K, P], of queries float32[B, D] to keys float32[B, K, P, D].

    By direct difference: ``|k|^2 - 2 h.k + |h|^2`` loses a small distance of long keys to
    rounding, and an exact match must come out as 0.
    """
    return (queries[:, None, None, :] - keys).square().sum(-1)


def inverse_distance(distances_sq: Tensor, delta: float) -> Tensor:
    """k(h, h_i) = 1 / (||h - h_i||^2 + delta), as the distances (Pritzel et al. 2017, eq. 5)."""
    return 1.0 / (distances_sq + delta)


def average(distances_sq: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """1 for every neighbour, and for the prior; an exact match speaks alone (Blundell et al. 2016).

    float32[B, K, P] and float32[B, K]. Several at distance 0 share the word. No gradient.
    """
    is_same = (distances_sq == 0) & mask
    has_same = is_same.any(-1)
    speaks = torch.where(has_same[..., None], is_same, mask)
    return speaks.to(distances_sq.dtype), (~has_same).to(distances_sq.dtype)


def kernel_weights(kernels: Tensor, prior_kernel: Tensor) -> tuple[Tensor, Tensor]:
    """Shares float32[B, K, P] and float32[B, K] of neighbours and prior (eq. 2).

    Together they sum to 1, or to 0 where all kernels are 0: nothing is remembered there.
    """
    total = kernels.sum(-1) + prior_kernel
    total = torch.where(total > 0, total, torch.ones_like(total))
    return kernels / total[..., None], prior_kernel / total


def weighted_sum(shares: Tensor, values: Tensor) -> Tensor:
    """Sum of shares times values over the neighbours, float32[B, K] (eq. 1).

    Summed in double precision: contributions of both signs must add up to the Q that is shown.
    """
    return (shares * values).sum(-1, dtype=torch.float64).to(shares.dtype)


def neighbourhood_value(kernels: Tensor, values: Tensor, settings: Settings) -> Tensor:
    """What the neighbours of all actions together promise, float32[B]: their mean by kernel and
    ``prior_optimism`` standard deviations more; ``prior_value`` where there are none.
    """
    total = kernels.sum((1, 2))
    is_known = total > 0
    total = torch.where(is_known, total, torch.ones_like(total))
    mean = (kernels * values).sum((1, 2)) / total
    variance = (kernels * (values - mean[:, None, None]).square()).sum((1, 2)) / total
    promised = mean + settings.prior_optimism * (variance + LEAST_SCALE).sqrt()
    return torch.where(is_known, promised, settings.prior_value)


def read_memory(
    distances_sq: Tensor,
    values: Tensor,
    mask: Tensor,
    scale: float,
    settings: Settings,
    lessons: Lessons | None = None,
) -> Read:
    """Q of every action with the share of every neighbour, differentiable in distances and values.

    distances_sq, values: float32[B, K, P]; mask: bool[B, K, P], true where there is a neighbour.
    ``scale`` is the squared distance that counts as 1 under ``kernel_scale=relative``; ``absolute``
    is the paper's kernel and ignores it. With ``prior_distance`` > 0 one pseudo-entry at that
    distance (in the kernel's units) joins every read; in an average it counts as one neighbour.
    Its value is ``prior_value`` or, with ``prior_source=neighbours``, what the neighbours of all
    ``K`` actions together promise. Where there is no neighbour at all, q is the prior's value and
    all shares are 0. With ``lessons`` the unfamiliar of :mod:`nec_engine.memory.lessons` joins the
    prior, so that all still adds up; ``K`` are all actions then.
    """
    unit = max(scale, LEAST_SCALE) if settings.kernel_scale == "relative" else 1.0
    zeros = torch.zeros_like(distances_sq)
    if lessons is not None and lessons.weight == 0:
        mask = mask & ~lessons.is_taught  # as if they were not there
    is_known = mask.any(-1)
    # where() before the division as well: a masked infinity would make its gradient NaN.
    nearness = inverse_distance(torch.where(mask, distances_sq, zeros) / unit, settings.delta)
    nearness = torch.where(mask, nearness, zeros)
    if settings.kernel == "average":
        kernels, prior = average(distances_sq, mask)
    else:
        kernels = nearness
        prior = torch.full_like(zeros[..., 0], 1.0 / (settings.prior_distance + settings.delta))
    if lessons is not None:
        kernels, nearness = weighted(kernels, lessons), weighted(nearness, lessons)
    prior_kernel = torch.zeros_like(prior)
    if settings.prior_distance > 0:
        prior_kernel = torch.where(is_known, prior, prior_kernel)
    values = torch.where(mask, values, zeros)
    say, prior_say = kernels, prior_kernel
    if settings.optimism > 0:
        say, prior_say = tilted(kernels, prior_kernel, values, settings.optimism)
    shares, prior_shares = kernel_weights(say, prior_say)
    prior_values = torch.full_like(prior, settings.prior_value)
    if settings.prior_source == "neighbours":
        promised = neighbourhood_value(kernels, values, settings)
        prior_values = promised[:, None].expand_as(prior)
    q = weighted_sum(shares, values) + prior_shares * prior_values
    read = Read(torch.where(is_known, q, prior_values), shares, prior_shares, prior_values)
    if lessons is None or not lessons.lead:
        return read
    return _with_unfamiliar(read, *unfamiliar(nearness, values, mask, lessons))


def _with_unfamiliar(read: Read, shares: Tensor, value: Tensor) -> Read:
    """``read`` with ``shares`` float32[B, K] of each Q given to ``value`` float32[B]; both
    pseudo-entries, that of the prior and this, are told as one."""
    left = 1.0 - shares
    low = value[:, None]
    of_prior = left * read.prior_shares
    together = of_prior + shares
    mixed = (of_prior * read.prior_values + shares * low) / torch.where(together > 0, together, 1.0)
    return Read(
        q=left * read.q + shares * low,
        shares=left[..., None] * read.shares,
        prior_shares=together,
        prior_values=torch.where(together > 0, mixed, read.prior_values),
    )
