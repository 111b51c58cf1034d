"""Small memories, filled by hand, and a builder that a test lets finish when it likes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import torch

from nec_engine.memory.index.annoy_upkeep import AnnoyUpkeep
from nec_engine.memory.index.builder import BuildJob, build_file
from nec_engine.memory.index.builder_process import BuildEnded
from nec_engine.memory.memory import EpisodicMemory

MakeMemory = Callable[..., EpisodicMemory]


class StepBuilder:
    """Builds in this process, when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[BuildJob] = []
        self.is_released = False

    def submit(self, job: BuildJob) -> None:
        self.jobs.append(job)

    def poll(self) -> BuildEnded | None:
        if not (self.is_released and self.jobs):
            return None
        build_file(self.jobs.pop())
        return BuildEnded("")

    def close(self) -> None:
        pass


def put_builder(memory: EpisodicMemory, builder: StepBuilder) -> StepBuilder:
    """``builder`` in place of the child process that builds the memory's index."""
    assert isinstance(memory._index, AnnoyUpkeep)
    memory._index._builder.close()
    memory._index._builder = cast(Any, builder)
    return builder


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
