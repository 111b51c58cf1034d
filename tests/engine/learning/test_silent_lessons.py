"""Lessons of no weight: the live game, training and tests still act on one and the same Q."""

from __future__ import annotations

import math

import pytest

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed
from nec_engine.learning.reading import read_all_actions
from nec_engine.messages import Moment, Origin
from nec_engine.run.opening import open_new
from nec_engine.run.training.trainer import Trainer

SMALL = Settings(
    agent="mfec", embedding="dct", kernel="inverse_distance", capacity=100, key_size=16,
    index="exact", torch_threads=1, prior_value=10.0,
)  # fmt: skip


@pytest.fixture
def trainer() -> Trainer:
    """Of Pong, where one action is known from a lesson alone, and nothing of the others."""
    trainer = open_new(find_rom("pong"), SMALL).trainer
    agent = trainer.agent
    assert isinstance(agent, EpisodicAgent)
    observation = trainer.emulator.observation()
    key = embed(agent.network, observation[None], agent.device)[0]
    agent.memory.write(2, key, 3.0, 7, Moment(1, 0), Origin.PERSON)
    agent.memory.lesson_say.weight = 0.0
    return trainer


@pytest.mark.filterwarnings("error")
def test_what_is_shown_is_what_is_acted_on_and_adds_up(trainer: Trainer) -> None:
    observation = trainer.emulator.observation()
    agent = trainer.agent
    assert isinstance(agent, EpisodicAgent)
    evidence = agent.policy().explain(observation).evidence
    q_values = agent.policy().q_values(observation[None])[0]
    reading = read_all_actions(agent.network, agent.memory, agent.settings, observation[None])
    shown = [item.q for item in evidence]
    assert shown == pytest.approx(q_values.tolist())
    assert shown == pytest.approx(reading.q_values[0].tolist())
    assert shown[2] == pytest.approx(10.0)
    silent = evidence[2]
    assert silent.contributions.sum() + silent.prior_share * silent.prior_value == silent.q
    assert reading.effective_neighbours == [0.0]  # none has a say
    trainer.close()


def test_effective_neighbours_stay_a_number_and_are_one_again_in_a_spoilt_run(
    trainer: Trainer,
) -> None:
    for _ in range(5):
        trainer.step()
    assert trainer.figures.effective_neighbours is not None
    assert math.isfinite(trainer.figures.effective_neighbours)
    state = trainer.state_dict()
    state["counters"]["effective"] = math.nan  # as earlier versions saved it
    again = open_new(find_rom("pong"), SMALL).trainer
    again.load_state_dict(state)
    again.step()
    assert again.figures.effective_neighbours is not None
    assert math.isfinite(again.figures.effective_neighbours)
    trainer.close()
    again.close()
