"""A graph of one action's keys that grows entry by entry (HNSW, Malkov and Yashunin 2018)."""

from __future__ import annotations

import hnswlib
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.index.node_slots import NodeSlots
from nec_engine.memory.index.protocol import Index
from nec_engine.memory.index.read_write_lock import ReadWriteLock
from nec_engine.memory.index.tail import Tail
from nec_engine.messages import F32, I64

LEAST_ROOM = 1024  # nodes; doubled when they are taken
PUTS_PER_HOLD = 4  # a reader waits for no more of them: about half a millisecond
QUERIES_PER_HOLD = 8  # the writer waits for no more of them: about a millisecond


class HnswGraph:
    """Nodes are keys as they were when they were put in, so what is found are candidates.

    Equal keys share a node. A slot whose key changes goes to another one; a node that is left
    without a slot is marked deleted and stays as a bridge. (To move a node within hnswlib costs
    twice as much and left 2.5 % of the nodes unreachable.) A node that a search for its own key
    does not come back with is deleted at once: its slot is kept aside, with the others searched
    exactly for every query, so that an entry is never lost the moment it is written. (One in two
    thousand in a graph of 100,000, one in 250 in one of a million: too many to be candidates of
    every query, one and all.)

    One thread puts; any thread searches. hnswlib lets several threads search or several insert,
    but not both at once (nmslib/hnswlib#562), hence the lock.
    """

    def __init__(
        self, exact: Index, capacity: int, centre: Tensor, settings: Settings, seed: int
    ) -> None:
        """For slots 0 .. capacity - 1; ``exact`` is asked where the graph does not find enough.

        ``centre`` float32[D] is the memory's own.
        """
        self._exact = exact
        self._num_neighbours = settings.num_neighbours
        self._graph = hnswlib.Index("l2", settings.key_size)
        self._graph.init_index(
            LEAST_ROOM, settings.hnsw_m, settings.hnsw_ef_construction, seed % (1 << 32)
        )
        self._graph.set_num_threads(1)  # or it starts threads of its own for larger batches
        self._graph.set_ef(settings.hnsw_ef)
        self._lock = ReadWriteLock()
        self._places = NodeSlots(capacity, LEAST_ROOM)
        self._aside = Tail(capacity, centre.cpu())
        self.num_nodes = self.num_deleted = 0

    @property
    def num_found(self) -> int:
        """Nodes that a search may come back with."""
        return self.num_nodes - self.num_deleted

    @property
    def room(self) -> int:
        """Nodes that there is room for; doubled when they are taken."""
        return self._places.room

    @property
    def aside(self) -> I64:
        """int64[N]: slots that the graph does not give back, searched exactly; a view."""
        return self._aside.slots

    def search(self, queries: Tensor, num: int) -> I64:
        """int64[B, num'] slots; see :class:`nec_engine.memory.index.protocol.Index`."""
        # More than wanted, because some have moved a little since they were put in.
        num_asked = num + num // 4
        points: F32 = queries.cpu().numpy()
        found = []
        for start in range(0, len(points), QUERIES_PER_HOLD):
            slots = self._search(points[start : start + QUERIES_PER_HOLD], num_asked)
            if slots is None:
                return self._exact.search(queries, num)
            found.append(slots)
        return found[0] if len(found) == 1 else _stacked(found)

    def put(self, slots: I64, keys: F32) -> None:
        """These slots int64[N], each once, now have the keys float32[N, D]. Writer only."""
        for start in range(0, len(slots), PUTS_PER_HOLD):
            part = slice(start, start + PUTS_PER_HOLD)
            with self._lock.writing():
                for slot, key in zip(slots[part].tolist(), keys[part], strict=True):
                    self._put(slot, key)

    def remove(self, slots: I64) -> None:
        """These slots int64[N] hold nothing any more. Writer only."""
        for start in range(0, len(slots), PUTS_PER_HOLD):
            with self._lock.writing():
                for slot in slots[start : start + PUTS_PER_HOLD].tolist():
                    self._take(slot)
                self._aside.remove(slots[start : start + PUTS_PER_HOLD])

    def set_aside(self, slots: I64, keys: Tensor) -> None:
        """These slots int64[N], each once, moved to keys float32[N, D], where none of their nodes
        would be found. Writer only."""
        for start in range(0, len(slots), PUTS_PER_HOLD):
            part = slice(start, start + PUTS_PER_HOLD)
            with self._lock.writing():
                for slot in slots[part].tolist():
                    self._take(slot)
                self._put_aside(slots[part], keys[part])

    def problems(self, keys: F32, shifts: F32) -> list[str]:
        """What is wrong, in words.

        keys float32[N, D] are those of slots 0 .. N - 1, each moved by at most its shift
        float32[N] since it was put in. Writer only.
        """
        problems = self._places.problems()
        nodes = self._places.nodes[: len(keys)]
        is_in = nodes >= 0
        if (self._places.nodes[len(keys) :] >= 0).any():
            problems.append("a slot that holds no entry has a node")
        if sorted(self.aside.tolist()) != np.flatnonzero(~is_in).tolist():
            problems.append("a slot is neither in the graph nor aside, or both, or aside twice")
        if self.num_found != len(np.unique(nodes[is_in])):
            problems.append(f"{self.num_found} nodes can be found, fewer or more have a slot")
        if is_in.any():
            stored = self._graph.get_items(nodes[is_in])
            moved = np.linalg.norm(stored - keys[is_in], axis=1)
            if (moved > shifts[is_in] * 1.001 + 1e-5).any():
                problems.append("a key is further from its node than it has moved")
        return problems

    def _search(self, points: F32, num: int) -> I64 | None:
        """None where fewer than ``num`` are found for some query."""
        with self._lock.reading():
            nodes = self._nearest_nodes(points, num)
            if nodes is None:
                return None
            slots = self._places.slots_at(nodes)
            aside = self._aside.view
        if not aside.size:
            return slots
        return np.concatenate([slots, aside.search(torch.from_numpy(points), num)], axis=1)

    def _nearest_nodes(self, points: F32, num: int) -> I64 | None:
        """int64[B, num], nearest first; None where fewer are found for some point."""
        if num > self.num_found:
            return None
        try:
            nodes: npt.NDArray[np.uint64] = self._graph.knn_query(points, num)[0]
        except RuntimeError:  # fewer than that could be reached
            return None
        return nodes.view(np.int64)

    def _put(self, slot: int, key: F32) -> None:
        node = self._places.node_with(key)
        if node >= 0 and node == self._places.nodes[slot]:
            return
        if node < 0:
            node = self._add(key)
        self._take(slot)
        slots = np.array([slot])
        if node >= 0:
            self._places.put(slot, node)
            self._aside.remove(slots)
        else:
            self._put_aside(slots, torch.from_numpy(key[None]))

    def _put_aside(self, slots: I64, keys: Tensor) -> None:
        """They are in no node; searched exactly from now on."""
        self._aside.add(slots, keys, (keys - self._aside.view.centre).square().sum(-1))

    def _take(self, slot: int) -> None:
        """The slot stands nowhere; a node where it stood alone is deleted."""
        left = self._places.take(slot)
        if left >= 0:
            self._places.remove_node(left)
            self._delete(left)

    def _add(self, key: F32) -> int:
        """A new node; -1 when the graph does not give it back."""
        node = self.num_nodes
        if node == self._places.room:
            self._graph.resize_index(2 * node)
            self._places.make_room(2 * node)
        self._graph.add_items(key[None], [node])
        self.num_nodes += 1
        if self._is_found(node, key):
            self._places.add_node(node, key)
            return node
        self._delete(node)
        return -1

    def _is_found(self, node: int, key: F32) -> bool:
        """Whether a search for the node's own key comes back with it."""
        # not all there are while they are few: one out of reach would spoil the search for others
        num = min(self._num_neighbours, self.num_found // 2 + 1)
        nodes = self._nearest_nodes(key[None], num)
        return nodes is not None and node in nodes

    def _delete(self, node: int) -> None:
        """No search comes back with it any more."""
        self._graph.mark_deleted(node)
        self.num_deleted += 1


def _stacked(found: list[I64]) -> I64:
    """One below the other, all as wide as the widest."""
    slots = np.full((sum(map(len, found)), max(part.shape[1] for part in found)), -1, np.int64)
    start = 0
    for part in found:
        slots[start : start + len(part), : part.shape[1]] = part
        start += len(part)
    return slots
