"""A memory's saved state cut down to some of its entries, at about half the bytes each.

Keys become float16: what is left of them when their mean is taken away, in a unit that is a power
of two. Keys share a large offset (docs/decisions.md), which would cost most of the digits. Where
the kernel asks whether two keys are the same to the last bit they stay float32. Whole numbers take
the fewest bytes that hold them all. Squared norms and indexes are made again on loading.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.messages import F32, I64

State = dict[str, Any]
FIELDS = tuple(name for name in RECORD.names or () if not name.startswith("zeros"))
COUNTS = ("last_retrieved", "num_retrievals")
_MADE_AGAIN = ("record_fields", "record_bytes")


class EntryTable(NamedTuple):
    """What is known of all N entries of a saved memory, action by action, but for their keys."""

    num_actions: int
    actions: I64
    slots: I64
    episodes: I64  # moment of the latest write
    steps: I64
    origins: npt.NDArray[np.uint8]
    last_retrieved: I64  # stamps
    bytes_per_entry: int  # of a thinned state; upper bound
    is_pinned: npt.NDArray[np.bool_]  # by a person, never to be lost


def is_thinned(state: State) -> bool:
    """Whether the state is one of :func:`thinned`, not of the memory itself."""
    return "key_offset" in state


def entry_table(state: State, *, exact_keys: bool) -> EntryTable:
    """The entries of a saved memory, thinned or not."""
    columns = [_columns(state, action) for action in range(state["shape"][0])]
    sizes = [len(column["values"]) for column in columns]
    joined = {
        name: np.concatenate([column[name] for column in columns]) for name in (*FIELDS, *COUNTS)
    }
    widths = [_narrowed(column).itemsize for column in joined.values()]
    key_bytes = (4 if exact_keys else 2) * state["shape"][2]
    return EntryTable(
        num_actions=len(sizes),
        actions=np.repeat(np.arange(len(sizes)), sizes),
        slots=np.concatenate([np.arange(size) for size in sizes]),
        episodes=joined["episode"].astype(np.int64),
        steps=joined["step"].astype(np.int64),
        origins=joined["origin"].astype(np.uint8),
        last_retrieved=joined["last_retrieved"].astype(np.int64),
        bytes_per_entry=key_bytes + 4 + sum(widths),
        is_pinned=joined["is_pinned"] > 0,
    )


def thinned(state: State, chosen: Sequence[I64], *, exact_keys: bool) -> State:
    """The state with only the slots ``chosen[action]``, ascending, renumbered in that order.

    Without ``exact_keys`` the keys lose about 1e-4 of the longest distance from their mean.
    """
    offset, unit = _coding(state, chosen, exact_keys)
    actions = {}
    for action, slots in enumerate(chosen):
        of_action, columns = state["actions"][str(action)], _columns(state, action)
        keys = of_action["keys"][slots]
        if not (exact_keys or is_thinned(state)):
            keys = ((keys - offset) / unit).astype(np.float16)
        actions[str(action)] = {
            "keys": keys,
            "values": of_action["values"][slots],
            "records": {name: _narrowed(columns[name][slots]) for name in FIELDS},
            **{name: _narrowed(columns[name][slots]) for name in COUNTS},
        }
    return {
        **{name: value for name, value in state.items() if name not in _MADE_AGAIN},
        "key_offset": offset,
        "key_unit": unit,
        "index": {**state["index"], "actions": {}},
        "actions": actions,
    }


def expanded(state: State) -> State:
    """A thinned state as the memory itself gives it: keys float32, records whole, no index."""
    actions = {}
    for action, of_action in state["actions"].items():
        codes: npt.NDArray[np.floating] = of_action["keys"]
        keys = codes.astype(np.float32) * np.float32(state["key_unit"]) + state["key_offset"]
        records: Records = np.zeros(len(keys), RECORD)
        for name, column in of_action["records"].items():
            if name in FIELDS:
                records[name] = column
        actions[action] = {
            "keys": keys,
            "norms_sq": np.square(keys - state["centre"]).sum(-1),
            "values": of_action["values"],
            "records": records.view(np.uint8).reshape(-1, RECORD.itemsize),
            **{name: of_action[name].astype(np.int64) for name in COUNTS},
        }
    return {
        **{name: value for name, value in state.items() if not name.startswith("key_")},
        "record_fields": fields_of(RECORD),
        "record_bytes": RECORD.itemsize,
        "actions": actions,
    }


def fields_of(layout: np.dtype[Any]) -> dict[str, list[Any]]:
    """The layout of a record as JSON holds it; :func:`layout_of` reads it."""
    assert layout.fields is not None
    return {name: [of[0].str, of[1]] for name, of in layout.fields.items()}


def layout_of(state: State) -> np.dtype[Any]:
    """How the bytes of a saved record are to be read."""
    fields = state["record_fields"]
    return np.dtype(
        {
            "names": list(fields),
            "formats": [kind for kind, _ in fields.values()],
            "offsets": [offset for _, offset in fields.values()],
            "itemsize": state["record_bytes"],
        }
    )


def _columns(state: State, action: int) -> dict[str, npt.NDArray[Any]]:
    """Values, record fields and counts of one action's entries; fields not saved are zero."""
    of_action = state["actions"][str(action)]
    if is_thinned(state):
        saved, names = of_action["records"], of_action["records"].keys()
    else:
        layout = layout_of(state)
        saved = np.ascontiguousarray(of_action["records"]).reshape(-1).view(layout)
        names = set(layout.names or ())
    values = of_action["values"]
    columns = {
        name: saved[name] if name in names else np.zeros(len(values), np.uint8) for name in FIELDS
    }
    return {"values": values, **columns, **{name: of_action[name] for name in COUNTS}}


def _coding(state: State, chosen: Sequence[I64], exact_keys: bool) -> tuple[F32, float]:
    """(offset, unit): code = (key - offset) / unit, in -1 .. 1. Those it has, if it has some."""
    if is_thinned(state):
        return state["key_offset"], float(state["key_unit"])
    if exact_keys:
        return np.zeros(state["shape"][2], np.float32), 1.0
    keys = [state["actions"][str(action)]["keys"] for action in range(len(chosen))]
    total = sum((keys[a][slots].sum(0, np.float64) for a, slots in enumerate(chosen)), 0.0)
    num = max(1, sum(map(len, chosen)))
    offset = (np.zeros(state["shape"][2]) + total / num).astype(np.float32)
    furthest = max(
        (float(np.abs(keys[a][slots] - offset).max(initial=0)) for a, slots in enumerate(chosen)),
        default=0.0,
    )
    return offset, 2.0 ** math.ceil(math.log2(furthest)) if furthest > 0 else 1.0


def _narrowed(numbers: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Whole numbers in the fewest bytes that hold them all; others as they are, unless all 0."""
    if numbers.dtype.kind == "f" and numbers.any():
        return numbers
    if not len(numbers):
        return numbers.astype(np.uint8)
    if not numbers.any():
        return np.zeros(len(numbers), np.uint8)
    kinds = np.min_scalar_type(numbers.min()), np.min_scalar_type(numbers.max())
    return numbers.astype(np.result_type(*kinds))
