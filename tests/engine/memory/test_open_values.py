"""Each visit an entry of its own, and values that are set anew while their sums are open."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from editing_rules import driven

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.memory.edit_log import EditLog
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Moment, OfEpisode, Origin

APPEND = Settings(value_update="append", index="exact", key_size=4)
LIVE = 2**40  # live episodes are numbered from high up


def memory_of(capacity: int = 8) -> EpisodicMemory:
    return EpisodicMemory(2, capacity, APPEND)


def test_a_state_seen_again_is_another_entry() -> None:
    memory = memory_of()
    key = torch.ones(4)
    for step, value in enumerate((1.0, 5.0, 3.0)):
        memory.write(0, key, value, state_hash=7, moment=Moment(1, step))
    assert memory.sizes == (3, 0)
    assert [memory.contents.entry(0, slot).value for slot in range(3)] == [1.0, 5.0, 3.0]
    assert [memory.contents.entry(0, slot).state_hash for slot in range(3)] == [7, 7, 7]
    assert memory.check_valid() == []


def test_a_value_is_set_at_its_moment_and_nowhere_else() -> None:
    memory = memory_of()
    for action, episode, step in ((0, 1, 0), (1, 1, 1), (0, LIVE, 0)):
        memory.write(action, torch.randn(4), 1.0, state_hash=step, moment=Moment(episode, step))
    memory.revalue(np.array([1, 0]), [8.0, 9.0], [1, LIVE], [1, 0])
    assert memory.contents.entry(0, 0).value == 1.0
    assert memory.contents.entry(1, 0).value == 8.0
    assert memory.contents.entry(0, 1).value == 9.0
    assert memory.contents.entry(0, 1).num_updates == 0
    found = memory.lookup(torch.zeros(1, 4), np.array([[1]]))
    assert found.values[0, 0, 0] == 8.0  # by the very next lookup


def test_what_was_evicted_stays_gone() -> None:
    memory = memory_of(capacity=2)
    for step in range(3):
        memory.write(0, torch.randn(4), 1.0, state_hash=step, moment=Moment(1, step))
    memory.revalue(np.zeros(3, np.int64), [7.0, 8.0, 9.0], 1, [0, 1, 2])
    assert sorted(memory.contents.entry(0, slot).value for slot in range(2)) == [8.0, 9.0]
    assert memory.check_valid() == []


def test_a_value_that_a_person_set_stays_while_its_sum_is_open() -> None:
    memory = memory_of()
    for step in range(2):
        memory.write(0, torch.randn(4), 1.0, state_hash=step, moment=Moment(1 + step, step))
    driven(EditLog(memory).set_value(memory.surgery.named(OfEpisode(2)), 9.0))
    memory.revalue(np.zeros(2, np.int64), [5.0, 6.0], [1, 2], [0, 1])
    assert [memory.contents.entry(0, slot).value for slot in range(2)] == [5.0, 9.0]
    assert memory.contents.entry(0, 1).origin == Origin.EDITED
    assert memory.check_valid() == []


def test_moments_find_their_entries_after_loading() -> None:
    memory, loaded = memory_of(), memory_of()
    for step in range(3):
        memory.write(0, torch.randn(4), 1.0, state_hash=7, moment=Moment(2, step))
    loaded.load_state_dict(memory.state_dict())
    loaded.revalue(np.array([0]), [4.0], 2, [1])
    assert [loaded.contents.entry(0, slot).value for slot in range(3)] == [1.0, 4.0, 1.0]
    assert loaded.check_valid() == []


def test_open_values_need_entries_of_their_own() -> None:
    with pytest.raises(SettingError, match="counted several times"):
        Settings(provisional_every=10)
