"""Entries of a real run, rebuilt from the journal: the screen that was stored, and its key."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed
from nec_engine.run.training.trainer import Trainer

NUM_STEPS = 450
NUM_ENTRIES = 200


@pytest.mark.parametrize(
    ("game", "sticky_actions"),
    [("pong", 0.0), ("qbert", 0.25), ("tetris", 0.25), ("ms_pacman", 0.0), ("ms_pacman", 0.25)],
)
def test_entries_of_a_run_are_rebuilt_to_the_bit(game: str, sticky_actions: float) -> None:
    settings = Settings(
        index="exact",
        capacity=60,  # small: some entries are evicted, some episodes forgotten
        replay_capacity=300,
        n_step=20,
        sticky_actions=sticky_actions,
        learning_starts=10**9,  # the network stays as it is
    )
    rom = find_rom(game)
    trainer = Trainer(
        rom,
        settings,
        capacity=60,
        device=torch.device("cpu"),
        journal=Journal(settings, rom),
    )
    for _ in range(NUM_STEPS):
        trainer.step()
    agent = trainer.agent
    assert isinstance(agent, EpisodicAgent)
    memory = agent.memory
    rng = np.random.default_rng(11)
    slots = [(a, s) for a, size in enumerate(memory.sizes) for s in range(size)]
    chosen = rng.permutation(len(slots))[:NUM_ENTRIES]
    assert len(chosen) == NUM_ENTRIES
    rebuilder = Rebuilder(rom, settings)
    for index in chosen:
        entry = memory.contents.entry(*slots[index])
        rebuilt = rebuilder.rebuild(trainer.journal, entry.moment)
        assert rebuilt.state_hash == entry.state_hash
        key = embed(agent.network, rebuilt.observation[None], memory.device)[0]
        assert np.abs(key.numpy() - entry.key).max() <= 1e-5
    trainer.close()


def test_episodes_that_nothing_needs_are_forgotten_and_the_others_stay() -> None:
    settings = Settings(
        index="exact", capacity=30, replay_capacity=100, n_step=5, learning_starts=10**9
    )
    rom = find_rom("breakout")
    journal = Journal(settings, rom)
    trainer = Trainer(rom, settings, capacity=30, device=torch.device("cpu"), journal=journal)
    while trainer.episodes < 10:
        trainer.step()
    kept = journal.training_episodes()
    assert len(kept) < 10
    memory = trainer.agent.memory
    for action, size in enumerate(memory.sizes):
        for slot in range(size):
            assert memory.contents.entry(action, slot).moment.episode in kept
    trainer.close()
