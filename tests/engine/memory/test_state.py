"""Saving and loading: bit by bit, and the run goes on as if nothing had happened."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from annoy import AnnoyIndex
from made_memories import MakeMemory, fill

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Origin

DETERMINISTIC: dict[str, Any] = {
    "deterministic": True, "index_rebuild_steps": 100, "index_min_entries": 100, "index_tail": 10,
    "annoy_trees": 2, "annoy_search_k": 40,
}  # fmt: skip


def assert_same(first: Any, second: Any, path: str = "") -> None:
    """Two state trees with the same bits."""
    if isinstance(first, dict):
        assert first.keys() == second.keys(), path
        for name in first:
            assert_same(first[name], second[name], f"{path}/{name}")
    elif isinstance(first, np.ndarray):
        assert (first.dtype, first.shape) == (second.dtype, second.shape), path
        assert first.tobytes() == second.tobytes(), path
    else:
        assert first == second, path


def play(memory: EpisodicMemory, first_step: int, num_steps: int) -> list[Any]:
    """Steps as a trainer makes them, all drawn from the step; what the lookups said."""
    said = []
    for step in range(first_step, first_step + num_steps):
        rng = np.random.default_rng(step)
        memory.advance(step, step // 4)
        query = torch.from_numpy(rng.normal(size=(1, 8)).astype(np.float32))
        said.append(memory.lookup(query, touch=True).slots.tolist())
        num = int(rng.integers(1, 6))
        memory.write_batch(
            rng.integers(0, memory.num_actions, num),
            torch.from_numpy(rng.normal(size=(num, 8)).astype(np.float32)),
            rng.normal(size=num),
            rng.integers(0, 900, num).astype(np.uint64),
            step // 10,
            np.arange(num),
        )
        queries = torch.from_numpy(rng.normal(size=(4, 8)).astype(np.float32))
        found = memory.lookup(
            queries, rng.integers(0, memory.num_actions, (4, 1)), touch=True, need_keys=True
        )
        said.append(found.distances_sq.tolist())
        noise = torch.from_numpy(rng.normal(size=(4, 1, 5, 8)).astype(np.float32))
        memory.apply_gradients(found, noise[..., 0], noise, 0.1)
        memory.service_index()
    said.append(memory.kernel_scale)
    return said


@pytest.mark.parametrize("index", ["exact", "annoy"])
def test_a_deterministic_run_resumes_bit_by_bit(make_memory: MakeMemory, index: str) -> None:
    whole = make_memory(index=index, **DETERMINISTIC)
    play(whole, 1, 350)
    assert whole.num_builds == (0 if index == "exact" else 6)
    state = copy.deepcopy(whole.state_dict())
    expected = play(whole, 351, 200)

    resumed = make_memory(index=index, **DETERMINISTIC)
    resumed.load_state_dict(state)
    assert resumed.check_valid() == []
    assert_same(resumed.state_dict(), state)
    assert play(resumed, 351, 200) == expected
    assert_same(resumed.state_dict(), whole.state_dict())
    assert resumed.num_builds == (0 if index == "exact" else 10)


def test_two_deterministic_runs_are_the_same(make_memory: MakeMemory) -> None:
    runs = [make_memory(index="annoy", **DETERMINISTIC) for _ in range(2)]
    assert play(runs[0], 1, 250) == play(runs[1], 1, 250)
    assert_same(runs[0].state_dict(), runs[1].state_dict())


def test_what_is_saved_is_arrays_and_json_and_hardly_copied(make_memory: MakeMemory) -> None:
    memory = make_memory()
    fill(memory, 0, 20)
    state = memory.state_dict()
    for name, array in state["actions"]["0"].items():
        assert array.flags.c_contiguous, name
        assert array.base is not None, f"{name} was copied"
    json.dumps(
        {
            name: value
            for name, value in state.items()
            if not isinstance(value, np.ndarray) and name != "actions"
        }
    )


def test_an_empty_memory_is_saved_and_loaded(make_memory: MakeMemory) -> None:
    state = copy.deepcopy(make_memory().state_dict())
    memory = make_memory()
    fill(memory, 0, 20)
    memory.load_state_dict(state)
    assert memory.sizes == (0, 0)
    assert memory.check_valid() == []
    assert not memory.lookup(torch.zeros(1, 8)).mask.any()


def test_a_larger_memory_takes_over_a_smaller_one(make_memory: MakeMemory) -> None:
    small, large = make_memory(capacity=50), make_memory(capacity=80)
    keys = fill(small, 1, 60)
    large.load_state_dict(copy.deepcopy(small.state_dict()))
    assert large.sizes == (0, 50)
    assert large.check_valid() == []
    found = large.lookup(keys[-1:], np.array([[1]]))
    assert float(found.distances_sq[0, 0, 0]) == 0


@pytest.mark.parametrize(
    "other", [{"num_actions": 3}, {"capacity": 10}, {"key_size": 9}], ids=lambda value: str(value)
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    make_memory: MakeMemory, other: dict[str, int]
) -> None:
    saved = make_memory()
    fill(saved, 0, 30)
    memory = make_memory(**other)
    fill(memory, 0, 7)
    with pytest.raises(ValueError, match="fit"):
        memory.load_state_dict(saved.state_dict())
    assert memory.sizes[0] == 7
    assert memory.check_valid() == []


def test_fields_that_an_older_snapshot_lacks_are_left_at_zero(make_memory: MakeMemory) -> None:
    memory = make_memory()
    fill(memory, 0, 3)
    state = copy.deepcopy(memory.state_dict())
    del state["record_fields"]["num_person_updates"]
    other = make_memory()
    other.load_state_dict(state)
    assert other.contents.entry(0, 2).num_person_updates == 0
    assert other.contents.entry(0, 2).state_hash == memory.contents.entry(0, 2).state_hash


def test_an_index_is_left_behind_when_the_setting_wants_none(make_memory: MakeMemory) -> None:
    memory = make_memory(index="annoy", **DETERMINISTIC)
    play(memory, 1, 150)
    exact = make_memory(index="exact")
    exact.load_state_dict(copy.deepcopy(memory.state_dict()))
    query = torch.zeros(1, 8)
    true = memory.lookup(query, np.array([[0]])).distances_sq
    assert (exact.lookup(query, np.array([[0]])).distances_sq <= true).all()
    assert exact.tail_sizes == (0, 0)


def test_an_index_in_the_order_of_slots_is_read_as_one(
    make_memory: MakeMemory, tmp_path: Path
) -> None:
    """As older snapshots have it."""
    thorough = DETERMINISTIC | {"annoy_search_k": 100_000}
    memory = make_memory(index="annoy", **thorough)
    play(memory, 1, 150)
    state = copy.deepcopy(memory.state_dict())
    assert state["index"]["actions"]
    for of_action in state["index"]["actions"].values():
        of_action["file"].tofile(tmp_path / "in its order")
        there, in_order = (AnnoyIndex(8, "euclidean") for _ in range(2))
        there.load(str(tmp_path / "in its order"))
        slots = of_action.pop("slots").tolist()
        assert slots != sorted(slots)
        for item, slot in enumerate(slots):
            in_order.add_item(slot, there.get_item_vector(item))
        in_order.build(2, 1)
        in_order.save(str(tmp_path / "in order"))
        of_action["file"] = np.fromfile(tmp_path / "in order", np.uint8)
    older = make_memory(index="annoy", **thorough)
    older.load_state_dict(state)
    assert older.check_valid() == []
    for query in torch.randn(20, 1, 8):
        found, expected = older.lookup(query), memory.lookup(query)
        assert found.slots.tolist() == expected.slots.tolist()


def test_who_made_the_entries_is_counted_again(make_memory: MakeMemory) -> None:
    memory = make_memory()
    memory.write_batch(np.array([0, 1]), torch.randn(2, 8), [1.0, 2.0],
                       np.array([1, 2], np.uint64), 3, [4, 5], Origin.PERSON)  # fmt: skip
    other = make_memory()
    other.load_state_dict(copy.deepcopy(memory.state_dict()))
    assert other.num_by_origin == (0, 2, 0, 0)
    assert other.episode_count(3) == 2


def test_an_index_that_cannot_be_put_on_the_disk_is_done_without(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    saved = make_memory(index="annoy", **DETERMINISTIC)
    play(saved, 1, 150)
    state = copy.deepcopy(saved.state_dict())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    memory = make_memory(index="annoy", **DETERMINISTIC | {"deterministic": False})
    memory.load_state_dict(state)
    assert "nowhere" in memory.index_problem
    assert memory.sizes == saved.sizes
    assert memory.tail_sizes == memory.sizes  # waiting for an index
    with pytest.raises(OSError, match="nowhere"):
        make_memory(index="annoy", **DETERMINISTIC).load_state_dict(state)
