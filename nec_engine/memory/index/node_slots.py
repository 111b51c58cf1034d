"""Which slots stand at each node of a graph: one, or more where their keys are equal."""

from __future__ import annotations

import bisect

import numpy as np

from nec_engine.messages import F32, I64


class NodeSlots:
    """Both ways between slots and nodes, and from a key to the node that has it.

    Equal keys share a node: hundreds of equal nodes would have links to none but each other.
    """

    def __init__(self, capacity: int, room: int) -> None:
        """For slots 0 .. capacity - 1 and ``room`` nodes at first."""
        self._nodes: I64 = np.full(capacity, -1, np.int64)  # of each slot; -1 without one
        self._slots: I64 = np.full(room, -1, np.int64)  # the lowest of each node; -1 without one
        self._others: dict[int, list[int]] = {}  # by node: its other slots, ascending
        self._has_others = np.zeros(room, np.bool_)
        self._hashes: I64 = np.zeros(room, np.int64)  # of each node's key
        self._node_by_hash: dict[int, int] = {}

    @property
    def room(self) -> int:
        """For so many nodes."""
        return len(self._slots)

    @property
    def nodes(self) -> I64:
        """int64[capacity], of each slot; -1 without one. A view."""
        return self._nodes

    def make_room(self, room: int) -> None:
        """For ``room`` nodes; what is read meanwhile stays as it is."""
        more = room - self.room
        self._slots = np.concatenate([self._slots, np.full(more, -1, np.int64)])
        self._has_others = np.concatenate([self._has_others, np.zeros(more, np.bool_)])
        self._hashes = np.concatenate([self._hashes, np.zeros(more, np.int64)])

    def node_with(self, key: F32) -> int:
        """The node of this very key float32[D]; -1 without one."""
        return self._node_by_hash.get(hash(key.tobytes()), -1)

    def add_node(self, node: int, key: F32) -> None:
        """From now on equal keys float32[D] belong to this node, as yet without a slot."""
        self._hashes[node] = key_hash = hash(key.tobytes())
        self._node_by_hash[key_hash] = node

    def remove_node(self, node: int) -> None:
        """It has no slot and gets none any more."""
        if self._node_by_hash.get(int(self._hashes[node])) == node:
            del self._node_by_hash[int(self._hashes[node])]

    def put(self, slot: int, node: int) -> None:
        """The slot, which stands nowhere, stands at this node."""
        self._nodes[slot] = node
        first = int(self._slots[node])
        if first < 0:
            self._slots[node] = slot
            return
        self._slots[node] = min(first, slot)
        bisect.insort(self._others.setdefault(node, []), max(first, slot))
        self._has_others[node] = True

    def take(self, slot: int) -> int:
        """Take the slot away; the node where it stood alone, -1 when there is none."""
        node = int(self._nodes[slot])
        self._nodes[slot] = -1
        if node < 0:
            return -1
        others = self._others.get(node)
        if others is None:
            self._slots[node] = -1
            return node
        if slot == self._slots[node]:
            self._slots[node] = others.pop(0)
        else:
            others.remove(slot)
        if not others:
            del self._others[node]
            self._has_others[node] = False
        return -1

    def slots_at(self, nodes: I64) -> I64:
        """int64[B, N]: the first N slots at nodes int64[B, N], in their order, padded with -1.

        Of those at one node the lowest come first.
        """
        slots: I64 = self._slots[nodes]
        if not self._others:
            return slots
        num = slots.shape[1]
        for row in np.flatnonzero(self._has_others[nodes].any(axis=1)).tolist():
            found: list[int] = []
            for node, slot in zip(nodes[row].tolist(), slots[row].tolist(), strict=True):
                if slot >= 0:
                    found += [slot, *self._others.get(node, ())[:num]]
                if len(found) >= num:
                    break
            slots[row, : len(found)], slots[row, len(found) :] = found[:num], -1
        return slots

    def problems(self) -> list[str]:
        """What does not fit together, in words."""
        problems = []
        standing = np.flatnonzero(self._nodes >= 0).tolist()
        at_node: dict[int, list[int]] = {}
        for slot in standing:
            at_node.setdefault(int(self._nodes[slot]), []).append(slot)
        for node, slots in at_node.items():
            if [int(self._slots[node]), *self._others.get(node, ())] != slots:
                problems.append(f"node {node} has other slots than {slots}")
            if bool(self._has_others[node]) != (len(slots) > 1):
                problems.append(f"node {node}: whether it has more than one slot is not known")
            if self._node_by_hash.get(int(self._hashes[node])) != node:
                problems.append(f"node {node} is not found by its key")
        if len(at_node) != (self._slots >= 0).sum() or len(at_node) != len(self._node_by_hash):
            problems.append("a node without a slot has one, or a key")
        return problems
