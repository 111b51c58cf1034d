"""An order of keys in which those that stand together are near each other.

A search of a forest measures thousands of keys all over its file. Where near ones stand together
these are runs, not single places: a query takes a fifth less time (docs/decisions.md).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

LEAST_SPLIT: Final = 64  # keys; fewer stay in the order they came in
NUM_SAMPLED: Final = 256  # of which the direction of a split is found
NUM_TURNS: Final = 4  # of power iteration towards it
KEYS_AT_ONCE: Final = 4096

_Ids = npt.NDArray[np.int32]


def near_order(keys: npt.NDArray[np.float32], seed: int) -> _Ids:
    """int32[N]: the rows of keys float32[N, D] in that order. Same arguments, same order.

    They are halved again and again across the direction in which they differ most. One thread adds
    up: the others have work to do, and sums would depend on how many there are.
    """
    rng = np.random.default_rng(seed)
    parts: list[_Ids] = []
    left = [np.arange(len(keys), dtype=np.int32)]
    while left:
        ids = left.pop()
        if len(ids) <= LEAST_SPLIT:
            parts.append(ids)
            continue
        along = _along(keys, ids, _main_direction(keys[rng.choice(ids, NUM_SAMPLED)], rng))
        half = len(ids) // 2
        at = np.argpartition(along, half)
        left += [ids[at[half:]], ids[at[:half]]]  # the last is taken first
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def _main_direction(
    keys: npt.NDArray[np.float32], rng: np.random.Generator
) -> npt.NDArray[np.float32]:
    """float32[D], about the one in which keys float32[N, D] differ most."""
    centred = keys - keys.mean(axis=0)
    direction = rng.standard_normal(keys.shape[1:], np.float32)
    for _ in range(NUM_TURNS):
        direction = np.einsum("ij,i->j", centred, np.einsum("ij,j->i", centred, direction))
        direction /= max(float(np.abs(direction).max()), 1e-30)
    return direction


def _along(
    keys: npt.NDArray[np.float32], ids: _Ids, direction: npt.NDArray[np.float32]
) -> npt.NDArray[np.float32]:
    """float32[N]: how far along ``direction`` each of these is; some at a time, for the memory."""
    along = np.empty(len(ids), np.float32)
    for start in range(0, len(ids), KEYS_AT_ONCE):
        part = slice(start, start + KEYS_AT_ONCE)
        np.einsum("ij,j->i", keys[ids[part]], direction, out=along[part])
    return along
