"""Values take in rewards while the episode still runs, and end as the whole sums."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.run.training.trainer import Trainer

GAMMA = 0.5  # so that a bootstrapped end of hundreds of steps counts for nothing


def values_by_step(memory: EpisodicMemory) -> dict[int, float]:
    entries = [
        memory.contents.entry(action, slot)
        for action, size in enumerate(memory.sizes)
        for slot in range(size)
    ]
    return {entry.moment.step: entry.value for entry in entries}


def test_what_is_known_of_an_episode_is_in_the_memory_while_it_runs() -> None:
    rom = find_rom("ms_pacman")
    settings = changed(Settings(), {"agent": "ec", "gamma": GAMMA, "index": "exact"})
    trainer = Trainer(
        rom, settings, capacity=2000, device=torch.device("cpu"), journal=Journal(settings, rom)
    )
    assert isinstance(trainer.agent, EpisodicAgent)
    memory = trainer.agent.memory
    rewards: list[float] = []
    num_lives = trainer.emulator.lives
    while trainer.emulator.lives == num_lives:
        score = trainer.emulator.score
        assert not trainer.step()
        rewards.append(trainer.emulator.score - score)
        num_written = (trainer.steps - 1) // settings.provisional_every * settings.provisional_every
        if trainer.emulator.lives == num_lives:
            assert sum(memory.sizes) == num_written
    assert sum(reward > 0 for reward in rewards) >= 5

    values = values_by_step(memory)  # the life is lost: every sum is closed
    expected = 0.0
    for step in reversed(range(len(rewards))):
        expected = rewards[step] + GAMMA * expected
        assert values[step] == pytest.approx(expected, rel=1e-5)
    assert np.isfinite(list(values.values())).all()
    assert memory.check_valid() == []
    trainer.close()
