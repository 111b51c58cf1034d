"""A copy of the memory, taken in pieces between training steps."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, Final

import numpy as np

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD

ROWS_PER_PIECE: Final = 4096  # some 2 ms


def copied_in_pieces(memory: EpisodicMemory) -> Generator[None, None, dict[str, Any]]:
    """The memory's state, without an index, in fresh arrays; each None is the end of a piece.

    Each entry is whole; what is written between two pieces is as it was before or after. No entry
    may be taken out meanwhile. The trainer's thread.
    """
    state = memory.state_dict()
    actions = {}
    for name, columns in state["actions"].items():
        copies = {column: np.empty_like(array) for column, array in columns.items()}
        for start in range(0, len(columns["values"]), ROWS_PER_PIECE):
            part = slice(start, start + ROWS_PER_PIECE)
            for column, array in columns.items():
                copies[column][part] = array[part]
            yield
        actions[name] = _once_each(memory, copies)
    return {
        **state,
        "centre": state["centre"].copy(),
        "index": {**state["index"], "actions": {}},
        "actions": actions,
    }


def _once_each(memory: EpisodicMemory, columns: dict[str, Any]) -> dict[str, Any]:
    """Without what was copied, evicted, written anew and copied again."""
    records = columns["records"].reshape(-1).view(RECORD)
    identities = memory.surgery.identities(records)
    first = np.unique(identities, return_index=True)[1]
    if len(first) == len(identities):
        return columns
    kept = np.sort(first)
    return {name: column[kept] for name, column in columns.items()}
