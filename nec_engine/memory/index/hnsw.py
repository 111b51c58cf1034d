"""A graph of one action's keys that grows entry by entry (HNSW, Malkov and Yashunin 2018)."""

from __future__ import annotations

import hnswlib
import numpy as np
import numpy.typing as npt
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.index.exact import ExactIndex
from nec_engine.memory.index.read_write_lock import ReadWriteLock
from nec_engine.messages import F32, I64

LEAST_ROOM = 1024  # nodes; doubled when they are taken
PUTS_PER_HOLD = 4  # a reader waits for no more of them: about half a millisecond
QUERIES_PER_HOLD = 8  # the writer waits for no more of them: about a millisecond


class HnswGraph:
    """Nodes are keys as they were when they were put in, so what is found are candidates.

    A slot whose key changes gets a new node; its old one is marked deleted and stays as a bridge.
    (To move a node within hnswlib costs twice as much and left 2.5 % of the nodes unreachable.)
    A node that a search for its own key does not come back with is deleted at once: its slot is
    kept aside and proposed for every query, so that an entry is never lost the moment it is
    written.

    One thread puts; any thread searches. hnswlib lets several threads search or several insert,
    but not both at once (nmslib/hnswlib#562), hence the lock.
    """

    def __init__(self, exact: ExactIndex, capacity: int, settings: Settings, seed: int) -> None:
        """For slots 0 .. capacity - 1; ``exact`` is asked where the graph does not find enough."""
        self._exact = exact
        self._num_neighbours = settings.num_neighbours
        self._graph = hnswlib.Index("l2", settings.key_size)
        self._graph.init_index(
            LEAST_ROOM, settings.hnsw_m, settings.hnsw_ef_construction, seed % (1 << 32)
        )
        self._graph.set_num_threads(1)  # or it starts threads of its own for larger batches
        self._graph.set_ef(settings.hnsw_ef)
        self._lock = ReadWriteLock()
        self._slots: I64 = np.full(LEAST_ROOM, -1, np.int64)  # of each node; -1 when deleted
        self._nodes: I64 = np.full(capacity, -1, np.int64)  # of each slot; -1 without one
        self._aside: I64 = np.empty(0, np.int64)
        self.num_nodes = self.num_deleted = 0

    @property
    def num_found(self) -> int:
        """Nodes that a search may come back with."""
        return self.num_nodes - self.num_deleted

    @property
    def aside(self) -> I64:
        """Slots that the graph does not give back: proposed for every query."""
        return self._aside

    def search(self, queries: Tensor, num: int) -> I64:
        """int64[B, num'] slots; see :class:`nec_engine.memory.index.protocol.Index`."""
        # More than wanted, because some have moved a little since they were put in.
        num_asked = num + num // 4
        points: F32 = queries.cpu().numpy()
        parts = [
            self._search(points[start : start + QUERIES_PER_HOLD], num_asked)
            for start in range(0, len(points), QUERIES_PER_HOLD)
        ]
        if any(part is None for part in parts):
            return self._exact.search(queries, num)
        found = [part for part in parts if part is not None]
        if len(found) == 1:
            return found[0]
        width = max(part.shape[1] for part in found)
        padded = [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=-1)
                  for part in found]  # fmt: skip
        return np.concatenate(padded)

    def put(self, slots: I64, keys: F32) -> None:
        """These slots int64[N], each once, now have the keys float32[N, D]. Writer only."""
        for start in range(0, len(slots), PUTS_PER_HOLD):
            part = slice(start, start + PUTS_PER_HOLD)
            with self._lock.writing():
                self._put(slots[part], keys[part])

    def problems(self, keys: F32, shifts: F32) -> list[str]:
        """What is wrong, in words.

        keys float32[N, D] are those of slots 0 .. N - 1, each moved by at most its shift
        float32[N] since it was put in. Writer only.
        """
        problems = []
        nodes = self._nodes[: len(keys)]
        is_in = nodes >= 0
        if (self._nodes[len(keys) :] >= 0).any():
            problems.append("a slot that holds no entry has a node")
        if sorted(self._aside.tolist()) != np.flatnonzero(~is_in).tolist():
            problems.append("a slot is neither in the graph nor aside, or both, or aside twice")
        if (self._slots >= 0).sum() != is_in.sum() or (
            self._slots[nodes[is_in]] != np.flatnonzero(is_in)
        ).any():
            problems.append("a node is of another slot than its slot says")
        if self.num_found != is_in.sum():
            problems.append(f"{self.num_found} nodes can be found, {is_in.sum()} slots have one")
        if is_in.any():
            stored = self._graph.get_items(nodes[is_in])
            moved = np.linalg.norm(stored - keys[is_in], axis=1)
            if (moved > shifts[is_in] * 1.001 + 1e-5).any():
                problems.append("a key is further from its node than it has moved")
        return problems

    def _search(self, points: F32, num: int) -> I64 | None:
        """None where fewer than ``num`` are found for some query."""
        with self._lock.reading():
            found = self._nearest_nodes(points, num)
            if found is None:
                return None
            slots: I64 = self._slots[found[0]]
            aside = self._aside
        if not len(aside):
            return slots
        beside = np.broadcast_to(aside, (len(slots), len(aside)))
        return np.concatenate([slots, beside], axis=1)

    def _nearest_nodes(self, points: F32, num: int) -> tuple[npt.NDArray[np.uint64], F32] | None:
        """Nodes and squared distances, both [B, num], nearest first."""
        if num > self.num_found:
            return None
        try:
            found: tuple[npt.NDArray[np.uint64], F32] = self._graph.knn_query(points, num)
        except RuntimeError:  # fewer than that could be reached
            return None
        return found

    def _put(self, slots: I64, keys: F32) -> None:
        nodes = np.arange(self.num_nodes, self.num_nodes + len(slots))
        self._make_room(self.num_nodes + len(slots))
        self._graph.add_items(keys, nodes)
        self.num_nodes += len(slots)
        self._delete(self._nodes[slots])

        is_found = self._are_found(nodes, keys)
        self._delete(nodes[~is_found])
        self._slots[nodes] = np.where(is_found, slots, -1)
        self._nodes[slots] = np.where(is_found, nodes, -1)
        if len(self._aside) or not is_found.all():
            kept = self._aside[~np.isin(self._aside, slots)]
            self._aside = np.concatenate([kept, slots[~is_found]])

    def _are_found(self, nodes: I64, keys: F32) -> npt.NDArray[np.bool_]:
        """Which of the nodes int64[N] come back when their own keys are searched for.

        Of more equal keys than are asked for, any may come: none of them is lost.
        """
        # not all there are while they are few: one out of reach would spoil the search for others
        num = min(self._num_neighbours, self.num_found // 2 + 1)
        found = self._nearest_nodes(keys, num)
        if found is None:
            return np.zeros(len(nodes), np.bool_)
        come_back = (found[0] == nodes[:, None].astype(np.uint64)).any(axis=1)
        are_equal = found[1][:, -1] == 0
        are_found: npt.NDArray[np.bool_] = come_back | are_equal
        return are_found

    def _delete(self, nodes: I64) -> None:
        """Those that are nodes, and not -1, are not found any more."""
        for node in nodes[nodes >= 0].tolist():
            self._graph.mark_deleted(node)
            self._slots[node] = -1
            self.num_deleted += 1

    def _make_room(self, num: int) -> None:
        room = len(self._slots)
        if num > room:
            self._graph.resize_index(2 * room)
            self._slots = np.concatenate([self._slots, np.full(room, -1, np.int64)])
