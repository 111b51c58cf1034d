"""Indexes that follow a changing memory, built by the real child process."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, StepBuilder, fill, put_builder

from nec_engine.memory.index.annoy_upkeep import AnnoyUpkeep
from nec_engine.memory.index.builder_process import BuildEnded
from nec_engine.messages import Moment

ANNOY: dict[str, Any] = {
    "index": "annoy", "index_min_entries": 100, "index_tail": 20, "capacity": 3000,
    "key_size": 16, "annoy_trees": 10, "annoy_search_k": 600,
}  # fmt: skip


def test_an_index_is_built_in_the_background_and_finds_most(make_memory: MakeMemory) -> None:
    memory = make_memory(**ANNOY)
    keys = fill(memory, 1, 2000)
    assert memory.tail_sizes == (0, 2000)
    assert memory.recall_at_50(keys[:1], 1) is None  # exact so far
    memory.service_index()
    assert memory.building_action == 1
    memory.finish_builds()
    assert (memory.num_builds, memory.tail_sizes, memory.building_action) == (1, (0, 0), None)
    recalls = [memory.recall_at_50(keys[i : i + 1] + 0.1, 1) for i in range(100)]
    assert np.mean([recall for recall in recalls if recall is not None]) > 0.8


def test_small_memories_are_searched_without_an_index(make_memory: MakeMemory) -> None:
    memory = make_memory(**ANNOY)
    fill(memory, 0, 99)
    memory.service_index()
    assert memory.building_action is None
    assert memory.tail_sizes == (0, 0)


def test_exact_never_builds(make_memory: MakeMemory) -> None:
    memory = make_memory(**ANNOY | {"index": "exact"})
    fill(memory, 0, 1000)
    memory.service_index()
    memory.finish_builds()
    assert (memory.building_action, memory.num_builds) == (None, 0)


def test_the_longest_tail_is_built_first(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=3, **ANNOY)
    for action, num in enumerate((200, 400, 300)):
        fill(memory, action, num)
    order = []
    while memory.num_builds < 3:
        memory.service_index()
        order.append(memory.building_action)
    assert [action for action, _ in itertools.groupby(order) if action is not None] == [1, 2, 0]


def test_what_is_written_during_a_build_is_found_before_and_after(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(**ANNOY)
    builder = put_builder(memory, StepBuilder())
    fill(memory, 0, 500)
    while not builder.jobs:
        memory.service_index()
    late = torch.randn(30, 16)
    memory.write_batch(np.zeros(30, np.int64), late, np.zeros(30),
                       np.arange(1000, 1030, dtype=np.uint64), 1, np.arange(30))  # fmt: skip
    for is_built in (False, True):
        if is_built:
            builder.is_released = True
            memory.service_index()
            assert memory.tail_sizes == (30, 0)
        found = memory.lookup(late, np.zeros((30, 1), np.int64))
        assert (found.distances_sq[:, 0, 0] == 0).all()
        assert found.slots[:, 0, 0].tolist() == list(range(500, 530))


def test_the_index_forgets_what_was_evicted(make_memory: MakeMemory) -> None:
    memory = make_memory(**ANNOY | {"capacity": 200})
    old = fill(memory, 0, 200)
    memory.finish_builds()
    fill(memory, 0, 150, seed=5)
    found = memory.lookup(old[:50], np.zeros((50, 1), np.int64))
    assert (found.distances_sq[:, 0, 0] > 0).all()
    assert memory.check_valid() == []


def test_a_neighbourhood_that_changed_altogether_is_still_searched_wide_enough(
    make_memory: MakeMemory,
) -> None:
    """All that the index would propose first has been rewritten elsewhere."""
    memory = make_memory(**ANNOY | {"index_tail": 2000, "annoy_search_k": 8000})
    keys = fill(memory, 0, 400)
    memory.finish_builds()
    query = torch.zeros(1, 16)
    nearest = (keys - query).square().sum(-1).argsort()[:60]
    for slot in nearest.tolist():
        entry = memory.contents.entry(0, slot)
        memory.write(0, torch.full((16,), 50.0), 0.0, entry.state_hash, Moment(2, slot))
    found = memory.lookup(query, np.array([[0]]))
    expected = (keys - query).square().sum(-1).sort().values[60:65]
    torch.testing.assert_close(found.distances_sq[0, 0], expected)


def test_many_new_entries_far_away_do_not_hide_that_too_few_near_ones_were_found(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(**ANNOY | {"index_tail": 2000, "annoy_search_k": 8000})
    keys = fill(memory, 0, 400)
    memory.finish_builds()
    memory.write_batch(np.zeros(390, np.int64), torch.full((390, 16), 60.0) + torch.randn(390, 1),
                       np.zeros(390), np.arange(390, dtype=np.uint64), 1, 0)  # fmt: skip
    nearest = keys.square().sum(-1).argsort()[:6]
    for slot in nearest.tolist():
        memory.write(0, torch.full((16,), 50.0), 0.0, memory.contents.entry(0, slot).state_hash,
                     Moment(2, slot))  # fmt: skip
    found = memory.lookup(torch.zeros(1, 16), np.array([[0]]))
    torch.testing.assert_close(found.distances_sq[0, 0], keys.square().sum(-1).sort().values[6:11])


def test_no_file_is_left_once_an_index_is_in_use(
    make_memory: MakeMemory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    memory = make_memory(**ANNOY)
    fill(memory, 0, 300)
    memory.finish_builds()
    (folder,) = tmp_path.iterdir()
    assert [file.name for file in folder.iterdir()] == ["lock"]
    memory.close()
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_fails_is_told_and_tried_again_later(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(StepBuilder):
        def poll(self) -> BuildEnded | None:
            return BuildEnded("OSError: No space left on device") if self.jobs else None

    now_s = 1000.0
    monkeypatch.setattr("nec_engine.memory.index.annoy_upkeep.time.monotonic", lambda: now_s)
    memory = make_memory(**ANNOY)
    put_builder(memory, FullDisk())
    keys = fill(memory, 0, 300)
    for _ in range(5):
        memory.service_index()
    assert memory.index_problem == "OSError: No space left on device"
    assert memory.building_action is None
    found = memory.lookup(keys[:1], np.array([[0]]))
    assert float(found.distances_sq[0, 0, 0]) == 0

    builder = put_builder(memory, StepBuilder())
    builder.is_released = True
    memory.service_index()
    assert memory.building_action is None  # not yet
    now_s += 100.0
    while not memory.num_builds:
        memory.service_index()
    assert memory.index_problem == ""


def test_closing_in_the_middle_of_a_build_is_quiet(make_memory: MakeMemory) -> None:
    memory = make_memory(**ANNOY | {"annoy_trees": 1000})
    fill(memory, 0, 3000)
    assert isinstance(memory._index, AnnoyUpkeep)
    while not memory._index._is_submitted:
        memory.service_index()
    memory.close()
    memory.close()
    assert memory.building_action is None
