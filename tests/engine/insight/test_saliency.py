"""The gradient that is shown, against finite differences through the same lookup."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.insight.saliency import gradient_of_q, heat_of
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed
from nec_engine.learning.learner import q_through_memory
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.reading import EpisodicPolicy
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Moment

ACTION = 2


def remembered_game() -> tuple[EpisodicPolicy, EpisodicMemory, Settings, np.ndarray]:
    settings = Settings(index="exact", capacity=500, prior_distance=0.5)
    emulator = Emulator(find_rom("ms_pacman"), settings, seed=1, colour=False)
    torch.manual_seed(0)
    network = EmbeddingNetwork(settings.key_size)
    memory = EpisodicMemory(emulator.num_actions, 500, settings, "cpu", 1)
    rng = np.random.default_rng(0)
    for step in range(120):
        emulator.step(int(rng.integers(emulator.num_actions)))
        key = embed(network, emulator.observation()[None], memory.device)[0]
        memory.write(ACTION, key, float(rng.normal(0, 10)), step, Moment(0, step))
    for _ in range(5):  # the kernel scale comes from the trainer's own lookups
        emulator.step(0)
        memory.lookup(embed(network, emulator.observation()[None], memory.device), touch=True)
    policy = EpisodicPolicy(network.requires_grad_(False), memory, settings, 0)
    return policy, memory, settings, emulator.observation()


def test_the_gradient_agrees_with_finite_differences_through_the_same_lookup() -> None:
    policy, memory, settings, observation = remembered_game()
    found = gradient_of_q(policy, observation, ACTION)
    assert found is not None
    assert np.abs(found.gradient).max() > 0

    network = EmbeddingNetwork(settings.key_size).double()
    network.load_state_dict(policy.network.state_dict())
    key = embed(policy.network, observation[None], memory.device)
    held = memory.lookup(key, np.array([[ACTION]]), need_keys=True)
    assert held.keys is not None
    keys, values = held.keys.double(), held.values.double()

    def q_at(screens: np.ndarray) -> float:
        with torch.inference_mode():
            # forward() takes single precision; the layers alone keep the double one
            x = torch.from_numpy(screens[None]) / 255.0
            for layer in (network.conv_1, network.conv_2, network.conv_3):
                x = torch.relu(layer(x))
            moved = network.key(x.flatten(1))
            kept = q_through_memory(moved, keys, values, held.mask, held.kernel_scale, settings)
            return float(kept[0, 0])

    screens = observation.astype(np.float64)
    strongest = np.argsort(np.abs(found.gradient).reshape(-1))[::-1][::400][:40]
    directions = [np.eye(1, screens.size, place).reshape(screens.shape) for place in strongest]
    directions.append(np.sign(found.gradient).astype(np.float64))
    scale = float(np.abs(found.gradient).max())
    for direction in directions:
        step = 0.02 / np.abs(direction).sum()
        difference = (
            (q_at(screens + step * direction) - q_at(screens - step * direction)) / 2 / step
        )
        expected = float((found.gradient * direction).sum())
        assert abs(difference - expected) <= 1e-3 * max(abs(expected), scale)


@pytest.mark.parametrize("embedding", ["projection", "dct", "fixed"])
def test_an_average_is_shown_by_shares_of_distance_with_or_without_training(embedding: str) -> None:
    changes = {"agent": "mfec", "embedding": embedding, "capacity": 500, "index": "exact"}
    settings = changed(Settings(), changes)
    emulator = Emulator(find_rom("ms_pacman"), settings, seed=1, colour=False)
    agent = EpisodicAgent(emulator.num_actions, settings, 500, torch.device("cpu"))
    rng = np.random.default_rng(0)
    for step in range(60):
        emulator.step(int(rng.integers(emulator.num_actions)))
        key = embed(agent.network, emulator.observation()[None], agent.device)[0]
        agent.memory.write(ACTION, key, float(rng.normal(0, 10)), step, Moment(0, step))
    for _ in range(8):
        emulator.step(0)
    found = gradient_of_q(agent.policy(), emulator.observation(), ACTION)
    assert agent.memory.kernel_scale == 0  # nothing was looked up for training
    assert found is not None
    assert np.isfinite(found.gradient).all()
    assert np.abs(found.gradient).max() > 0
    agent.act(emulator.observation(), 0, rng)
    assert agent.memory.kernel_scale > 0
    again = gradient_of_q(agent.policy(), emulator.observation(), ACTION)
    assert again is not None
    assert np.abs(again.gradient).max() > 0


def test_saliency_leaves_no_trace_in_the_memory() -> None:
    policy, memory, _, observation = remembered_game()
    before = [memory.entry(ACTION, slot) for slot in range(memory.sizes[ACTION])]
    scale = memory.kernel_scale
    gradient_of_q(policy, observation, ACTION)
    after = [memory.entry(ACTION, slot) for slot in range(memory.sizes[ACTION])]
    assert [e.last_retrieved for e in before] == [e.last_retrieved for e in after]
    assert memory.kernel_scale == scale


def test_an_action_without_entries_has_no_gradient() -> None:
    policy, _, _, observation = remembered_game()
    assert gradient_of_q(policy, observation, ACTION + 1) is None


def test_heat_is_scaled_to_one_and_a_vanished_gradient_stays_dark() -> None:
    gradient = np.zeros((4, 84, 84), np.float32)
    assert heat_of(gradient).max() == 0
    gradient[1, 10, 60] = -3e-9
    heat = heat_of(gradient)
    assert heat.max() == 1
    assert np.unravel_index(heat.argmax(), heat.shape) == (10, 60)
