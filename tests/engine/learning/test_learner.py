"""A learning step on real screens: what it changes, and what it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed
from nec_engine.learning.open_game import Due
from nec_engine.learning.reading import read_all_actions
from nec_engine.learning.replay import Batch
from nec_engine.learning.returns import Matured
from nec_engine.learning.steps import PendingStep, TaughtStep
from nec_engine.messages import Moment, Origin

NUM_STEPS = 240


def played_agent(worth: float = 1.0, **changes: object) -> tuple[EpisodicAgent, Emulator]:
    """An agent that has remembered some steps of Pong with made-up returns, times ``worth``."""
    settings = Settings(index="exact", capacity=1000, replay_capacity=1000, **changes)  # type: ignore[arg-type]  # fields by name
    emulator = Emulator(find_rom("pong"), settings, seed=3, colour=False)
    agent = EpisodicAgent(emulator.num_actions, settings, 1000, torch.device("cpu"))
    assert agent.replay is not None
    rng = np.random.default_rng(7)
    row = None
    for step in range(NUM_STEPS):
        observation = emulator.observation()
        (acted,) = agent.act(observation[None], step, rng)
        row = agent.replay.append(observation[-1], row, acted.action, 0)
        pending = PendingStep(
            Moment(0, step),
            acted.action,
            hash_observation(observation),
            row,
            embed(agent.network, observation[None], agent.device)[0],
        )
        agent.remember([Due(again=[], new=[Matured(pending, worth * float(rng.normal()))])])
        emulator.step(acted.action)
    return agent, emulator


def snapshot(agent: EpisodicAgent) -> tuple[list[torch.Tensor], list[np.ndarray], list[np.ndarray]]:
    weights = [parameter.detach().clone() for parameter in agent.network.parameters()]
    entries = [
        [agent.memory.contents.entry(action, slot) for slot in range(size)]
        for action, size in enumerate(agent.memory.sizes)
    ]
    keys = [np.stack([entry.key for entry in of_action]) for of_action in entries if of_action]
    values = [np.array([entry.value for entry in of_action]) for of_action in entries if of_action]
    return weights, keys, values


@pytest.mark.parametrize("gradients", ["none", "values", "keys_and_values"])
def test_a_learning_step_changes_what_the_setting_says(gradients: str) -> None:
    agent, _ = played_agent(dnd_gradients=gradients, dnd_learning_rate=0.1)
    weights, keys, values = snapshot(agent)
    update = agent.learn(np.random.default_rng(1))
    assert update is not None
    assert np.isfinite(update.loss)
    new_weights, new_keys, new_values = snapshot(agent)
    for before, after in zip(weights, new_weights, strict=True):
        assert not torch.equal(before, after)
    has_new_values = any((a != b).any() for a, b in zip(values, new_values, strict=True))
    has_new_keys = any((a != b).any() for a, b in zip(keys, new_keys, strict=True))
    assert has_new_values == (gradients != "none")
    assert has_new_keys == (gradients == "keys_and_values")


def test_steps_of_the_values_bring_the_loss_down_on_what_they_learn_from() -> None:
    agent, _ = played_agent(
        dnd_gradients="values", dnd_learning_rate=20.0, learning_rate=0.0, batch_size=200
    )
    losses = []
    for _ in range(8):
        update = agent.learn(np.random.default_rng(1))  # the same minibatch each time
        assert update is not None
        losses.append(update.loss)
    assert losses[-1] < 0.8 * losses[0]


def test_how_far_a_key_steps_does_not_depend_on_what_a_point_is_worth() -> None:
    shifts = []
    for worth in (1.0, 1024.0):
        agent, _ = played_agent(worth, dnd_gradients="keys_and_values", learning_rate=0.0)
        _, keys, _ = snapshot(agent)
        assert agent.learn(np.random.default_rng(1)) is not None
        _, new_keys, _ = snapshot(agent)
        shifts.append(np.concatenate(new_keys) - np.concatenate(keys))
    unit = agent.memory.kernel_scale**0.5
    furthest = np.linalg.norm(shifts[0], axis=1).max() / unit
    assert 0 < furthest < 0.5  # of the distance to the p-th neighbour
    np.testing.assert_allclose(shifts[0], shifts[1], atol=1e-3 * furthest * unit)


def test_it_learns_from_the_other_actions_where_one_has_lost_all_its_entries() -> None:
    agent, _ = played_agent(dnd_learning_rate=0.1)
    replay, learner = agent.replay, agent.learner
    assert replay is not None
    assert learner is not None
    surgery, num_lost = agent.memory.surgery, agent.memory.sizes[0]
    surgery.begin({0: num_lost})
    surgery.remove(0, np.arange(num_lost))
    surgery.end()
    batch = replay.sample(32, np.random.default_rng(1))
    assert batch is not None
    of_lost = batch.actions == 0
    assert 0 < of_lost.sum() < 32
    with_them = learner.slope(batch)
    others = Batch(batch.observations[~of_lost], batch.actions[~of_lost], batch.returns[~of_lost])
    assert with_them is not None
    told = with_them.update
    gradients = [parameter.grad.clone() for parameter in agent.network.parameters()]
    agent.network.zero_grad()
    without_them = learner.slope(others)
    assert without_them is not None
    assert told.loss == pytest.approx(without_them.update.loss, rel=1e-5)
    for gradient, parameter in zip(gradients, agent.network.parameters(), strict=True):
        assert parameter.grad is not None
        largest = float(gradient.abs().max())
        torch.testing.assert_close(gradient, parameter.grad, rtol=0, atol=1e-4 * largest)
    none_left = Batch(batch.observations[of_lost], batch.actions[of_lost], batch.returns[of_lost])
    assert learner.slope(none_left) is None


def test_a_single_neighbour_has_a_scale_to_learn_by() -> None:
    agent, _ = played_agent(num_neighbours=1)
    assert agent.memory.kernel_scale > 0
    for seed in range(5):
        assert agent.learn(np.random.default_rng(seed)) is not None
    weights, keys, values = snapshot(agent)
    assert all(torch.isfinite(each).all() for each in weights)
    assert all(np.isfinite(each).all() for each in (*keys, *values))


def test_steps_that_are_too_large_end_in_a_sentence_and_leave_no_broken_number() -> None:
    agent, _ = played_agent(worth=100.0, dnd_learning_rate=1000.0)

    def learn_on() -> None:
        for seed in range(400):
            agent.learn(np.random.default_rng(seed))

    with pytest.raises(SettingError, match="dnd_learning_rate=1000"):
        learn_on()
    weights, keys, values = snapshot(agent)
    assert all(torch.isfinite(each).all() for each in weights)
    assert all(np.isfinite(each).all() for each in (*keys, *values))


def test_contributions_add_up_to_q_on_real_frames() -> None:
    for changes in ({}, {"prior_distance": 1.0, "prior_value": -2.0}):
        agent, emulator = played_agent(**changes)
        for step in range(30):
            observation = emulator.observation()
            evidence = agent.policy().explain(observation).evidence
            reading = read_all_actions(
                agent.network, agent.memory, agent.settings, observation[None]
            )
            for item, q in zip(evidence, reading.q_values[0], strict=True):
                total = float(item.contributions.sum()) + item.prior_share * item.prior_value
                assert abs(total - item.q) <= 1e-5 * max(1.0, abs(item.q))
                assert abs(float(q) - item.q) <= 1e-5 * max(1.0, abs(item.q))
                assert float(item.shares.sum()) + item.prior_share == pytest.approx(1, abs=1e-5)
            emulator.step(step % emulator.num_actions)


def test_what_is_taught_is_remembered_with_its_origin_and_can_be_replayed() -> None:
    agent, emulator = played_agent()
    assert agent.replay is not None
    size_before, ready_before = sum(agent.memory.sizes), agent.replay.num_ready
    taught, observations = [], []
    for step in range(6):
        emulator.step(2)
        observation = emulator.observation()
        observations.append(observation)
        taught.append(
            TaughtStep(
                Moment(99, step),
                1,
                hash_observation(observation),
                tuple(observation),
                2.0,
                5.0,
                Origin.PERSON,
            )
        )
    agent.learn_from(taught)
    assert sum(agent.memory.sizes) == size_before + 6
    assert agent.memory.num_by_origin[Origin.PERSON] == 6
    assert agent.replay.num_ready == ready_before + 6
    assert agent.replay.check_valid() == []
    batch = agent.replay.sample(200, np.random.default_rng(0))
    assert batch is not None
    replayed = {
        o.tobytes() for o, r in zip(batch.observations, batch.returns, strict=True) if r == 5
    }
    assert replayed <= {observation.tobytes() for observation in observations}
    assert replayed


def test_without_a_network_there_is_no_replay_and_nothing_to_learn() -> None:
    settings = changed(Settings(), {"agent": "mfec", "capacity": 500, "index": "exact"})
    emulator = Emulator(find_rom("pong"), settings, seed=3, colour=False)
    agent = EpisodicAgent(emulator.num_actions, settings, 500, torch.device("cpu"))
    rng = np.random.default_rng(7)
    seen = []
    for step in range(60):
        observation = emulator.observation()
        (acted,) = agent.act(observation[None], step, rng)
        seen.append((acted.action, observation))
        reward = emulator.step(acted.action).reward
        agent.take(acted, Moment(0, step), hash_observation(observation), reward)
    assert sum(agent.memory.sizes) == 0  # the episode has not ended
    agent.end_sum()
    assert sum(agent.memory.sizes) == len({(a, o.tobytes()) for a, o in seen})
    assert agent.learn(rng) is None
    assert (agent.replay, agent.replay_size, agent.replay_capacity, agent.version) == (
        None,
        0,
        0,
        0,
    )

    # a state seen again is read as itself alone, whatever is near
    agent.act(seen[-1][1][None], 60, rng)
    evidence = agent.policy().explain(seen[-1][1]).evidence
    shares = evidence[seen[-1][0]].shares
    assert shares[0] == shares.max()
    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).sum() == (evidence[seen[-1][0]].distances_sq == 0).sum()


def test_it_learns_the_q_that_it_acts_on_with_a_prior_from_all_neighbours() -> None:
    agent, _ = played_agent(prior_distance=1e-5, prior_source="neighbours")
    assert agent.replay is not None
    assert agent.learner is not None
    batch = agent.replay.sample(16, np.random.default_rng(1))
    assert batch is not None
    slope = agent.learner.slope(batch)
    assert slope is not None
    acted_on = agent.policy().q_values(batch.observations)[np.arange(16), batch.actions]
    loss = float(np.square(acted_on - batch.returns).mean())
    assert slope.update.loss == pytest.approx(loss, rel=1e-4, abs=1e-6)
    agent.learner.descend(slope)
    assert agent.memory.check_valid() == []
