"""A graph that grows with its memory, is searched meanwhile, and loses nothing."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from made_graphs import HNSW, graph_of, mean_recall, own_slots
from made_memories import MakeMemory, fill

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.memory.index import hnsw, hnsw_fill, hnsw_upkeep
from nec_engine.memory.index.exact import NUM_SPARE
from nec_engine.memory.index.hnsw import HnswGraph
from nec_engine.memory.memory import EpisodicMemory


def test_every_entry_is_in_the_graph_as_soon_as_it_is_written(make_memory: MakeMemory) -> None:
    memory = make_memory(**HNSW)
    keys = fill(memory, 1, 99)
    assert memory.recall_at_50(keys[:1], 1) is None  # few are searched one and all
    keys = torch.cat([keys, fill(memory, 1, 2400, seed=1)])
    assert memory._index.actions[1].published is graph_of(memory, 1)
    assert own_slots(memory, keys, 1) == list(range(2499))
    assert mean_recall(memory, keys[::40] + 0.1, 1) > 0.97
    assert (memory.num_builds, memory.building_action, memory.tail_sizes) == (0, None, (0, 0))
    assert memory.check_valid() == []


def test_who_is_evicted_is_found_no_more_and_who_came_is(make_memory: MakeMemory) -> None:
    memory = make_memory(**HNSW | {"capacity": 400})
    old = fill(memory, 0, 400)
    new = fill(memory, 0, 300, seed=5)
    assert own_slots(memory, new) == list(range(300))
    found = memory.lookup(old[:300], np.zeros((300, 1), np.int64))
    assert (found.distances_sq[:, 0, 0] > 0).all()
    assert graph_of(memory, 0).num_deleted == 300
    assert memory.check_valid() == []


def test_equal_keys_share_a_node_and_hide_nobody(make_memory: MakeMemory) -> None:
    """As when a state is entered again with each game that comes by it."""
    memory = make_memory(**HNSW | {"capacity": 4000})
    others = fill(memory, 0, 500)
    again = torch.randn(4, 16)
    keys = again.repeat(700, 1)
    memory.write_batch(np.zeros(2800, np.int64), keys, np.arange(2800.0),
                       np.arange(2800, dtype=np.uint64), 1, np.arange(2800))  # fmt: skip
    graph = graph_of(memory, 0)
    assert graph.num_nodes == 504
    found = memory.lookup(again, np.zeros((4, 1), np.int64))
    assert (found.distances_sq == 0).all()
    assert found.slots[:, 0].tolist() == [[500 + i + 4 * n for n in range(5)] for i in range(4)]
    assert own_slots(memory, others) == list(range(500))
    assert memory.check_valid() == []

    memory.write_batch(np.zeros(1400, np.int64), torch.randn(1400, 16), np.zeros(1400),
                       np.arange(1400, dtype=np.uint64), 2, np.arange(1400))  # fmt: skip
    assert own_slots(memory, again) == [1900, 1901, 1902, 1903]
    assert graph.num_deleted == 0
    memory.write_batch(np.zeros(1400, np.int64), torch.randn(1400, 16), np.zeros(1400),
                       np.arange(1400, 2800, dtype=np.uint64), 2, np.arange(1400))  # fmt: skip
    assert graph.num_deleted == 4
    assert memory.check_valid() == []


def test_a_state_that_comes_again_with_the_same_key_stays_at_its_node(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(**HNSW)
    fill(memory, 0, 300)
    fill(memory, 0, 300)
    assert (graph_of(memory, 0).num_nodes, graph_of(memory, 0).num_deleted) == (300, 0)


def test_a_key_that_gradients_moved_far_is_put_in_again(make_memory: MakeMemory) -> None:
    memory = make_memory(**HNSW)
    fill(memory, 0, 500)
    query = torch.zeros(1, 16)
    found = memory.lookup(query, np.array([[0]]), touch=True, need_keys=True)
    radius = float(found.distances_sq[0, 0, -1].sqrt())
    gradients = torch.zeros(1, 1, 5, 16)
    gradients[0, 0, 0, 0] = -0.4 * radius  # stays where its node finds it
    gradients[0, 0, 1, 0] = -40 * radius  # does not
    memory.apply_gradients(found, None, gradients, 1.0)
    near, far = found.slots[0, 0, :2].tolist()
    nodes = graph_of(memory, 0)._places.nodes[[near, far]].tolist()
    memory.service_index()
    assert graph_of(memory, 0)._places.nodes[near] == nodes[0]
    assert graph_of(memory, 0)._places.nodes[far] != nodes[1]
    assert found.keys is not None
    assert own_slots(memory, found.keys[0, 0, 1:2] - gradients[0, 0, 1]) == [far]
    assert memory.check_valid() == []


def test_what_the_graph_does_not_give_back_is_kept_aside_and_tried_again(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = make_memory(**HNSW)
    fill(memory, 0, 300)
    blind = [True]
    see = HnswGraph._is_found

    def is_found(self: HnswGraph, node: int, key: np.ndarray) -> bool:
        return not blind[0] and see(self, node, key)

    monkeypatch.setattr(HnswGraph, "_is_found", is_found)
    lost = fill(memory, 0, 3, seed=1)
    assert memory.tail_sizes == (3, 0)
    assert own_slots(memory, lost) == [300, 301, 302]
    assert memory.check_valid() == []
    blind[0] = False
    for step in range(1, 4 * hnsw_upkeep.STEPS_TO_RETRY):
        memory.advance(step, 0)
        memory.service_index()
    assert memory.tail_sizes == (0, 0)
    assert own_slots(memory, lost) == [300, 301, 302]
    assert memory.check_valid() == []


def test_of_many_entries_kept_aside_only_the_nearest_are_proposed(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = make_memory(**HNSW)
    fill(memory, 0, 300)
    monkeypatch.setattr(HnswGraph, "_is_found", lambda *_: False)
    lost = fill(memory, 0, 600, seed=1)
    assert memory.tail_sizes == (600, 0)
    assert own_slots(memory, lost) == list(range(300, 900))
    num = 10
    proposed = graph_of(memory, 0).search(lost[:20], num)
    assert proposed.shape[1] <= 2 * (num + num // 4) + NUM_SPARE
    for query, slots in zip(lost[:20], proposed, strict=True):
        nearest = (lost - query).square().sum(-1).topk(num, largest=False).indices + 300
        assert set(nearest.tolist()) <= set(slots.tolist())
    assert memory.check_valid() == []


def test_readers_and_the_writer_at_once(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Graphs that grow, wear out and are made anew while three threads search them.

    Nothing crashes, no slot is found twice, and hardly an entry is out of reach: none ever is for
    long, but which ones a graph does not find is chance.
    """
    monkeypatch.setattr(hnsw, "LEAST_ROOM", 2)
    monkeypatch.setattr(hnsw_upkeep, "LEAST_DELETED", 60)
    monkeypatch.setattr(hnsw_fill, "PUTS_AT_ONCE", 16)
    num_states = 250
    memory = make_memory(**HNSW | {"capacity": num_states, "hnsw_min_entries": 1, "key_size": 8})
    keys = torch.randn(num_states, 8)
    num_written, num_read, num_looked_for, num_lost = [0], [0, 0, 0], [0], [0]
    problems: list[str] = []
    is_over = threading.Event()

    def read(reader: int) -> None:
        rng = np.random.default_rng(reader)
        while not is_over.wait(0.0005):  # or nothing is left for the thread that makes graphs anew
            if not num_written[0]:
                continue
            states = rng.integers(0, num_written[0], 1 + 9 * reader)
            found = memory.lookup(keys[states], with_evidence=True)
            for i, state in enumerate(states.tolist()):
                num_looked_for[0] += 1
                num_lost[0] += state not in found.evidence(i, 0).steps
            if any(len(set(slots)) != len(slots) for slots in found.slots[:, 0].tolist()):
                problems.append(f"a slot was found twice: {found.slots}")
            num_read[reader] += 1

    def write(start: int, num: int) -> None:
        states = np.arange(start, start + num)
        hashes = states.astype(np.uint64)
        memory.write_batch(np.zeros(num, np.int64), keys[states], np.zeros(num), hashes, 0, states)
        memory.service_index()

    readers = [threading.Thread(target=read, args=(reader,)) for reader in range(3)]
    for reader in readers:
        reader.start()
    try:
        for start in range(0, num_states, 10):
            write(start, 10)
            num_written[0] = start + 10
        while (min(num_read) < 50 or memory.num_builds < 2) and not problems:
            # the same states again, each a little further on: it gets a new node
            start = int(np.random.default_rng(sum(num_read)).integers(num_states - 20))
            keys[start : start + 20] += 1e-4
            write(start, 20)
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert problems == []
    assert num_lost[0] <= 0.01 * num_looked_for[0]
    memory.finish_builds()
    assert memory.check_valid() == []
    assert graph_of(memory, 0)._places.room >= num_states  # grew by doubling


def test_a_reader_waits_for_a_few_insertions_at_most(make_memory: MakeMemory) -> None:
    """A long batch is put in in parts, between which a reader comes in."""
    memory = make_memory(**HNSW)
    fill(memory, 0, 200)
    graph = graph_of(memory, 0)
    holds = []
    writing = graph._lock.writing

    @contextmanager
    def counted() -> Iterator[None]:
        before = graph.num_nodes
        with writing():
            yield
        holds.append(graph.num_nodes - before)

    graph._lock.writing = counted  # type: ignore[method-assign]  # a stand-in for this test
    fill(memory, 0, 41, seed=1)
    assert max(holds) == hnsw.PUTS_PER_HOLD
    assert sum(holds) == 41


def test_who_moved_too_far_is_found_before_its_turn_to_be_put_in_again(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(**HNSW)
    fill(memory, 0, 500)
    found = memory.lookup(torch.zeros(1, 16), np.array([[0]]), touch=True, need_keys=True)
    radius = float(found.distances_sq[0, 0, -1].sqrt())
    gradients = torch.zeros(1, 1, 5, 16)
    gradients[0, 0, :, 0] = -40 * radius
    memory.apply_gradients(found, None, gradients, 1.0)
    assert found.keys is not None
    slots, now = found.slots[0, 0].tolist(), found.keys[0, 0] - gradients[0, 0]
    assert own_slots(memory, now) == slots  # not one of them is back in the graph
    assert memory.tail_sizes == (5, 0)
    memory.service_index()
    assert memory.tail_sizes == (5 - hnsw_upkeep.MOVED_PER_STEP, 0)
    assert own_slots(memory, now) == slots
    memory.service_index()
    assert memory.tail_sizes == (0, 0)
    assert own_slots(memory, now) == slots
    assert memory.check_valid() == []


def test_a_missing_library_is_refused_with_the_name_of_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SettingError, match=r"extra named hnsw.*--index annoy"):
        EpisodicMemory(2, 100, Settings(index="hnsw"))
    EpisodicMemory(2, 100, Settings(index="annoy")).close()


def test_a_deterministic_run_with_a_graph_is_refused() -> None:
    with pytest.raises(SettingError, match="index=annoy or exact"):
        Settings(index="hnsw", deterministic=True)
