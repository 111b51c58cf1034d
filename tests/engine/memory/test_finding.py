"""Entries named by another view, or another game."""

from __future__ import annotations

import numpy as np
import torch

from nec_engine.config import Settings
from nec_engine.memory.finding import find_entry
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Entry, Moment


def test_an_entry_is_found_by_its_state_and_one_that_cannot_be_here_is_not() -> None:
    memory = EpisodicMemory(2, 10, Settings(key_size=4, index="exact"))
    memory.write(1, torch.ones(4), 3.0, 77, Moment(0, 5))
    there = find_entry(memory, Entry(1, 9, Moment(0, 5), 77))  # its slot was another one once
    assert there is not None
    assert (there.slot, there.value) == (0, 3.0)
    assert find_entry(memory, Entry(0, 0, Moment(0, 5), 77)) is None
    assert find_entry(memory, Entry(17, 0, Moment(0, 5), 77)) is None  # of a game with 18 actions
    memory.surgery.remove(1, np.array([0]))
    assert find_entry(memory, Entry(1, 0, Moment(0, 5), 77)) is None
    memory.close()
