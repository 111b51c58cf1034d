"""Where some entries lie on a map that was drawn before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nec_engine.insight.projection import places_of
from nec_engine.messages import AskPlaces, PlacesAnswer, read_only
from nec_engine.run.answering.desk import Desk


def places(question: AskPlaces, desk: Desk) -> Iterator[PlacesAnswer]:
    """One answer, by the keys as they are now; none for an agent without a memory."""
    memory = desk.memory
    if memory is None:
        return
    xy = np.full((len(question.slots), 2), np.nan, np.float32)
    there = np.flatnonzero(question.slots < memory.sizes[question.action])
    slots = question.slots[there]
    found = memory.entries_at(np.full(len(slots), question.action), slots)
    assert found.records is not None
    is_same = found.records["state_hash"] == question.state_hashes[there]
    held = there[is_same]
    xy[held] = places_of(found.keys, question.projection)[is_same]
    shares = question.shares[held].astype(np.float64)
    centre = None
    if shares.sum() > 0:
        x, y = (shares @ xy[held] / shares.sum()).tolist()
        centre = (x, y)
    yield PlacesAnswer(
        question.panel, question.projection, question.number, read_only(xy), question.shares, centre
    )
