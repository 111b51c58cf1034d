"""The distance that counts as 1 in the kernel: learned from what the trainer looks up."""

from __future__ import annotations

from typing import Any

import numpy as np
from torch import Tensor

MEMORY_READS = 2000  # how far back the running mean reaches, in lookups


class RunningScale:
    """Running mean of the p-th neighbour's squared distance: d_m^2 of Badia et al. 2020, Alg. 1.

    A plain mean over the first lookups, an exponential one from then on. 0 before the first.
    """

    def __init__(self) -> None:
        self.value = 0.0
        self._num_reads = 0

    def learn(self, distances_sq: Tensor, mask: Tensor) -> None:
        """Count one lookup's float32[B, K, P], nearest first, mask bool[B, K, P].

        Where fewer than p neighbours are, the furthest stands in; a lone one of several wanted says
        nothing.
        """
        found, num_found = distances_sq.cpu().numpy(), mask.cpu().numpy().sum(-1)
        has_enough = num_found >= min(2, found.shape[-1])
        if not has_enough.any():
            return
        last = np.maximum(num_found - 1, 0)
        furthest = np.take_along_axis(found, last[..., None], axis=-1)[..., 0]
        mean = float(furthest[has_enough].mean(dtype=np.float64))
        self._num_reads += 1
        rate = 1.0 / min(self._num_reads, MEMORY_READS)
        self.value += rate * (mean - self.value)

    def state_dict(self) -> dict[str, Any]:
        return {"value": self.value, "num_reads": self._num_reads}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.value, self._num_reads = state["value"], state["num_reads"]
