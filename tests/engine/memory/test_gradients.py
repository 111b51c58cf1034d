"""Gradient steps on values and keys: what they change, and what the index learns of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, StepBuilder, fill, put_builder

from nec_engine.memory.index.annoy_upkeep import AnnoyAction
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import Neighbours


def find(memory: EpisodicMemory, queries: torch.Tensor) -> Neighbours:
    wanted = np.zeros((len(queries), 1), np.int64)
    return memory.lookup(queries, wanted, touch=True, need_keys=True)


def rows_of(memory: EpisodicMemory) -> tuple[np.ndarray, np.ndarray]:
    size = memory.sizes[0]
    entries = [memory.contents.entry(0, slot) for slot in range(size)]
    return np.stack([e.key for e in entries]), np.array([e.value for e in entries], np.float32)


@pytest.mark.parametrize("changes", ["none", "values", "keys", "both"])
def test_a_step_changes_what_it_is_given_and_nothing_else(
    make_memory: MakeMemory, changes: str
) -> None:
    memory = make_memory()
    keys = fill(memory, 0, 50)
    fill(memory, 1, 50)
    found = find(memory, keys[:1])
    old_keys, old_values = rows_of(memory)
    others = memory.state_dict()["actions"]["1"]["keys"].copy()
    key_gradients = torch.randn_like(found.keys) if found.keys is not None else torch.zeros(0)
    value_gradients = torch.randn_like(found.values)
    memory.apply_gradients(
        found,
        value_gradients if changes in ("values", "both") else None,
        key_gradients if changes in ("keys", "both") else None,
        learning_rate=0.5,
    )
    new_keys, new_values = rows_of(memory)
    slots = found.slots[0, 0]
    if changes in ("values", "both"):
        old_values[slots] -= 0.5 * value_gradients[0, 0].numpy()
    if changes in ("keys", "both"):
        old_keys[slots] -= 0.5 * key_gradients[0, 0].numpy()
    np.testing.assert_allclose(new_keys, old_keys, atol=1e-6)
    np.testing.assert_allclose(new_values, old_values, atol=1e-6)
    np.testing.assert_array_equal(memory.state_dict()["actions"]["1"]["keys"], others)
    assert memory.check_valid() == []


def test_an_entry_found_by_several_queries_gets_the_sum_of_its_gradients(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory()
    keys = fill(memory, 0, 5)  # as many as neighbours: each query finds them all
    found = find(memory, keys[:3])
    old_keys, old_values = rows_of(memory)
    value_gradients = torch.randn(3, 1, 5)
    key_gradients = torch.randn(3, 1, 5, 8)
    memory.apply_gradients(found, value_gradients, key_gradients, 0.1)
    for b in range(3):
        slots = found.slots[b, 0]
        old_values[slots] -= 0.1 * value_gradients[b, 0].numpy()
        old_keys[slots] -= 0.1 * key_gradients[b, 0].numpy()
    new_keys, new_values = rows_of(memory)
    np.testing.assert_allclose(new_keys, old_keys, atol=1e-6)
    np.testing.assert_allclose(new_values, old_values, atol=1e-6)


def test_places_without_a_neighbour_take_no_gradient(make_memory: MakeMemory) -> None:
    memory = make_memory()
    keys = fill(memory, 0, 2)
    found = find(memory, keys[:1])
    assert found.slots[0, 0, 2:].tolist() == [-1, -1, -1]
    memory.apply_gradients(found, torch.full((1, 1, 5), 7.0), torch.full((1, 1, 5, 8), 7.0), 1.0)
    assert memory.check_valid() == []
    assert memory.sizes == (2, 0)


def indexed_memory(make_memory: MakeMemory) -> EpisodicMemory:
    memory = make_memory(index="annoy", index_min_entries=100, index_tail=1000)
    put_builder(memory, StepBuilder()).is_released = True
    fill(memory, 0, 200)
    while not memory.num_builds:
        memory.service_index()
    return memory


def test_an_entry_moved_beyond_half_its_neighbourhood_joins_the_tail(
    make_memory: MakeMemory,
) -> None:
    memory = indexed_memory(make_memory)
    query = torch.zeros(1, 8)
    found = find(memory, query)
    radius = float(found.distances_sq[0, 0, -1].sqrt())
    gradients = torch.zeros(1, 1, 5, 8)
    gradients[0, 0, 0, 0] = 0.4 * radius  # stays where the index can find it
    gradients[0, 0, 1, 0] = 0.6 * radius  # does not
    memory.apply_gradients(found, None, gradients, 1.0)
    assert memory.tail_sizes == (1, 0)
    index = memory._index.actions[0]
    assert isinstance(index, AnnoyAction)
    tail = index.tails()[0]
    assert tail.slots.tolist() == [found.slots[0, 0, 1]]
    assert memory.check_valid() == []


def test_small_shifts_add_up(make_memory: MakeMemory) -> None:
    memory = indexed_memory(make_memory)
    query = torch.zeros(1, 8)
    nearest = find(memory, query).slots[0, 0, 0]
    for step in range(1, 4):
        found = find(memory, query)
        radius = float(found.distances_sq[0, 0, -1].sqrt())
        gradients = torch.zeros(1, 1, 5, 8)
        place = found.slots[0, 0].tolist().index(nearest)
        # to and fro: it hardly moves, but how far it went is not forgotten
        gradients[0, 0, place, 0] = 0.2 * radius * (-1) ** step
        memory.apply_gradients(found, None, gradients, 1.0)
        assert memory.tail_sizes[0] == (1 if step == 3 else 0)


def test_a_moved_key_is_found_where_it_is_now(make_memory: MakeMemory) -> None:
    memory = indexed_memory(make_memory)
    found = find(memory, torch.zeros(1, 8))
    gradients = torch.zeros(1, 1, 5, 8)
    gradients[0, 0, 0] = 30.0
    memory.apply_gradients(found, None, gradients, 1.0)
    slot = int(found.slots[0, 0, 0])
    moved = torch.from_numpy(memory.contents.entry(0, slot).key)[None]
    again = memory.lookup(moved, np.array([[0]]))
    assert (int(again.slots[0, 0, 0]), float(again.distances_sq[0, 0, 0])) == (slot, 0.0)
