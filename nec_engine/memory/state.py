"""The memory as arrays and JSON values, and back: bit by bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.lessons import is_taught
from nec_engine.memory.neighbours import RECORD, Records
from nec_engine.memory.rows import Rows
from nec_engine.memory.thinning import expanded, fields_of, is_thinned, layout_of
from nec_engine.memory.writing import Writer
from nec_engine.messages import Origin


def on_host(tensor: Tensor) -> npt.NDArray[Any]:
    """The numbers of ``tensor``: on the CPU a view, else a copy."""
    array: npt.NDArray[Any] = tensor.cpu().numpy()
    return array


def entries_state(
    rows: Rows, writer: Writer, read: Callable[[Tensor], Any] = on_host
) -> dict[str, Any]:
    """All entries, by action: on the CPU views, to be written before the next change.

    Records are bytes with their layout told beside them, so that none is copied. ``read`` makes
    what is kept of the keys, norms and values, which may lie on a device.
    """
    return {
        "shape": [rows.num_actions, rows.capacity, rows.key_size],
        "record_fields": fields_of(RECORD),
        "record_bytes": RECORD.itemsize,
        "stamp": writer.stamp,
        "version": rows.version,
        "centre": on_host(rows.centre),
        "actions": {
            str(action): _action_state(rows, writer, action, read)
            for action in range(rows.num_actions)
        },
    }


def load_entries(rows: Rows, writer: Writer, state: dict[str, Any]) -> None:
    """Take over the entries of :func:`entries_state`, or of a thinned state.

    ``ValueError`` and no change when they do not fit this memory's actions, room or key size.
    """
    if is_thinned(state):
        state = expanded(state)
    num_actions, _, key_size = state["shape"]
    sizes = [len(state["actions"][str(action)]["values"]) for action in range(num_actions)]
    if (num_actions, key_size) != (rows.num_actions, rows.key_size):
        raise ValueError(
            f"a memory of {num_actions} actions and keys of {key_size} does not fit one of "
            f"{rows.num_actions} and {rows.key_size}"
        )
    if max(sizes) > rows.capacity:
        raise ValueError(f"{max(sizes)} entries do not fit a capacity of {rows.capacity}")
    layout = layout_of(state)
    for action, size in enumerate(sizes):
        _load_action(rows, writer, action, size, state["actions"][str(action)], layout)
    with rows.lock:
        rows.restore(sizes, torch.tensor(state["centre"]), state["version"])
    writer.stamp = state["stamp"]
    filled = [rows.filled_records(action) for action in range(num_actions)]
    writer.episodes.restore(
        episode for records in filled for episode in records["episode"].tolist()
    )
    writer.num_by_origin[:] = sum(
        np.bincount(records["origin"], minlength=len(Origin)) for records in filled
    )
    writer.num_taught = sum(int(is_taught(records).sum()) for records in filled)


def entries_problems(rows: Rows, writer: Writer) -> list[str]:
    """What is wrong with the entries and what is counted of them, in words."""
    problems = []
    episodes: dict[int, int] = {}
    origins = np.zeros(len(Origin), np.int64)
    num_taught = 0
    for action in range(rows.num_actions):
        slots, size = writer.slots[action], int(rows.sizes[action])
        problems += [f"action {action}: {problem}" for problem in slots.check_valid()]
        if slots.size != size:
            problems.append(f"action {action}: {slots.size} slots taken, {size} rows filled")
        records = rows.filled_records(action)
        for slot, identity in enumerate(writer.identities(records).tolist()):
            if slots.find(identity) != slot:
                problems.append(f"action {action}: the entry of slot {slot} is filed elsewhere")
        for episode in records["episode"].tolist():
            episodes[episode] = episodes.get(episode, 0) + 1
        origins += np.bincount(records["origin"], minlength=len(Origin))
        num_taught += int(is_taught(records).sum())
        keys, norms_sq = rows.filled(action)
        values = rows.values[_span(rows, action)]
        if not bool(torch.isfinite(keys).all() and torch.isfinite(values).all()):
            problems.append(f"action {action}: a key or value is not finite")
        if not torch.allclose(norms_sq, rows.norms_sq_of(keys), rtol=1e-4):
            problems.append(f"action {action}: a squared norm is not that of its key")
    if episodes != writer.episodes.as_dict():
        problems.append("the entries counted by episode are not those there are")
    if not np.array_equal(origins, writer.num_by_origin):
        problems.append(f"{writer.num_by_origin} entries counted by origin, {origins} there")
    if num_taught != writer.num_taught:
        problems.append(f"{writer.num_taught} taught entries counted, {num_taught} there")
    return problems


def _span(rows: Rows, action: int) -> slice:
    start = action * rows.capacity
    return slice(start, start + int(rows.sizes[action]))


def _action_state(
    rows: Rows, writer: Writer, action: int, read: Callable[[Tensor], Any]
) -> dict[str, Any]:
    span, slots = _span(rows, action), writer.slots[action]
    keys, norms_sq = rows.filled(action)
    return {
        "keys": read(keys),
        "norms_sq": read(norms_sq),
        "values": read(rows.values[span]),
        "records": rows.filled_records(action).view(np.uint8).reshape(-1, RECORD.itemsize),
        "last_retrieved": slots.stamps[: slots.size],
        "num_retrievals": slots.num_retrievals[: slots.size],
    }


def _load_action(
    rows: Rows, writer: Writer, action: int, size: int, state: dict[str, Any], layout: np.dtype[Any]
) -> None:
    start = action * rows.capacity
    span = slice(start, start + size)
    saved: Records = np.ascontiguousarray(state["records"]).reshape(-1).view(layout)
    rows.records[span] = np.zeros((), RECORD)
    for name in layout.names or ():
        if name in (RECORD.names or ()):
            rows.records[name][span] = saved[name]
    with rows.lock:
        rows.keys[span] = torch.tensor(state["keys"], device=rows.device)
        rows.norms_sq[span] = torch.tensor(state["norms_sq"], device=rows.device)
        rows.values[span] = torch.tensor(state["values"], device=rows.device)
    writer.slots[action].restore(
        writer.identities(rows.records[span]), state["last_retrieved"], state["num_retrievals"]
    )
