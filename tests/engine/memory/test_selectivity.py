"""The kernel tells states of real games apart (docs/nec.md): an exact match speaks loudest."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.memory.kernel import read_memory
from nec_engine.memory.memory import EpisodicMemory

NUM_STATES = 1000


def random_play(game: str) -> tuple[np.ndarray, np.ndarray, int]:
    """uint8[1000, 4, 84, 84] states, all different, and the actions int64[1000] taken in them."""
    emulator = Emulator(find_rom(game), Settings(), seed=1, colour=False)
    rng = np.random.default_rng(1)
    states: dict[int, tuple[np.ndarray, int]] = {}
    emulator.reset(int(rng.integers(1, 31)))
    while len(states) < NUM_STATES:
        observation, action = emulator.observation(), int(rng.integers(emulator.num_actions))
        states.setdefault(hash_observation(observation), (observation, action))
        result = emulator.step(action)
        if result.is_game_over or result.is_truncated:
            emulator.reset(int(rng.integers(1, 31)))
    observations, actions = zip(*states.values(), strict=True)
    return np.stack(observations), np.array(actions), emulator.num_actions


def embed(network: EmbeddingNetwork, observations: np.ndarray, at_once: int) -> torch.Tensor:
    """Keys float32[1000, D]."""
    with torch.inference_mode():
        parts = np.split(observations, len(observations) // at_once)
        return torch.cat([network(torch.from_numpy(part)) for part in parts]).clone()


@pytest.mark.parametrize("game", ["pong", "ms_pacman", "montezuma_revenge"])
def test_an_exact_match_has_at_least_half_of_the_word(game: str) -> None:
    settings = Settings()
    observations, actions, num_actions = random_play(game)
    torch.manual_seed(settings.seed)
    network = EmbeddingNetwork(settings.key_size)
    keys = embed(network, observations, 50)
    # Read one at a time, as the agent does: batches of other sizes differ in the last bits.
    read_keys = embed(network, observations, 1)
    # each state in its action's memory, and, harder, all of them in one
    for num_memories, wanted in ((num_actions, actions), (1, np.zeros(NUM_STATES, np.int64))):
        memory = EpisodicMemory(num_memories, NUM_STATES, settings)
        hashes = np.arange(NUM_STATES, dtype=np.uint64)
        values = np.random.default_rng(0).normal(size=NUM_STATES)
        memory.write_batch(wanted, keys, values, hashes, 0, np.arange(NUM_STATES))
        memory.lookup(keys, wanted[:, None], touch=True)  # the kernel's scale is learned
        found = memory.lookup(read_keys, wanted[:, None])
        read = read_memory(
            found.distances_sq, found.values, found.mask, found.kernel_scale, settings
        )
        own = found.slots[:, 0, 0]
        assert (memory_hashes(memory, wanted, own) == hashes).all()
        assert float(read.shares[:, 0, 0].min()) >= 0.5
        memory.close()


def memory_hashes(memory: EpisodicMemory, actions: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """The states in these slots."""
    return np.array(
        [
            memory.contents.entry(int(a), int(s)).state_hash
            for a, s in zip(actions, slots, strict=True)
        ]
    )
