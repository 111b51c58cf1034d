"""Graphs that are made anew: of worn ones, of loaded memories, on a thread, or not at all."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import torch
from made_graphs import HNSW, graph_of, own_slots
from made_memories import MakeMemory, fill

from nec_engine.memory.index import hnsw_upkeep
from nec_engine.memory.index.hnsw import HnswGraph


def test_a_worn_graph_is_made_anew_on_a_thread(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hnsw_upkeep, "LEAST_DELETED", 50)
    memory = make_memory(**HNSW | {"capacity": 400})
    fill(memory, 0, 400)
    keys = fill(memory, 0, 400, seed=1)
    keys[:201] = fill(memory, 0, 201, seed=2)
    worn = graph_of(memory, 0)
    assert worn.num_deleted > worn.num_found // 2
    memory.service_index()
    assert memory.building_action == 0
    assert own_slots(memory, keys) == list(range(400))  # meanwhile, too
    keys[201:221] = fill(memory, 0, 20, seed=3)
    memory.finish_builds()
    assert graph_of(memory, 0) is not worn
    assert graph_of(memory, 0).num_deleted <= 20
    assert own_slots(memory, keys) == list(range(400))
    assert memory.num_builds == 1
    assert memory.check_valid() == []


@pytest.mark.parametrize("saved_with", ["hnsw", "annoy", "exact"])
def test_any_snapshot_opens_with_a_graph_and_is_searched_exactly_until_it_is_there(
    make_memory: MakeMemory, saved_with: str
) -> None:
    settings = HNSW | {"index_min_entries": 100, "annoy_trees": 3}
    saved = make_memory(**settings | {"index": saved_with})
    keys = fill(saved, 0, 500)
    saved.finish_builds()
    memory = make_memory(**settings)
    memory.load_state_dict(saved.state_dict())
    assert memory.tail_sizes == (500, 0)
    assert not memory._index.actions[0].is_approximate
    late = fill(memory, 0, 10, seed=8)
    memory.service_index()
    assert memory.building_action == 0
    late = torch.cat([late, fill(memory, 0, 90, seed=9)])
    memory.finish_builds()
    assert memory._index.actions[0].is_approximate
    assert own_slots(memory, torch.cat([keys, late])) == list(range(600))
    assert memory.check_valid() == []


def test_a_snapshot_with_a_graph_opens_with_annoy(make_memory: MakeMemory) -> None:
    saved = make_memory(**HNSW)
    keys = fill(saved, 0, 500)
    memory = make_memory(**HNSW | {"index": "annoy", "index_min_entries": 100})
    memory.load_state_dict(saved.state_dict())
    memory.finish_builds()
    assert memory.num_builds == 1
    assert own_slots(memory, keys) == list(range(500))


def test_a_graph_made_of_many_leaves_hardly_any_aside(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = make_memory(**HNSW)
    keys = fill(saved, 0, 500)
    memory = make_memory(**HNSW)
    memory.load_state_dict(saved.state_dict())
    tries: dict[bytes, int] = {}
    see = HnswGraph._is_found

    def is_found(self: HnswGraph, node: int, key: np.ndarray) -> bool:
        """Every tenth is found at its second try alone."""
        tries[key.tobytes()] = tries.get(key.tobytes(), 0) + 1
        is_blind = keys[::10].eq(torch.from_numpy(key)).all(1).any()
        return (tries[key.tobytes()] > 1 or not is_blind) and see(self, node, key)

    monkeypatch.setattr(HnswGraph, "_is_found", is_found)
    memory.finish_builds()
    assert sum(num > 1 for num in tries.values()) == 50
    assert memory.tail_sizes == (0, 0)
    assert own_slots(memory, keys) == list(range(500))
    assert memory.check_valid() == []


def test_no_room_while_a_graph_grows_costs_the_graph_and_nothing_else(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = make_memory(**HNSW)
    keys = fill(memory, 0, 300)
    now_s = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    with monkeypatch.context() as broken:
        broken.setattr(
            HnswGraph, "_add", lambda *_: (_ for _ in ()).throw(RuntimeError("Not enough memory"))
        )
        keys = torch.cat([keys, fill(memory, 0, 20, seed=1)])
    fill(memory, 1, 200)  # another action's success does not hide it
    memory.service_index()
    assert memory.index_problem == "Not enough memory"
    assert own_slots(memory, keys) == list(range(320))
    assert memory.building_action is None  # nothing is due yet
    assert memory._index.actions[1].is_approximate
    assert not memory._index.actions[0].is_approximate
    now_s += hnsw_upkeep.RETRY_S
    memory.service_index()
    assert memory.building_action == 0
    memory.finish_builds()
    assert memory.index_problem == ""
    assert memory._index.actions[0].is_approximate
    assert own_slots(memory, keys) == list(range(320))
    assert memory.check_valid() == []


def test_closing_in_the_middle_of_a_fill_is_quiet(make_memory: MakeMemory) -> None:
    saved = make_memory(**HNSW)
    fill(saved, 0, 2900)
    memory = make_memory(**HNSW)
    memory.load_state_dict(saved.state_dict())
    memory.service_index()
    memory.close()
    memory.close()
    assert memory.building_action is None
    assert not any(thread.name == "hnsw fill" for thread in threading.enumerate())


def test_a_graph_that_cannot_be_made_is_told_and_tried_again_later(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = make_memory(**HNSW)
    keys = fill(saved, 0, 300)
    memory = make_memory(**HNSW)
    memory.load_state_dict(saved.state_dict())
    now_s = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now_s)
    with monkeypatch.context() as broken:
        broken.setattr(
            HnswGraph, "put", lambda *_: (_ for _ in ()).throw(RuntimeError("Not enough memory"))
        )
        memory.finish_builds()
    assert memory.index_problem == "Not enough memory"
    assert own_slots(memory, keys) == list(range(300))
    memory.service_index()
    assert memory.building_action is None  # not yet
    now_s += 100.0
    memory.service_index()
    memory.finish_builds()
    assert memory.index_problem == ""
    assert memory._index.actions[0].is_approximate
