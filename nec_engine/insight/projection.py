"""The plane that the map of the memory shows: principal components that hold still.

The plane of most variance (Pearson 1901) is only known up to its sign and turn, and it tips over
when two variances change places. So a plane that is nearly as good as the best one is kept, and a
new one is laid over the old as well as a turn, a reflection and a shift can (Schönemann 1966).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import torch
from torch import Tensor

from nec_engine.messages import F32, F64, Projection, read_only

NUM_AXES: Final = 2
KEPT_SHARE: Final = 0.9  # of the variance that the best plane shows: as much is good enough
FEWEST_SHARED: Final = 3  # entries, to lay one map over another


class _Spread(NamedTuple):
    """Where keys lie, and how they scatter."""

    mean: F64  # float64[D]
    covariance: F64  # float64[D, D]


def places_of(keys: Tensor, projection: Projection) -> F32:
    """Where keys float32[N, D] lie on the map, float32[N, 2]; on the device of the keys."""
    mean, axes = (torch.from_numpy(part).to(keys.device) for part in _writable(projection))
    places: F32 = ((keys - mean) @ axes.T).cpu().numpy()
    return places


def laid_over(now: F32, then: F32) -> F32:
    """Places ``now`` float32[N, 2] turned, mirrored and shifted to lie as near ``then`` as can be.

    For N > 0.
    """
    left, _, right = np.linalg.svd((now - now.mean(0)).T @ (then - then.mean(0)))
    places: F32 = ((now - now.mean(0)) @ (left @ right) + then.mean(0)).astype(np.float32)
    return places


def best_plane(keys: Tensor) -> Projection:
    """The plane of most variance of keys float32[N, D], N > 0; its sign is a convention."""
    return _best_plane(_spread_of(keys))


def next_plane(
    keys: Tensor, previous: Projection, shared_keys: Tensor, shared_places: F32
) -> Projection:
    """The plane for keys float32[N, D], so that the map looks like the ``previous`` one.

    ``shared_keys`` float32[S, D] are entries that had the places ``shared_places`` float32[S, 2]
    on the previous map.
    """
    spread = _spread_of(keys)
    fresh = _best_plane(spread)
    if previous.mean.shape != fresh.mean.shape:
        return fresh
    explained = _explained(previous.axes.astype(np.float64), spread.covariance)
    if explained >= KEPT_SHARE * fresh.explained:
        return Projection(previous.mean, previous.axes, explained)
    if len(shared_keys) < FEWEST_SHARED:
        return fresh
    return aligned(fresh, shared_keys, shared_places)


def aligned(fresh: Projection, shared_keys: Tensor, shared_places: F32) -> Projection:
    """``fresh`` turned, mirrored and shifted so that entries lie where they were, by least squares.

    Orthogonal Procrustes: no stretching, so distances stay what they are in the keys' space.
    """
    keys = shared_keys.cpu().numpy().astype(np.float64)
    places = shared_places.astype(np.float64)
    axes, mean_key, mean_place = fresh.axes.astype(np.float64), keys.mean(0), places.mean(0)
    now = (keys - mean_key) @ axes.T
    left, _, right = np.linalg.svd(now.T @ (places - mean_place))
    axes = (left @ right).T @ axes
    return _projection(mean_key - mean_place @ axes, axes, fresh.explained)


def _spread_of(keys: Tensor) -> _Spread:
    # The keys share an offset of several times their spread: taken off before anything is squared.
    wide = keys.double()
    mean = wide.mean(0)
    wide = wide - mean
    covariance = wide.T @ wide / len(keys)
    return _Spread(mean.cpu().numpy(), covariance.cpu().numpy())


def _best_plane(spread: _Spread) -> Projection:
    _, vectors = np.linalg.eigh(spread.covariance)  # variances ascending
    axes = np.zeros((NUM_AXES, len(spread.mean)))
    found = vectors[:, ::-1][:, :NUM_AXES].T
    axes[: len(found)] = found
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], 1)
    axes *= np.where(largest < 0, -1.0, 1.0)
    return _projection(spread.mean, axes, _explained(axes, spread.covariance))


def _explained(axes: F64, covariance: F64) -> float:
    total = float(np.trace(covariance))
    return float(np.trace(axes @ covariance @ axes.T)) / total if total > 0 else 1.0


def _projection(mean: F64, axes: F64, explained: float) -> Projection:
    return Projection(
        read_only(mean.astype(np.float32)), read_only(axes.astype(np.float32)), explained
    )


def _writable(projection: Projection) -> tuple[F32, F32]:
    """Copies, because torch warns of arrays that refuse writes."""
    return projection.mean.copy(), projection.axes.copy()
