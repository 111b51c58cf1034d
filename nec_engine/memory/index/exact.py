"""The reference index: every key is compared."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from nec_engine.messages import I64

# |k|^2 - 2 h.k is off by a few units in the last place of |k|^2. So that a neighbour at the edge
# is not lost to that, some more are proposed; the memory then measures all of them exactly.
NUM_SPARE = 16
QUERIES_AT_ONCE = 64


def nearest_rows(queries: Tensor, keys: Tensor, norms_sq: Tensor, num: int) -> I64:
    """int64[B, min(N, num + 16)]: rows of keys float32[N, D] that may be nearest to each query.

    norms_sq: float32[N], the squared norms of the keys.
    """
    num_keys = len(keys)
    num_wanted = num + NUM_SPARE
    if num_keys <= num_wanted:
        return np.broadcast_to(np.arange(num_keys), (len(queries), num_keys))
    parts = []
    for part in torch.split(queries, QUERIES_AT_ONCE):
        # |h - k|^2 less the query's own |h|^2, which changes no order
        if len(part) == 1:
            scores = torch.addmv(norms_sq, keys, part[0], alpha=-2.0)[None]
        else:
            scores = torch.addmm(norms_sq, part, keys.T, alpha=-2.0)
        parts.append(scores.topk(num_wanted, largest=False, sorted=False).indices)
    return torch.cat(parts).cpu().numpy()
