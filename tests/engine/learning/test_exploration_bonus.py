"""The bonus for what is little known: in choosing alone, and shown apart."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.bonus import exploration_bonus
from nec_engine.learning.embedding import embed
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Moment

NEVER = {"epsilon_start": 0.0, "epsilon_end": 0.0}


def test_it_falls_with_the_visits_and_with_nearness() -> None:
    settings = Settings(key_size=2, index="exact", exploration_bonus=10.0)
    memory = EpisodicMemory(4, 20, settings)
    here, near, far = torch.zeros(2), torch.tensor([1.0, 0.0]), torch.tensor([30.0, 0.0])
    for visit in range(3):
        memory.write(0, here, 1.0, 7, Moment(0, visit))  # this very state, three times
    memory.write(1, here, 1.0, 7, Moment(0, 5))
    memory.write(2, near, 1.0, 8, Moment(0, 6))
    memory.write(2, far, 1.0, 9, Moment(0, 7))
    memory.lookup(here[None], touch=True)  # the kernel learns its scale: 900, of the only two
    found = memory.lookup(here[None], with_evidence=True)
    bonus = exploration_bonus(found, settings)[0]
    counts = [3.0, 1.0, 1 / (1 + 1 / 900) + 1 / (1 + 900 / 900), 0.0]
    assert memory.kernel_scale == 900
    assert bonus.tolist() == pytest.approx([10 / (1 + n) ** 0.5 for n in counts])


def played(**changes: object) -> tuple[EpisodicAgent, np.ndarray, torch.Tensor]:
    """An agent that knows action 0 of a screen well, action 1 badly, and no other."""
    settings = Settings(key_size=16, index="exact", capacity=50, **changes)  # type: ignore[arg-type]  # fields by name
    emulator = Emulator(find_rom("breakout"), settings, seed=1, colour=False)
    observation = emulator.observation()
    agent = EpisodicAgent(emulator.num_actions, settings, 50, torch.device("cpu"))
    key = embed(agent.network, observation[None], agent.device)[0]
    for visit in range(50):
        agent.memory.write(0, key, 5.0, 7, Moment(0, visit))
    agent.memory.write(1, key, 4.5, 7, Moment(0, 60))
    agent.memory.write(2, key, 1.0, 7, Moment(0, 61))
    agent.memory.write(3, key, -20.0, 7, Moment(0, 62))
    return agent, observation, key


def test_training_chooses_with_it_and_bootstraps_without() -> None:
    rng = np.random.default_rng(0)
    plain, observation, _ = played(**NEVER)
    curious, _, _ = played(**NEVER, exploration_bonus=3.0)
    assert plain.act(observation[None], 0, rng)[0].action == 0
    (acted,) = curious.act(observation[None], 0, rng)
    assert acted.action == 1  # 4.5 + 3 / sqrt(2) > 5 + 3 / sqrt(51)
    assert acted.max_q == pytest.approx(5.0)


def test_it_is_shown_apart_from_q_and_leaves_it_alone() -> None:
    plain, observation, _ = played()
    curious, _, _ = played(exploration_bonus=3.0)
    shown = curious.policy().explain(observation).evidence
    for evidence, without in zip(shown, plain.policy().explain(observation).evidence, strict=True):
        assert evidence.q == without.q
        assert without.bonus == 0
    assert [e.bonus for e in shown] == pytest.approx([3 / 51**0.5] + [3 / 2**0.5] * 3)
    assert curious.memory.contents.entry(1, 0).value == 4.5
    q_values = curious.policy().q_values(observation[None])[0]
    assert q_values.tolist() == pytest.approx([e.q for e in shown])
