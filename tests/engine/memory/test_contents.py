"""What any thread may read of the entries."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from made_memories import MakeMemory

from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Entry, Moment, Origin


def two_entries(make_memory: MakeMemory) -> EpisodicMemory:
    memory = make_memory()
    memory.write(1, torch.ones(8), 3.0, 77, Moment(4, 5))
    memory.write(1, torch.zeros(8), 2.0, 78, Moment(6, 7), Origin.PERSON)
    return memory


def test_an_empty_slot_holds_no_entry(make_memory: MakeMemory) -> None:
    contents = two_entries(make_memory).contents
    assert contents.entry(1, 1).value == 2.0
    with pytest.raises(ValueError, match="action 1 has no entry in slot 2"):
        contents.entry(1, 2)
    with pytest.raises(ValueError, match="action 0 has no entry in slot 0"):
        contents.entry(0, 0)


def test_an_entry_has_a_slot_until_it_is_taken_out(make_memory: MakeMemory) -> None:
    memory = two_entries(make_memory)
    entry = Entry(1, 0, Moment(6, 7), 78)
    assert memory.contents.slot_of(entry) == 1
    assert memory.contents.slot_of(Entry(17, 0, entry.moment, 78)) is None  # of another game
    memory.surgery.remove(1, np.array([0]))
    assert memory.contents.slot_of(entry) == 0  # it moved into the hole
    memory.surgery.remove(1, np.array([0]))
    assert memory.contents.slot_of(entry) is None


def test_an_entry_is_found_by_its_state_and_one_that_cannot_be_here_is_not(
    make_memory: MakeMemory,
) -> None:
    memory = two_entries(make_memory)
    there = memory.contents.find(Entry(1, 9, Moment(4, 5), 77))  # its slot was another one once
    assert there is not None
    assert (there.slot, there.value) == (0, 3.0)
    assert memory.contents.find(Entry(0, 0, Moment(4, 5), 77)) is None
    assert memory.contents.find(Entry(17, 0, Moment(4, 5), 77)) is None  # of another game
    memory.surgery.remove(1, np.array([0]))
    assert memory.contents.find(Entry(1, 0, Moment(4, 5), 77)) is None


def test_episodes_are_those_of_living_entries(make_memory: MakeMemory) -> None:
    memory = two_entries(make_memory)
    assert memory.contents.num_by_episode() == {4: 1, 6: 1}
    assert set(memory.contents.taught_steps()) == {6}
    memory.write(1, torch.zeros(8), 2.0, 78, Moment(9, 0))  # the agent comes by later
    assert memory.contents.num_by_episode() == {4: 1, 9: 1}
    taught = memory.contents.taught_steps()  # the lesson began in the first
    assert set(taught) == {6, 9}
    assert taught[9] == {0}
    memory.surgery.remove(1, np.array([1]))
    assert memory.contents.taught_steps() == {}
