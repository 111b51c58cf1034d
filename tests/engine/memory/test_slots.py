"""Eviction, against a dictionary that is searched from end to end."""

from __future__ import annotations

import numpy as np
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nec_engine.memory.slots import Slots


def empty_slots(capacity: int) -> Slots:
    return Slots(np.empty(capacity, np.int64), np.empty(capacity, np.int64))


class SlotsMachine(RuleBasedStateMachine):
    """Random writes and retrievals; the model forgets the least recent (stamp, slot)."""

    @initialize(capacity=st.integers(1, 150))
    def make(self, capacity: int) -> None:
        self.slots = empty_slots(capacity)
        self.model: dict[int, tuple[int, int]] = {}  # hash -> (stamp, slot)
        self.capacity, self.stamp = capacity, 0

    @rule(first=st.integers(0, 300), num=st.integers(1, 60), step=st.integers(1, 3))
    def write_several(self, first: int, num: int, step: int) -> None:
        for state_hash in range(first, first + num * step, step):
            self.write(state_hash)

    @rule(state_hash=st.integers(0, 400))
    def write(self, state_hash: int) -> None:
        self.stamp += 1
        expected_slot, is_new, is_evicting = len(self.model), True, False
        if state_hash in self.model:
            expected_slot, is_new = self.model[state_hash][1], False
        elif len(self.model) == self.capacity:
            victim = min(self.model, key=lambda known: self.model[known])
            expected_slot, is_evicting = self.model.pop(victim)[1], True
        assert self.slots.place(state_hash, self.stamp) == (expected_slot, is_new, is_evicting)
        self.model[state_hash] = (self.stamp, expected_slot)

    @rule(data=st.data())
    def retrieve(self, data: st.DataObject) -> None:
        """Many at once with one stamp, so that eviction has to break ties."""
        known = sorted(self.model)
        if not known:
            return
        first = data.draw(st.integers(0, len(known) - 1))
        num = data.draw(st.integers(1, 80))
        chosen = known[first : first + num]
        self.stamp += 1
        self.slots.stamps[[self.model[state_hash][1] for state_hash in chosen]] = self.stamp
        for state_hash in chosen:
            self.model[state_hash] = (self.stamp, self.model[state_hash][1])

    @rule()
    def save_and_restore(self) -> None:
        """The order of eviction outlives a snapshot."""
        by_slot = {slot: state_hash for state_hash, (_, slot) in self.model.items()}
        hashes = np.array([by_slot[slot] for slot in range(len(by_slot))], np.uint64)
        restored = empty_slots(self.capacity)
        size = self.slots.size
        restored.restore(hashes, self.slots.stamps[:size], self.slots.num_retrievals[:size])
        self.slots = restored

    @invariant()
    def is_valid(self) -> None:
        if hasattr(self, "slots"):
            assert self.slots.check_valid() == []
            assert self.slots.size == len(self.model)


TestSlots = SlotsMachine.TestCase
TestSlots.settings = hypothesis_settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_ranking_is_rare() -> None:
    slots = empty_slots(6400)
    for state_hash in range(6400):
        slots.place(state_hash, state_hash)
    num_rankings = 0
    rank = slots._rank

    def count() -> None:
        nonlocal num_rankings
        num_rankings += 1
        rank()

    slots._rank = count  # type: ignore[method-assign]  # a stand-in for this test
    for state_hash in range(6400, 12800):
        slots.place(state_hash, state_hash)
    assert num_rankings == 64
