"""A copy of the memory, taken in pieces between training steps."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from torch import Tensor

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD
from nec_engine.memory.state import on_host

ROWS_PER_PIECE: Final = 4096  # some 2 ms


def copied_in_pieces(memory: EpisodicMemory) -> Generator[None, None, dict[str, Any]]:
    """The memory's state, without an index, in fresh arrays; each None is the end of a piece.

    Each entry is whole; what is written between two pieces is as it was before or after. No entry
    may be taken out meanwhile. The trainer's thread.
    """
    # Views of what is on a device, too: copied all at once, the keys would be older than the rest.
    state = memory.state_dict(read=lambda tensor: tensor)
    actions = {}
    for name, columns in state["actions"].items():
        copies = {column: _room_for(view) for column, view in columns.items()}
        for start in range(0, len(columns["values"]), ROWS_PER_PIECE):
            part = slice(start, start + ROWS_PER_PIECE)
            for column, view in columns.items():
                some = view[part]
                copies[column][part] = on_host(some) if isinstance(some, Tensor) else some
            yield
        actions[name] = _once_each(memory, copies)
    return {
        **state,
        "centre": state["centre"].copy(),
        "index": {**state["index"], "actions": {}},
        "actions": actions,
    }


def _room_for(view: Tensor | npt.NDArray[Any]) -> npt.NDArray[Any]:
    if isinstance(view, Tensor):
        return np.empty(tuple(view.shape), np.float32)
    return np.empty_like(view)


def _once_each(memory: EpisodicMemory, columns: dict[str, Any]) -> dict[str, Any]:
    """Without what was copied, evicted, written anew and copied again."""
    records = columns["records"].reshape(-1).view(RECORD)
    identities = memory.surgery.identities(records)
    first = np.unique(identities, return_index=True)[1]
    if len(first) == len(identities):
        return columns
    kept = np.sort(first)
    return {name: column[kept] for name, column in columns.items()}
