"""Where some entries lie on a map that was drawn before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from nec_engine.insight.landmarks import places_on
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import AskPlaces, Landmarks, PlacesAnswer, read_only
from nec_engine.run.answering.desk import Desk

MOST_BETWEEN: Final = 8
NOWHERE: Final = -1


def places(question: AskPlaces, desk: Desk) -> Iterator[PlacesAnswer]:
    """One answer, by the keys as they are now; none for an agent without a memory.

    Between landmarks a place takes time: those of the largest shares alone are found there. Where
    the map or the action is of another game, which was open a moment ago, nothing is found.
    """
    memory = desk.memory
    if memory is None:
        return
    xy = np.full((len(question.slots), 2), np.nan, np.float32)
    all_slots = question.slots
    if question.entry is not None:
        slot = memory.contents.slot_of(question.entry)
        all_slots = np.array([NOWHERE if slot is None else slot])
    size = _size_of(question, memory)
    is_wanted = (all_slots != NOWHERE) & (all_slots < size)
    if isinstance(question.projection, Landmarks) and len(question.shares) > MOST_BETWEEN:
        is_wanted &= question.shares >= np.partition(question.shares, -MOST_BETWEEN)[-MOST_BETWEEN]
    there = np.flatnonzero(is_wanted)
    slots = all_slots[there]
    found = memory.contents.at(np.full(len(slots), question.action), slots)
    assert found.records is not None
    is_same = found.records["state_hash"] == question.state_hashes[there]
    held = there[is_same]
    shares = question.shares[held].astype(np.float64)
    if len(held):
        xy[held] = places_on(question.projection, found.keys)[is_same]
    centre = None
    if shares.sum() > 0:
        x, y = (shares @ xy[held] / shares.sum()).tolist()
        centre = (x, y)
    yield PlacesAnswer(
        question.panel, question.projection, question.number, read_only(xy), question.shares, centre
    )


def _size_of(question: AskPlaces, memory: EpisodicMemory) -> int:
    """Entries of the question's action; 0 where it is not about this memory."""
    plane = question.projection
    key_size = plane.keys.shape[1] if isinstance(plane, Landmarks) else len(plane.mean)
    if key_size != memory.settings.key_size or not 0 <= question.action < memory.num_actions:
        return 0
    return memory.sizes[question.action]
