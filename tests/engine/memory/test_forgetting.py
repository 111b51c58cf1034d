"""Lessons forgotten: what the memory would be without them."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from editing_rules import driven

from nec_engine.config import Settings
from nec_engine.memory.edit_log import EditLog
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.thinning import thinned
from nec_engine.messages import Moment, Origin

NUM_STATES, CAPACITY = 30, 40
SETTINGS = Settings(key_size=2, num_neighbours=3, alpha=0.25)


def key_of(state: int) -> torch.Tensor:
    return torch.tensor([float(state), 1.0])


@pytest.fixture
def memory() -> Iterator[EpisodicMemory]:
    memory = EpisodicMemory(2, CAPACITY, SETTINGS)
    yield memory
    memory.close()


def values_of(memory: EpisodicMemory, action: int) -> dict[int, tuple[float, int, Origin]]:
    """By state: value, updates, maker."""
    entries = [memory.contents.entry(action, slot) for slot in range(memory.sizes[action])]
    return {e.state_hash: (e.value, e.num_updates, e.origin) for e in entries}


def play(memory: EpisodicMemory, other: EpisodicMemory, seed: int, num: int = 120) -> set[int]:
    """Random visits of agent and person; ``other`` sees those of the agent alone."""
    rng = np.random.default_rng(seed)
    for step in range(num):
        state, action = int(rng.integers(NUM_STATES)), int(rng.integers(2))
        origin = Origin(int(rng.choice([Origin.AGENT, Origin.PERSON, Origin.IMPORTED])))
        value = float(rng.normal())
        for held in (memory, other) if origin is Origin.AGENT else (memory,):
            held.write(action, key_of(state), value, state + 1, Moment(seed, step), origin)
    return set(range(NUM_STATES))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_left_is_what_the_agent_alone_would_have_written(
    memory: EpisodicMemory, seed: int
) -> None:
    alone = EpisodicMemory(2, CAPACITY, SETTINGS)
    play(memory, alone, seed)
    assert memory.num_taught > 0
    saved = EpisodicMemory(2, CAPACITY, SETTINGS)
    saved.load_state_dict(copy.deepcopy(memory.state_dict()))
    thin = EpisodicMemory(2, CAPACITY, SETTINGS)
    all_slots = [np.arange(size) for size in memory.sizes]
    thin.load_state_dict(thinned(memory.state_dict(), all_slots, exact_keys=False))
    for held in (memory, saved, thin):
        edit = driven(EditLog(held, piece=5).forget_lessons())
        assert edit.num_entries > edit.num_only_taught > 0
        assert held.num_taught == 0
        assert held.num_by_origin[1:] == (0, 0, 0)
        assert held.check_valid() == []
        for action in range(2):
            expected = values_of(alone, action)
            found = values_of(held, action)
            assert found.keys() == expected.keys()
            for state, (value, num_updates, origin) in expected.items():
                assert found[state] == (pytest.approx(value, abs=1e-5), num_updates, origin)
    alone.close()
    saved.close()
    thin.close()


def test_forgetting_can_be_undone_and_done_again(memory: EpisodicMemory) -> None:
    alone = EpisodicMemory(2, CAPACITY, SETTINGS)
    play(memory, alone, 7)
    log = EditLog(memory, piece=5)
    before = [values_of(memory, action) for action in range(2)]
    num_taught = memory.num_taught
    driven(log.forget_lessons())
    after = [values_of(memory, action) for action in range(2)]
    driven(log.undo())
    assert [values_of(memory, action) for action in range(2)] == before
    assert memory.num_taught == num_taught
    driven(log.redo())
    assert [values_of(memory, action) for action in range(2)] == after
    assert memory.check_valid() == []
    alone.close()


def test_the_larger_value_is_kept_for_each_of_both_where_the_maximum_counts() -> None:
    settings = Settings(key_size=2, value_update="maximum")
    memory = EpisodicMemory(1, CAPACITY, settings)
    for value, origin in ((1.0, Origin.AGENT), (9.0, Origin.PERSON), (3.0, Origin.AGENT)):
        memory.write(0, key_of(0), value, 1, Moment(0, 0), origin)
    assert memory.contents.entry(0, 0).value == 9.0
    driven(EditLog(memory).forget_lessons())
    assert memory.contents.entry(0, 0).value == 3.0
    memory.close()


def test_an_entry_evicted_meanwhile_is_simply_gone(memory: EpisodicMemory) -> None:
    memory.write(0, key_of(0), 5.0, 1, Moment(0, 0), Origin.PERSON)
    for state in range(1, CAPACITY + 1):
        memory.write(0, key_of(state), 0.0, state + 1, Moment(1, state))
    assert memory.num_taught == 0
    assert driven(EditLog(memory).forget_lessons()).num_entries == 0
