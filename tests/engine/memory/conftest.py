"""Small memories, and a builder that a test lets finish when it likes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.memory.index.builder import build_file
from nec_engine.memory.index.builder_process import BuildEnded
from nec_engine.memory.memory import EpisodicMemory

MakeMemory = Callable[..., EpisodicMemory]


class StepBuilder:
    """Builds in this process, when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.is_released = False

    def submit(self, job: dict[str, Any]) -> None:
        self.jobs.append(job)

    def poll(self) -> BuildEnded | None:
        if not (self.is_released and self.jobs):
            return None
        build_file(self.jobs.pop())
        return BuildEnded("")

    def close(self) -> None:
        pass


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


def fill(memory: EpisodicMemory, action: int, num: int, seed: int = 0) -> torch.Tensor:
    """Write ``num`` random entries to one action's memory; their keys float32[num, D]."""
    rng = np.random.default_rng((seed, action))
    keys = torch.from_numpy(rng.normal(size=(num, memory.settings.key_size)).astype(np.float32))
    memory.write_batch(
        np.full(num, action),
        keys,
        rng.normal(size=num),
        rng.integers(0, 2**63, num).astype(np.uint64),
        episodes=0,
        steps=np.arange(num),
    )
    return keys
