"""Maps of a memory as the engine makes them, for the panel."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from nec_engine.messages import AskPlaces, MapAnswer, PlacesAnswer, Projection, read_only

PLANE = Projection(np.zeros(8, np.float32), np.eye(2, 8, dtype=np.float32), 0.37)


def make_map(num: int = 200, num_actions: int = 6, **changes: Any) -> MapAnswer:
    """Entry i of action i % num_actions at (i // 10, i % 10), value i, age 10 i."""
    order = np.arange(num)
    xy = np.stack([order // 10, order % 10], axis=1).astype(np.float32)
    answer = MapAnswer(
        panel="map",
        xy=read_only(xy),
        actions=(order % num_actions).astype(np.uint8),
        slots=order,
        values=order.astype(np.float32),
        ages_steps=10 * order,
        origins=(order % 2).astype(np.uint8),
        episodes=order // 50,
        steps=order,
        state_hashes=order.astype(np.uint64) + np.uint64(7),
        projection=PLANE if num else None,
        density=None,
        num_entries=tuple(np.bincount(order % num_actions, minlength=num_actions).tolist()),
        memory_version=num,
        took_s=0.1,
    )
    return dataclasses.replace(answer, **changes)


def places_for(question: AskPlaces, centre: tuple[float, float] | None) -> PlacesAnswer:
    """All asked entries near ``centre``."""
    at = (np.nan, np.nan) if centre is None else centre
    xy = np.full((len(question.slots), 2), at, np.float32)
    return PlacesAnswer(
        question.panel, question.projection, question.number, xy, question.shares, centre
    )
