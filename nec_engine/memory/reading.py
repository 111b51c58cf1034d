"""A lookup: from queries to exact neighbours. Any thread may read while the trainer writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.index.exact import ExactIndex
from nec_engine.memory.index.exact_together import are_dense, nearest_slots
from nec_engine.memory.index.protocol import Index
from nec_engine.memory.kernel import squared_distances
from nec_engine.memory.neighbours import Neighbours, Records
from nec_engine.memory.rows import Rows
from nec_engine.memory.search_help import Search, SearchHelp
from nec_engine.messages import I64

Indexes = Callable[[], Sequence[Index]]  # what to search for each action just now
QUERIES_PER_SHARE = 2  # of an index, in a search that either of two threads may make
PAIRS_AT_ONCE = 576  # (query, action) pairs whose candidates are gathered in one go: about 40 MB


class Wanted(NamedTuple):
    """What a lookup is to give, and under which circumstances it is made."""

    num: int  # neighbours
    need_keys: bool
    with_evidence: bool
    locked: bool  # by every thread but the writer
    kernel_scale: float
    clock: int
    give_way: Callable[[], None]  # called between the parts, for threads in more of a hurry
    help: SearchHelp | None = None  # who may make some of the searches of several queries


def wanted_actions(
    actions: npt.NDArray[np.integer] | Tensor | None, num_queries: int, num_actions: int
) -> I64:
    """int64[num_queries, K]: ``actions`` int[num_queries, K], or all of them for each query."""
    if actions is None:
        return np.broadcast_to(np.arange(num_actions), (num_queries, num_actions))
    array = actions.cpu().numpy() if isinstance(actions, Tensor) else actions
    if array.ndim != 2 or len(array) != num_queries:
        raise ValueError(f"actions must be int[{num_queries}, K], not {array.shape}")
    return array.astype(np.int64)


def find_neighbours(
    rows: Rows, indexes: Indexes, queries: Tensor, actions: I64, wanted: Wanted
) -> Neighbours:
    """The nearest entries of queries float32[B, D] among those of actions int64[B, K]."""
    per_part = max(1, PAIRS_AT_ONCE // actions.shape[1])
    parts = []
    for start in range(0, max(1, queries.shape[0]), per_part):
        part = slice(start, start + per_part)
        look = partial(_look_up, rows, indexes, queries[part], actions[part], wanted)
        parts.append(rows.moves.unmoved(look) if wanted.locked else look())
    return parts[0] if len(parts) == 1 else Neighbours.joined(parts)


def _look_up(
    rows: Rows, indexes: Indexes, queries: Tensor, actions: I64, wanted: Wanted
) -> Neighbours:
    candidates = _candidates(rows, indexes(), queries, actions, wanted)
    return _nearest(rows, queries, actions, candidates, wanted)


def _candidates(
    rows: Rows, indexes: Sequence[Index], queries: Tensor, actions: I64, wanted: Wanted
) -> I64:
    """int64[B, K, N >= wanted.num]: slots in rising order, -1 first where there are fewer."""
    num_queries, num_places = actions.shape
    pairs = actions.reshape(-1)
    found: list[tuple[npt.NDArray[np.intp] | slice, I64]] = []
    if rows.device.type != "cpu" and _are_searched_together(indexes, actions):
        slots = nearest_slots(rows, queries, actions, wanted.num)
        found.append((slice(None), slots.reshape(len(pairs), slots.shape[2])))
        wanted.give_way()
    elif num_queries == 1:
        for at, action in enumerate(pairs.tolist()):
            found.append((slice(at, at + 1), indexes[action].search(queries, wanted.num)))
            wanted.give_way()
    else:
        searches: list[Search] = []
        places: list[npt.NDArray[np.intp]] = []
        for action in np.unique(pairs).tolist():
            for where in _shares(np.flatnonzero(pairs == action), indexes[action], wanted):
                asking = queries[torch.from_numpy(where // num_places).to(queries.device)]
                searches.append(partial(indexes[action].search, asking, wanted.num))
                places.append(where)
        if wanted.help is None:
            for where, search in zip(places, searches, strict=True):
                found.append((where, search()))
                wanted.give_way()
        else:
            found += zip(places, wanted.help.run(searches), strict=True)
    width = max([wanted.num, *(slots.shape[1] for _, slots in found)])
    candidates = np.full((len(pairs), width), -1, np.int64)
    for place, slots in found:
        candidates[place, : slots.shape[1]] = slots
    candidates.sort(axis=1)
    return candidates.reshape(num_queries, num_places, width)


def _shares(
    where: npt.NDArray[np.intp], index: Index, wanted: Wanted
) -> list[npt.NDArray[np.intp]]:
    """Queries int[N] of one action, in parts that are searched by themselves.

    Where every key is compared that is done for all of them in one go.
    """
    if wanted.help is None or isinstance(index, ExactIndex):
        return [where]
    return np.array_split(where, -(-len(where) // QUERIES_PER_SHARE))


def _are_searched_together(indexes: Sequence[Index], actions: I64) -> bool:
    """Whether every key of most of the actions is to be compared: a device does that in one go."""
    return are_dense(actions) and all(
        isinstance(indexes[action], ExactIndex) for action in np.unique(actions).tolist()
    )


def _nearest(
    rows: Rows, queries: Tensor, actions: I64, candidates: I64, wanted: Wanted
) -> Neighbours:
    """The nearest of these candidates int64[B, K, N], measured exactly on what is gathered now."""
    num_queries, num_places, num_candidates = candidates.shape
    is_there = candidates >= 0
    num_there = is_there.sum(axis=-1)
    # A missing candidate reads the first row of its action and is masked.
    places = actions[:, :, None] * rows.capacity + np.maximum(candidates, 0)
    num_entries = rows.sizes[actions]
    found = rows.gather(places.reshape(-1), with_records=wanted.with_evidence, locked=wanted.locked)

    keys = found.keys.view(num_queries, num_places, num_candidates, -1)
    distances_sq = squared_distances(queries, keys)  # [B, K, N]
    if num_there.min(initial=num_candidates) < num_candidates:
        distances_sq.masked_fill_(torch.from_numpy(~is_there).to(rows.device), torch.inf)
    # A stable sort: among equal distances the lower slot comes first.
    distances_sq, order = distances_sq.sort(dim=-1, stable=True)
    distances_sq, order = distances_sq[..., : wanted.num], order[..., : wanted.num]
    mask = torch.isfinite(distances_sq)
    values = found.values.view(num_queries, num_places, -1).gather(2, order)
    host_order = order.cpu().numpy()
    records: Records | None = None
    if found.records is not None:
        per_pair = found.records.reshape(num_queries, num_places, num_candidates)
        records = np.take_along_axis(per_pair, host_order, axis=2)
    picked = None
    if wanted.need_keys:
        firsts = num_candidates * torch.arange(num_queries * num_places, device=rows.device)
        at = order + firsts.view(num_queries, num_places, 1)
        picked = found.keys.index_select(0, at.reshape(-1)).view(*order.shape, keys.shape[-1])
        if num_there.min(initial=wanted.num) < wanted.num:
            # What stands where no entry is may be NaN, and 0 times that is its gradient's part.
            picked.masked_fill_(~mask[..., None], 0.0)
    return Neighbours(
        actions=actions,
        slots=np.take_along_axis(candidates, host_order, axis=2),
        distances_sq=distances_sq,
        values=torch.where(mask, values, 0.0),
        mask=mask,
        num_entries=num_entries,
        kernel_scale=wanted.kernel_scale,
        version=found.version,
        clock=wanted.clock,
        keys=picked,
        records=records,
    )
