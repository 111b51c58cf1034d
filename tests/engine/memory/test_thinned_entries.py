"""A memory's state with some of its entries: nothing changes but the last digits of the keys."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, fill

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.thinning import entry_table, is_thinned, thinned
from nec_engine.messages import I64, Origin

OFFSET = 40.0  # of all keys, as much larger than their spread as a network's


@pytest.fixture
def memory(make_memory: MakeMemory) -> EpisodicMemory:
    """60 and 40 entries, some retrieved, some updated, some a person's."""
    made = make_memory()
    made.advance(70_000, 900)
    for action, num in ((0, 60), (1, 40)):
        keys = fill(make_memory(), action, num) + OFFSET
        hashes = np.arange(num, dtype=np.uint64) + np.uint64(2**63)
        for _ in range(2):  # the second time as updates
            made.write_batch(
                np.full(num, action), keys, np.arange(num), hashes, 3, np.arange(num),
                Origin.PERSON if action else Origin.AGENT,
            )  # fmt: skip
    made.lookup(torch.full((1, 8), OFFSET), touch=True)
    return made


def some(sizes: tuple[int, ...], every: int = 3) -> list[I64]:
    return [np.arange(0, size, every) for size in sizes]


def facts_of(memory: EpisodicMemory, action: int, slot: int) -> dict[str, Any]:
    entry = memory.contents.entry(action, slot)
    return {name: getattr(entry, name) for name in entry.__slots__ if name not in ("key", "slot")}


@pytest.mark.parametrize("exact_keys", [False, True])
def test_what_is_chosen_comes_back_as_it_was(
    memory: EpisodicMemory, make_memory: MakeMemory, exact_keys: bool
) -> None:
    chosen = some(memory.sizes)
    state = thinned(memory.state_dict(), chosen, exact_keys=exact_keys)
    assert is_thinned(state)
    other = make_memory()
    other.load_state_dict(copy.deepcopy(state))
    assert other.check_valid() == []
    assert other.sizes == (20, 14)
    assert other.num_by_origin == (20, 14, 0, 0)
    assert other.clock == memory.clock
    assert other.kernel_scale == memory.kernel_scale
    for action, slots in enumerate(chosen):
        for place, slot in enumerate(slots.tolist()):
            assert facts_of(other, action, place) == facts_of(memory, action, slot)
            key = other.contents.entry(action, place).key
            before = memory.contents.entry(action, slot).key
            assert key.dtype == np.float32
            assert np.abs(key - before).max() <= (0 if exact_keys else 2.0**-10)


def test_keys_take_half_the_bytes_and_the_offset_they_share_costs_no_digits(
    memory: EpisodicMemory,
) -> None:
    state = thinned(memory.state_dict(), some(memory.sizes, 1), exact_keys=False)
    before = memory.state_dict()["actions"]["0"]["keys"]
    codes = state["actions"]["0"]["keys"]
    assert codes.dtype == np.float16
    assert np.abs(codes).max() <= 1
    plain = before.astype(np.float16).astype(np.float32)
    keys = codes.astype(np.float32) * state["key_unit"] + state["key_offset"]
    assert np.abs(keys - before).max() < np.abs(plain - before).max() / 8


def test_thinning_again_loses_nothing_more(memory: EpisodicMemory) -> None:
    once = thinned(memory.state_dict(), some(memory.sizes, 1), exact_keys=False)
    twice = thinned(once, some(memory.sizes), exact_keys=False)
    for action in ("0", "1"):
        before, after = (state["actions"][action]["keys"] for state in (once, twice))
        assert np.array_equal(after, before[::3])
    assert twice["key_unit"] == once["key_unit"]


@pytest.mark.parametrize("exact_keys", [False, True])
def test_bytes_per_entry_is_what_an_entry_takes(memory: EpisodicMemory, exact_keys: bool) -> None:
    state = memory.state_dict()
    table = entry_table(state, exact_keys=exact_keys)
    assert len(table.slots) == 100
    made = thinned(state, some(memory.sizes, 1), exact_keys=exact_keys)
    taken = sum(
        array.nbytes
        for action in made["actions"].values()
        for array in {**action, **action["records"]}.values()
        if isinstance(array, np.ndarray)
    )
    assert 0.9 * 100 * table.bytes_per_entry < taken <= 100 * table.bytes_per_entry


def test_a_memory_without_entries_is_thinned_too(make_memory: MakeMemory) -> None:
    nothing = make_memory().state_dict()
    assert len(entry_table(nothing, exact_keys=False).slots) == 0
    other = make_memory()
    other.load_state_dict(thinned(nothing, some((0, 0)), exact_keys=False))
    assert other.sizes == (0, 0)
    assert other.check_valid() == []


def test_a_thinned_memory_goes_on_learning(memory: EpisodicMemory, make_memory: MakeMemory) -> None:
    other = make_memory(capacity=25)
    other.load_state_dict(thinned(memory.state_dict(), some(memory.sizes), exact_keys=False))
    fill(other, 0, 30)
    assert other.sizes == (25, 14)
    assert other.check_valid() == []
