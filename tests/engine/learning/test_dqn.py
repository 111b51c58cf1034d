"""DQN on real screens: its transitions, its learning step, and what it tells of itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.learning.agents import Agent
from nec_engine.learning.centred_rmsprop import CentredRMSProp
from nec_engine.learning.dqn import DqnAgent
from nec_engine.learning.making import make_agent
from nec_engine.learning.returns import learned_reward
from nec_engine.learning.steps import TaughtStep
from nec_engine.learning.weights import weights_of
from nec_engine.messages import Moment, Origin

CPU = torch.device("cpu")
SMALL = {"agent": "dqn", "replay_capacity": 400, "target_update": 3}


class Played:
    """An agent that has played some of Breakout, and what it must have kept."""

    def __init__(self, num_steps: int, **changes: object) -> None:
        self.settings = changed(Settings(), SMALL | changes)
        self.emulator = Emulator(find_rom("breakout"), self.settings, seed=3, colour=False)
        self.agent = DqnAgent(self.emulator.num_actions, self.settings, CPU)
        self.rng = np.random.default_rng(7)
        # (screens, action) -> (reward, next screens or None after an end)
        self.truth: dict[tuple[bytes, int], set[tuple[float, bytes | None]]] = {}
        self.agent.begin_episode()
        for step in range(num_steps):
            before = self.emulator.observation()
            (acted,) = self.agent.act(before[None], step, self.rng)
            result = self.emulator.step(acted.action)
            self.agent.take(acted, Moment(0, step), hash_observation(before), result.reward)
            reached = self.emulator.observation()
            is_over = result.is_game_over or result.is_life_lost
            if is_over:
                self.agent.end_sum()
            elif step == num_steps - 1:
                self.agent.end_sum(reached)
            self.truth.setdefault((before.tobytes(), acted.action), set()).add(
                (result.reward, None if is_over else reached.tobytes())
            )
            if result.is_game_over:
                self.emulator.reset(5)
                self.agent.begin_episode()


@pytest.mark.parametrize("capacity", [400, 5000])
def test_every_transition_is_one_that_was_played(capacity: int) -> None:
    played = Played(1200, replay_capacity=capacity)
    replay = played.agent.replay
    assert replay.check_valid() == []
    num_ends = 0
    for _ in range(20):
        batch = replay.sample_transitions(64, played.rng)
        assert batch is not None
        for i in range(64):
            kept = played.truth[batch.observations[i].tobytes(), int(batch.actions[i])]
            after = batch.next_observations[i].tobytes() if batch.goes_on[i] else None
            assert (float(batch.rewards[i]), after) in kept
            num_ends += after is None
    assert num_ends > 5
    if capacity > 1200:
        assert replay.num_ready == 1200  # the last one, where the game was cut, included


def test_what_is_taught_step_by_step_is_a_chain_of_transitions() -> None:
    settings = changed(Settings(), SMALL)
    emulator = Emulator(find_rom("breakout"), settings, seed=3, colour=False)
    agent = DqnAgent(emulator.num_actions, settings, CPU)
    seen = []
    for step in range(40):
        observation = emulator.observation()
        seen.append(observation)
        emulator.step(1 + step % 3)
        agent.learn_from(
            [
                TaughtStep(
                    Moment(9, step), step % 3, 0, tuple(observation), float(step), 99.0,
                    Origin.PERSON, is_last=step == 24,
                )
            ]
        )  # fmt: skip
    assert agent.replay.num_ready == 39  # the last one waits for what it leads to
    assert agent.replay.size == 40 + 3  # each screen once
    batch = agent.replay.sample_transitions(39, np.random.default_rng(0))
    assert batch is not None
    for i, reward in enumerate(batch.rewards):
        step = int(reward)
        assert np.array_equal(batch.observations[i], seen[step])
        assert batch.goes_on[i] == (step != 24)
        if step != 24:
            assert np.array_equal(batch.next_observations[i], seen[step + 1])
    agent.learn_from([TaughtStep(Moment(9, 41), 0, 0, tuple(seen[0]), 0.0, 0.0, Origin.PERSON)])
    assert agent.replay.num_ready == 39  # step 40 is missing: what 39 led to is not known


def test_the_target_network_is_a_copy_of_old() -> None:
    played = Played(200)
    agent = played.agent
    targets = [weights_of(played.agent.network)["q.bias"].copy()]
    networks = []
    for _ in range(7):
        assert agent.learn(played.rng) is not None
        networks.append(weights_of(agent.network)["q.bias"].copy())
        targets.append(np.array(agent.learner.state_dict()["target"]["q.bias"]))
    assert [np.array_equal(targets[0], target) for target in targets[:3]] == [True] * 3
    assert all(np.array_equal(target, networks[2]) for target in targets[3:6])
    assert all(np.array_equal(target, networks[5]) for target in targets[6:])
    assert not np.array_equal(networks[2], networks[5])
    assert agent.version == 7


def test_a_large_error_moves_the_network_no_more_than_one_of_one() -> None:
    changes = []
    for reward in (50.0, 5000.0):
        played = Played(120, batch_size=16)
        batch = played.agent.replay.sample_transitions(16, np.random.default_rng(1))
        assert batch is not None
        batch.rewards[:] = reward
        before = weights_of(played.agent.network)["hidden.weight"].copy()
        played.agent.learner.update(batch)
        changes.append(weights_of(played.agent.network)["hidden.weight"] - before)
    assert np.abs(changes[0]).max() > 0
    np.testing.assert_array_equal(changes[0], changes[1])


def test_it_learns_which_action_pays() -> None:
    played = Played(200, learning_rate=1e-3, batch_size=32)
    agent = played.agent
    for _ in range(60):
        batch = agent.replay.sample_transitions(32, played.rng)
        assert batch is not None
        batch.rewards[:] = np.where(batch.actions == 2, 1.0, -1.0)
        batch.goes_on[:] = 0
        agent.learner.update(batch)
    batch = agent.replay.sample_transitions(64, played.rng)
    assert batch is not None
    assert (agent.policy().q_values(batch.observations).argmax(axis=1) == 2).mean() > 0.9


def test_the_optimiser_is_the_formula() -> None:
    rng = np.random.default_rng(0)
    parameter = torch.tensor(rng.normal(size=5), dtype=torch.float64, requires_grad=True)
    expected = parameter.detach().numpy().copy()
    optimiser = CentredRMSProp([parameter], 0.1, 0.95, 0.01)
    mean = square = np.zeros(5)
    for _ in range(30):
        gradient = rng.normal(1.0, 0.5, size=5)
        parameter.grad = torch.from_numpy(gradient.copy())
        optimiser.step()
        mean = 0.95 * mean + 0.05 * gradient
        square = 0.95 * square + 0.05 * gradient**2
        expected -= 0.1 * gradient / np.sqrt(square - mean**2 + 0.01)
        np.testing.assert_allclose(parameter.detach().numpy(), expected, rtol=1e-6)


def test_its_evidence_is_the_networks_word_and_says_so() -> None:
    played = Played(30)
    policy = played.agent.policy()
    observation = played.emulator.observation()
    explained = policy.explain(observation)
    (q_values,) = policy.q_values(observation[None])
    assert not policy.has_memory
    assert not policy.knows_nothing
    assert len(set(q_values.tolist())) > 1
    for evidence, q in zip(explained.evidence, q_values, strict=True):
        assert evidence.q == pytest.approx(float(q))
        assert evidence.network_share == 1
        assert evidence.network_value == evidence.q
        assert (len(evidence.slots), evidence.num_entries, evidence.prior_share) == (0, 0, 0)


def test_its_saliency_is_the_gradient_of_the_network() -> None:
    played = Played(60)
    policy = played.agent.policy()
    observation = played.emulator.observation()
    screens = torch.tensor(observation[None]).float().requires_grad_()
    (q,) = policy.q_near(observation, [2])(screens)[0]
    assert float(q.detach()) == pytest.approx(policy.q_values(observation[None])[0, 2], rel=1e-5)
    gradient = torch.autograd.grad(q, screens)[0][0].numpy()
    network = policy.network.double()
    direction = np.sign(gradient).astype(np.float64)

    def q_at(shift: float) -> float:
        x = torch.from_numpy((observation + shift * direction)[None]) / 255.0
        with torch.inference_mode():
            for layer in (network.conv_1, network.conv_2, network.conv_3):
                x = torch.relu(layer(x))
            return float(network.q(torch.relu(network.hidden(x.flatten(1))))[0, 2])

    difference = (q_at(1e-6) - q_at(-1e-6)) / 2e-6
    assert difference == pytest.approx(float(np.abs(gradient).sum()), rel=1e-3)


def test_the_setting_chooses_the_agent() -> None:
    made: list[Agent] = [
        make_agent(4, changed(Settings(), {"agent": name, "capacity": 100}), 100, CPU)
        for name in ("nec", "mfec", "dqn")
    ]
    assert [type(agent).__name__ for agent in made] == [
        "EpisodicAgent",
        "EpisodicAgent",
        "DqnAgent",
    ]
    assert [agent.memory is None for agent in made] == [False, False, True]
    for agent in made:
        agent.close()


def test_rewards_are_clipped_only_where_it_is_set() -> None:
    dqn, nec = changed(Settings(), {"agent": "dqn"}), Settings()
    assert [learned_reward(r, dqn) for r in (-7.0, -0.5, 0.0, 200.0)] == [-1.0, -0.5, 0.0, 1.0]
    assert learned_reward(200.0, nec) == 200.0
