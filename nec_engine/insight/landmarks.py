"""Places on a map that knows some entries alone, as one that UMAP made."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from nec_engine.insight.projection import places_of
from nec_engine.messages import F32, Landmarks, Projection

NUM_NEAREST: Final = 5
LEAST_SHARE: Final = 1e-5  # of the farthest one's squared distance, added to each: no 1 / 0


def places_on(plane: Projection | Landmarks, keys: Tensor) -> F32:
    """Where keys float32[N, D] lie on a map of either kind, float32[N, 2]."""
    if isinstance(plane, Projection):
        return places_of(keys, plane)
    return places_between(plane, keys)


def places_between(landmarks: Landmarks, keys: Tensor) -> F32:
    """The mean place of each key's nearest landmarks, weighted by one over squared distance.

    A landmark's own key has its place, but for a thousandth at most of the way to the others'.
    """
    marks = torch.from_numpy(landmarks.keys.copy()).to(keys.device)
    xy = torch.from_numpy(landmarks.xy.copy()).to(keys.device)
    # Squared distances up to a number of each key's own: all that the order needs.
    centre = marks.mean(0)
    near_marks, near_keys = marks - centre, keys - centre
    order = near_marks.square().sum(1) - 2 * near_keys @ near_marks.T
    nearest = order.topk(min(NUM_NEAREST, len(marks)), dim=1, largest=False).indices
    distances_sq = (keys[:, None] - marks[nearest]).square().sum(-1)
    floor = LEAST_SHARE * distances_sq.amax(1, keepdim=True) + 1e-30
    weights = 1 / (distances_sq + floor)
    shares = weights / weights.sum(1, keepdim=True)
    places: F32 = (shares[:, :, None] * xy[nearest]).sum(1).cpu().numpy()
    return places
