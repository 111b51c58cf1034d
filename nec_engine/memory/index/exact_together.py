"""The reference search of several actions in one go: for a device, where each answer is waited for.

An action at a time costs a few kernels and a round trip to the host each. Here all of them are one
batched product, one selection and one transfer. The CPU has no use for it: it waits for nothing,
and searches what is filled alone.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from nec_engine.memory.index.exact import NUM_SPARE
from nec_engine.memory.rows import Rows
from nec_engine.messages import I64

SCORES_AT_ONCE: Final = 1 << 25  # 128 MB


class _Asked(NamedTuple):
    """Pairs (query, action) by action: as many places for each as the most asked one needs."""

    first: int  # action
    queries: I64  # [G, M]: of actions first, first + 1, ...; 0 where fewer ask
    groups: I64  # [N]: where each pair is
    places: I64  # [N]


def are_dense(actions: I64) -> bool:
    """Whether of the actions from the lowest to the highest of int64[B, K] most are asked for."""
    if not actions.size:
        return False
    asked = np.unique(actions)
    return len(asked) > 1 and 2 * len(asked) > int(asked[-1] - asked[0])


def nearest_slots(rows: Rows, queries: Tensor, actions: I64, num: int) -> I64:
    """int64[B, K, num'] slots that may be nearest to queries float32[B, D] in actions int64[B, K].

    Padded with -1; num' is at most num + 16. As :func:`nearest_rows` finds them for each action.
    """
    asked = _by_action(actions)
    num_groups = len(asked.queries)
    sizes = rows.sizes[asked.first : asked.first + num_groups].copy()
    num_rows = int(sizes.max())
    num_found = num + NUM_SPARE
    if num_rows <= num_found:  # all there are
        slots = np.arange(num_rows)
        return np.where(slots < rows.sizes[actions][..., None], slots, -1)
    # Views of the rows of all these actions, as long as the fullest: [G, N, D] and [G, N].
    span = slice(asked.first, asked.first + num_groups)
    keys = rows.keys.view(rows.num_actions, rows.capacity, -1)[span, :num_rows]
    norms_sq = rows.norms_sq.view(rows.num_actions, rows.capacity)[span, :num_rows]
    # What is not filled holds anything at all. With this norm it scores infinity or NaN, and both
    # come last.
    numbers = torch.arange(num_rows, device=rows.device)
    is_filled = numbers < torch.from_numpy(sizes).to(rows.device)[:, None]
    norms_sq = torch.where(is_filled, norms_sq, torch.inf)
    asking = queries - rows.centre
    columns = asking[torch.from_numpy(asked.queries).to(rows.device)]  # [G, M, D]

    num_columns = max(1, SCORES_AT_ONCE // (num_groups * num_rows))
    parts = [
        torch.baddbmm(norms_sq[:, None], part, keys.transpose(1, 2), alpha=-2.0)
        .topk(num_found, largest=False, sorted=False)
        .indices
        for part in torch.split(columns, num_columns, dim=1)
    ]
    found: I64 = torch.cat(parts, dim=1).cpu().numpy()  # [G, M, num']
    found = np.where(found < sizes[:, None, None], found, -1)
    return found[asked.groups, asked.places].reshape(*actions.shape, num_found)


def _by_action(actions: I64) -> _Asked:
    num_queries, num_places = actions.shape
    pairs = actions.reshape(-1)
    first = int(pairs.min())
    groups = pairs - first
    counts = np.bincount(groups)
    order = np.argsort(groups, kind="stable")
    places = np.empty(len(pairs), np.int64)
    starts = np.cumsum(counts) - counts
    places[order] = np.arange(len(pairs)) - starts[groups[order]]
    queries = np.zeros((len(counts), int(counts.max())), np.int64)
    queries[groups, places] = np.repeat(np.arange(num_queries), num_places)
    return _Asked(first, queries, groups, places)
