"""The whole memory against a dictionary that is searched from end to end.

Keys are points of a grid of whole numbers, so that every distance is exact in float32 and the
model's distances can be compared bit by bit.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from editing_rules import EditingRules
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from made_memories import StepBuilder
from memory_model import ALPHA, CAPACITY, KEY_SIZE, NUM_ACTIONS, Entry, Model, P

from nec_engine.config import Settings
from nec_engine.memory.index.annoy_upkeep import AnnoyUpkeep
from nec_engine.memory.index.hnsw_upkeep import HnswUpkeep
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import Neighbours
from nec_engine.messages import I64, Moment, Origin

NUM_FIRST = 110  # enough for an index (index_min_entries = 100)

actions = st.integers(0, NUM_ACTIONS - 1)
grid_keys = st.tuples(*[st.integers(-40, 40)] * KEY_SIZE)
grid_values = st.integers(-64, 64).map(float)
origins = st.sampled_from([Origin.AGENT, Origin.PERSON])


class MemoryMachine(EditingRules, RuleBasedStateMachine):
    """Random writes, updates, gradients, evictions, rebuilds and edits by hand."""

    index = "exact"

    @initialize(seed=st.integers(0, 1000))
    def make(self, seed: int) -> None:
        self.memory = self.new_memory()
        self.model = Model()
        self.begin_edits()
        rng = np.random.default_rng(seed)
        for action in range(NUM_ACTIONS):
            keys = rng.integers(-40, 41, (NUM_FIRST, KEY_SIZE)).astype(np.float32)
            values = rng.integers(-64, 65, NUM_FIRST).astype(np.float32)
            self.write_many(action, list(range(NUM_FIRST)), keys, values, 0, Origin.AGENT)

    def new_memory(self) -> EpisodicMemory:
        settings = Settings(
            key_size=KEY_SIZE, num_neighbours=P, alpha=ALPHA, index=self.index,
            index_min_entries=100, index_tail=10, annoy_trees=3, hnsw_min_entries=100,
            kernel_scale="absolute",
        )  # fmt: skip
        return EpisodicMemory(NUM_ACTIONS, CAPACITY, settings, "cpu")

    def teardown(self) -> None:
        self.memory.close()

    # --- what happens ---

    @rule(action=actions, state_hash=st.integers(0, 200), key=grid_keys, value=grid_values,
          origin=origins)  # fmt: skip
    def write(
        self, action: int, state_hash: int, key: tuple[int, ...], value: float, origin: Origin
    ) -> None:
        point = np.array(key, np.float32)
        moment = Moment(self.model.clock // 3, self.model.clock)
        slot = self.memory.write(action, torch.from_numpy(point), value, state_hash, moment, origin)
        entry = self.model.write(action, state_hash, point, value, moment, origin)
        assert slot == entry.slot
        self.must_be_found_at_once(action, entry)

    @rule(
        action=actions,
        first=st.integers(0, 220),
        num=st.integers(1, 40),
        seed=st.integers(0, 99),
        origin=origins,
    )
    def write_an_episode(
        self, action: int, first: int, num: int, seed: int, origin: Origin
    ) -> None:
        """Some states twice in one batch."""
        rng = np.random.default_rng(seed)
        hashes = [first + int(i) for i in rng.integers(0, num, num)]
        keys = rng.integers(-40, 41, (num, KEY_SIZE)).astype(np.float32)
        values = rng.integers(-64, 65, num).astype(np.float32)
        self.write_many(action, hashes, keys, values, 1000 + seed, origin)

    def write_many(
        self, action: int, hashes: list[int], keys: np.ndarray, values: np.ndarray, episode: int,
        origin: Origin,
    ) -> None:  # fmt: skip
        slots = self.memory.write_batch(
            np.full(len(hashes), action), torch.from_numpy(keys), values,
            np.array(hashes, np.uint64), episode, np.arange(len(hashes)), origin,
        )  # fmt: skip
        for i, state_hash in enumerate(hashes):
            moment = Moment(episode, i)
            entry = self.model.write(action, state_hash, keys[i], float(values[i]), moment, origin)
            assert slots[i] == entry.slot
        self.must_be_found_at_once(action, entry)

    @rule(query=grid_keys, seed=st.integers(0, 99))
    def learn(self, query: tuple[int, ...], seed: int) -> None:
        """A touching lookup and a gradient step on what it found, entries found twice included."""
        queries = torch.tensor([query, query, [0] * KEY_SIZE], dtype=torch.float32)
        wanted = np.array([[0], [0], [1]])
        found = self.memory.lookup(queries, wanted, touch=True, need_keys=True)
        self.touched(found)
        rng = np.random.default_rng(seed)
        key_gradients = rng.integers(-1, 2, (3, 1, P, KEY_SIZE)).astype(np.float32)
        value_gradients = rng.integers(-1, 2, (3, 1, P)).astype(np.float32)
        self.memory.apply_gradients(
            found, torch.from_numpy(value_gradients), torch.from_numpy(key_gradients), 1.0
        )
        for b, action in enumerate(wanted[:, 0].tolist()):
            by_slot = self.model.by_slot(action)
            for p, slot in enumerate(found.slots[b, 0].tolist()):
                if slot < 0:
                    continue
                entry = by_slot[slot][1]
                entry.key = entry.key - key_gradients[b, 0, p]
                entry.value -= float(value_gradients[b, 0, p])

    @rule(query=grid_keys)
    def decide(self, query: tuple[int, ...]) -> None:
        self.touched(self.memory.lookup(torch.tensor([query]).float(), touch=True))

    @rule(query=grid_keys)
    def watch(self, query: tuple[int, ...]) -> None:
        """Nothing that anybody but the trainer looks up leaves a trace."""
        before = [
            (slots.stamps[: slots.size].tolist(), slots.num_retrievals[: slots.size].tolist())
            for slots in self.memory._writer.slots
        ]
        scale = self.memory.kernel_scale
        self.check_neighbours(np.array(query, np.float32), with_evidence=True)
        after = [
            (slots.stamps[: slots.size].tolist(), slots.num_retrievals[: slots.size].tolist())
            for slots in self.memory._writer.slots
        ]
        assert (before, scale) == (after, self.memory.kernel_scale)

    @rule(steps=st.integers(1, 5))
    def advance(self, steps: int) -> None:
        self.model.clock += steps
        self.memory.advance(self.model.clock, self.model.clock // 4)

    @rule()
    def save_and_load(self) -> None:
        """A snapshot taken at any time goes on as if nothing had happened."""
        state = copy.deepcopy(self.memory.state_dict())
        self.memory.close()
        self.memory = self.new_memory()
        self.memory.load_state_dict(state)
        self.begin_edits()

    # --- what must hold ---

    def touched(self, found: Neighbours) -> None:
        self.model.stamp += 1
        for action in np.unique(found.actions).tolist():
            by_slot = self.model.by_slot(action)
            for slot in found.slots[found.actions == action].reshape(-1).tolist():
                if slot < 0:
                    continue
                by_slot[slot][1].stamp = self.model.stamp
                by_slot[slot][1].num_retrievals += 1

    def must_be_found_at_once(self, action: int, entry: Entry) -> None:
        found = self.memory.lookup(torch.from_numpy(entry.key)[None], np.array([[action]]))
        num_equal = sum(
            bool((e.key == entry.key).all()) for e in self.model.entries[action].values()
        )
        assert float(found.distances_sq[0, 0, 0]) == 0
        assert num_equal > P or entry.slot in found.slots[0, 0]

    def finds_all(self, action: int) -> bool:
        """The reference always does."""
        return True

    def check_neighbours(self, query: np.ndarray, *, with_evidence: bool) -> None:
        found = self.memory.lookup(torch.from_numpy(query)[None], with_evidence=with_evidence)
        for action in range(NUM_ACTIONS):
            distances_sq = found.distances_sq[0, action].tolist()
            expected = self.model.distances_sq(action, query)
            num = len(expected)  # fewer than P where so few are left
            expected += [float("inf")] * (P - num)
            if self.finds_all(action):
                assert distances_sq == expected
            assert all(d >= e for d, e in zip(distances_sq, expected, strict=True))
            assert distances_sq == sorted(distances_sq)
            slots: I64 = found.slots[0, action]
            assert len(set(slots[:num].tolist())) == num
            assert (slots[num:] == -1).all()
            by_slot = self.model.by_slot(action)
            for place, slot in enumerate(slots[:num].tolist()):
                state_hash, entry = by_slot[slot]
                assert (
                    float(((entry.key - query) ** 2).sum()) == found.distances_sq[0, action, place]
                )
                assert float(found.values[0, action, place]) == np.float32(entry.value)
                if with_evidence:
                    evidence = found.evidence(0, action)
                    assert int(evidence.state_hashes[place]) == state_hash
                    assert evidence.steps[place] == entry.moment.step
                    assert evidence.ages_steps[place] == self.model.clock - entry.clock

    @invariant()
    def finds_what_the_model_finds(self) -> None:
        if hasattr(self, "memory"):
            for query in ([0, 0, 0], [30, -30, 10]):
                self.check_neighbours(np.array(query, np.float32), with_evidence=False)

    @invariant()
    def counts_what_the_model_counts(self) -> None:
        if not hasattr(self, "memory"):
            return
        assert self.memory.check_valid() == []
        entries = [entry for of_action in self.model.entries for entry in of_action.values()]
        assert self.memory.sizes == tuple(len(of_action) for of_action in self.model.entries)
        episodes = [entry.moment.episode for entry in entries]
        for episode in {*episodes, 0, 1, 1001}:
            assert self.memory.episode_count(episode) == episodes.count(episode)
        made_by = [entry.origin for entry in entries]
        assert self.memory.num_by_origin == tuple(made_by.count(origin) for origin in Origin)

    @rule(action=actions, data=st.data())
    def inspect(self, action: int, data: st.DataObject) -> None:
        if not self.model.entries[action]:
            return
        state_hash = data.draw(st.sampled_from(sorted(self.model.entries[action])))
        entry = self.model.entries[action][state_hash]
        info = self.memory.contents.entry(action, entry.slot)
        assert info.key.tolist() == entry.key.tolist()
        assert info.value == np.float32(entry.value)
        assert info.state_hash == state_hash
        assert (info.moment, info.first_moment) == (entry.moment, entry.first_moment)
        assert (info.origin, info.clock) == (entry.origin, entry.clock)
        assert info.num_updates == entry.num_updates
        assert info.num_person_updates == entry.num_person_updates
        assert info.num_retrievals == entry.num_retrievals
        assert info.last_retrieved == entry.stamp
        assert info.is_pinned == entry.is_pinned


class AnnoyMachine(MemoryMachine):
    """With an index that is built while the memory changes, and is always out of date."""

    index = "annoy"

    def new_memory(self) -> EpisodicMemory:
        memory = super().new_memory()
        assert isinstance(memory._index, AnnoyUpkeep)
        self.builder = StepBuilder()
        memory._index._builder = self.builder  # type: ignore[assignment]  # a stand-in for this test
        return memory

    def finds_all(self, action: int) -> bool:
        """While no key that the index knows has moved: then what it proposes is a guess again."""
        indexed = self.memory._index.actions[action].indexed  # type: ignore[attr-defined]  # both kinds that are tried have it
        if indexed is None:
            return True
        slots = np.arange(self.memory.sizes[action])
        outside = slots[~indexed.tail.view.contains(slots)]
        return not indexed.tail.shifts(len(slots))[outside].any()

    @rule()
    def begin_a_build(self) -> None:
        for _ in range(3):
            self.memory.service_index()

    @precondition(lambda self: self.builder.jobs)
    @rule()
    def finish_the_build(self) -> None:
        num_builds = self.memory.num_builds
        self.builder.is_released = True
        self.memory.service_index()
        self.builder.is_released = False
        assert self.memory.num_builds == num_builds + 1


class HnswMachine(MemoryMachine):
    """With graphs that grow with the memory, and are made anew on a thread while it changes.

    Which entries are out of a graph's reach is chance, but few are: they are counted over all that
    is tried.
    """

    index = "hnsw"
    num_expected = 0
    num_missed = 0

    def new_memory(self) -> EpisodicMemory:
        self.expected: set[tuple[int, int]] = set()  # action and state of entries
        self.missed: set[tuple[int, int]] = set()
        return super().new_memory()

    def finds_all(self, action: int) -> bool:
        return not self.memory._index.actions[action].is_approximate

    def check_neighbours(self, query: np.ndarray, *, with_evidence: bool) -> None:
        super().check_neighbours(query, with_evidence=with_evidence)
        found = self.memory.lookup(torch.from_numpy(query)[None])
        for action in range(NUM_ACTIONS):
            furthest = float(found.distances_sq[0, action].max())
            slots = set(found.slots[0, action].tolist())
            for state_hash, entry in self.model.entries[action].items():
                if float(np.square(entry.key - query).sum()) < furthest:
                    self.expected.add((action, state_hash))
                    if entry.slot not in slots:
                        self.missed.add((action, state_hash))

    @rule(action=actions)
    def begin_a_new_graph(self, action: int) -> None:
        upkeep = self.memory._index
        assert isinstance(upkeep, HnswUpkeep)
        if upkeep.building_action is None:
            upkeep._begin_fill(action)

    @rule()
    def service(self) -> None:
        self.memory.service_index()

    @rule()
    def finish(self) -> None:
        self.memory.finish_builds()
        assert self.memory.building_action is None
        for action, size in zip(self.memory._index.actions, self.memory.sizes, strict=True):
            assert action.is_approximate == (size >= 100)

    def teardown(self) -> None:
        super().teardown()
        HnswMachine.num_expected += len(self.expected)
        HnswMachine.num_missed += len(self.missed)


TestExact = MemoryMachine.TestCase
TestExact.settings = hypothesis_settings(max_examples=15, stateful_step_count=20, deadline=None)
TestAnnoy = AnnoyMachine.TestCase
TestAnnoy.settings = hypothesis_settings(max_examples=30, stateful_step_count=25, deadline=None)


def test_hnsw() -> None:
    HnswMachine.num_expected = HnswMachine.num_missed = 0
    many = hypothesis_settings(max_examples=60, stateful_step_count=25, deadline=None)
    run_state_machine_as_test(HnswMachine, settings=many)
    assert HnswMachine.num_expected >= 300
    assert HnswMachine.num_missed <= 0.02 * HnswMachine.num_expected
