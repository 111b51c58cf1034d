"""From the memory's word to that of a DQN, by the steps of training."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.hand_over import HandOverAgent, network_share
from nec_engine.learning.making import make_agent
from nec_engine.messages import Moment

CPU = torch.device("cpu")
SETTINGS = changed(
    Settings(),
    {"index": "exact", "capacity": 500, "replay_capacity": 500, "n_step": 5, "batch_size": 8,
     "dqn_handover_steps": 200, "target_update": 5},
)  # fmt: skip


def played(num_steps: int, settings: Settings = SETTINGS) -> tuple[HandOverAgent, Emulator]:
    emulator = Emulator(find_rom("breakout"), settings, seed=3, colour=False)
    agent = make_agent(emulator.num_actions, settings, 500, CPU)
    assert isinstance(agent, HandOverAgent)
    rng = np.random.default_rng(7)
    for step in range(num_steps):
        observation = emulator.observation()
        (acted,) = agent.act(observation[None], step, rng)
        result = emulator.step(acted.action)
        agent.take(acted, Moment(0, step), hash_observation(observation), result.reward)
        if result.is_life_lost:
            agent.end_sum()
        if result.is_game_over:
            emulator.reset(3)
            agent.begin_episode()
        if step > 60 and step % 4 == 0:
            assert agent.learn(rng) is not None
        agent.end_step(step + 1)
    return agent, emulator


def test_the_share_grows_with_the_steps() -> None:
    assert [network_share(step, SETTINGS) for step in (0, 50, 200, 900)] == [0, 0.25, 1, 1]


def test_q_is_the_mixture_and_the_evidence_adds_up() -> None:
    for num_steps, share in ((40, 0.2), (120, 0.6), (210, 1.0)):
        agent, emulator = played(num_steps)
        observation = emulator.observation()
        policy = agent.policy()
        (q_values,) = policy.q_values(observation[None])
        (of_memory,) = EpisodicAgent.policy(agent).q_values(observation[None])
        (of_network,) = agent.side.policy().q_values(observation[None])
        np.testing.assert_allclose(
            q_values, (1 - share) * of_memory + share * of_network, rtol=1e-4, atol=1e-5
        )
        for evidence, q in zip(policy.explain(observation).evidence, q_values, strict=True):
            total = float(evidence.contributions.sum())
            total += evidence.prior_share * evidence.prior_value
            total += evidence.network_share * evidence.network_value
            assert total == pytest.approx(evidence.q, abs=1e-5)
            assert evidence.q == pytest.approx(float(q), abs=1e-5)
            assert evidence.network_share == pytest.approx(share)
            shares = float(evidence.shares.sum()) + evidence.prior_share + evidence.network_share
            assert shares == pytest.approx(1, abs=1e-5)


def test_it_acts_by_the_mixture() -> None:
    never = dataclasses.replace(SETTINGS, epsilon_start=0.0, epsilon_end=0.0)
    agent, emulator = played(120, never)
    observation = emulator.observation()
    (q_values,) = agent.policy().q_values(observation[None])
    (acted,) = agent.act(observation[None], 120, np.random.default_rng(0))
    assert acted.action == int(q_values.argmax())
    assert acted.max_q == pytest.approx(float(q_values.max()), abs=1e-5)


def test_both_learn_from_the_same_steps() -> None:
    agent, _ = played(120)
    assert agent.replay is not None
    assert agent.replay.num_rows == agent.side.replay.num_rows == 120
    assert agent.learner is not None
    assert agent.learner.num_updates == agent.side.learner.num_updates > 0
    assert agent.version == 2 * agent.side.version
    assert sum(agent.memory.sizes) > 50


def test_the_map_goes_through_both() -> None:
    agent, emulator = played(120)
    observation = emulator.observation()
    gradients = []
    for policy in (agent.policy(), EpisodicAgent.policy(agent), agent.side.policy()):
        screens = torch.tensor(observation[None]).float().requires_grad_()
        q_near = policy.q_near(observation, [1])
        assert q_near is not None
        (gradient,) = torch.autograd.grad(q_near(screens).sum(), screens)
        gradients.append(gradient.numpy())
    found, of_memory, of_network = gradients
    expected = 0.4 * of_memory + 0.6 * of_network
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max() + 1e-9)


def test_it_is_off_by_default() -> None:
    agent = make_agent(4, changed(Settings(), {"capacity": 100}), 100, CPU)
    assert not isinstance(agent, HandOverAgent)
    agent.close()


def test_a_network_that_begins_later_takes_over_as_slowly() -> None:
    before, emulator = played(150)
    saved = EpisodicAgent.state_dict(before)  # of a run without the network
    agent = make_agent(emulator.num_actions, SETTINGS, 500, CPU)
    assert isinstance(agent, HandOverAgent)
    agent.load_state_dict(saved)
    assert agent.policy().share == 0
    observation = emulator.observation()[None]
    of_memory = EpisodicAgent.policy(agent).q_values(observation)
    np.testing.assert_array_equal(agent.judged(of_memory, observation, 150), of_memory)
    assert (agent.judged(of_memory, observation, 200) != of_memory).any()
    agent.end_step(200)
    assert agent.policy().share == 0.25
    again = make_agent(emulator.num_actions, SETTINGS, 500, CPU)
    assert isinstance(again, HandOverAgent)
    again.load_state_dict(agent.state_dict())
    assert again.policy().share == 0.25
