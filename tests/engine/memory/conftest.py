"""Small memories, closed after the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from made_memories import MakeMemory

from nec_engine.config import Settings
from nec_engine.memory.memory import EpisodicMemory


@pytest.fixture
def make_memory() -> Iterator[MakeMemory]:
    """Makes memories (settings by name) and closes them after the test."""
    memories = []

    def make(
        num_actions: int = 2, capacity: int = 300, seed: int = 1, **settings: Any
    ) -> EpisodicMemory:
        settings = {"key_size": 8, "num_neighbours": 5, "index": "exact", **settings}
        memory = EpisodicMemory(num_actions, capacity, Settings(**settings), "cpu", seed)
        memories.append(memory)
        return memory

    yield make
    for memory in memories:
        memory.close()
