"""The reference search: every key is compared."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from nec_engine.memory.rows import Rows
from nec_engine.messages import I64

# |k|^2 - 2 h.k is off by a few units in the last place of the larger terms. So that a neighbour
# at the edge is not lost to that, some more are proposed; the memory measures all of them exactly.
NUM_SPARE = 16
QUERIES_AT_ONCE = 64
FEW_KEYS = 10_000  # up to here the plain product is the fastest of those tried (MKL)


def nearest_rows(queries: Tensor, keys: Tensor, norms_sq: Tensor, num: int) -> I64:
    """int64[B, min(N, num + 16)]: rows of keys float32[N, D] that may be nearest to each query.

    queries: float32[B, D] less the centre c that norms_sq float32[N] = |k - c|^2 are taken from:
    |h - k|^2 = |h - c|^2 + |k - c|^2 - 2 (h - c).(k - c). What all keys have in common (most of
    their length, with a convolutional network) is so kept out of the rounding.
    """
    num_keys, num_wanted = keys.shape[0], num + NUM_SPARE
    if num_keys <= num_wanted:
        return np.broadcast_to(np.arange(num_keys), (queries.shape[0], num_keys))
    if queries.shape[0] <= QUERIES_AT_ONCE:
        return _smallest(queries, keys, norms_sq, num_wanted)
    parts = torch.split(queries, QUERIES_AT_ONCE)
    return np.concatenate([_smallest(part, keys, norms_sq, num_wanted) for part in parts])


def _smallest(queries: Tensor, keys: Tensor, norms_sq: Tensor, num: int) -> I64:
    if keys.shape[0] <= FEW_KEYS:
        products = torch.mm(queries, keys.T)
    elif queries.shape[0] == 1 and keys.device.type == "cpu":
        # On the CPU this reads many keys up to 4 times faster than a product of MKL.
        dots = np.einsum("nd,d->n", keys.numpy(), queries[0].numpy())
        products = torch.from_numpy(dots)[None]
    else:
        products = torch.mm(keys, queries.T).T
    # less what depends on the query alone, which changes no order
    scores = torch.add(norms_sq, products, alpha=-2.0)
    rows: I64 = scores.topk(num, largest=False, sorted=False).indices.cpu().numpy()
    return rows


class ExactIndex:
    """The slots of one action, searched one and all: what the other indexes are measured by.

    Always up to date, with no tail and nothing to build.
    """

    def __init__(self, rows: Rows, action: int) -> None:
        self._rows, self._action = rows, action

    def __len__(self) -> int:
        return int(self._rows.sizes[self._action])

    def search(self, queries: Tensor, num: int) -> I64:
        keys, norms_sq = self._rows.filled(self._action)
        return nearest_rows(queries - self._rows.centre, keys, norms_sq, num)
