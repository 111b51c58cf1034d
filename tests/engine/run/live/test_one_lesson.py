"""One run of a person to the first key of Montezuma's Revenge is enough."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from montezuma import KEY_POINTS, settings_of, steps_to_key, taught_trainer, way_to_key

from nec_engine.memory.lessons import LessonSay
from nec_engine.run.training.trainer import Trainer

LENGTH = len(list(way_to_key()))


@pytest.fixture(scope="module")
def taught() -> Iterator[Trainer]:
    """NEC with an untrained network. Returns reach 20 steps, a quarter of the lesson."""
    trainer, game = taught_trainer(settings_of("nec", n_step=20), way_to_key())
    assert game.emulator.score == KEY_POINTS
    assert trainer.agent.memory is not None
    assert trainer.agent.memory.num_taught == LENGTH
    yield trainer
    trainer.close()


def test_after_one_lesson_the_greedy_agent_takes_the_key(taught: Trainer) -> None:
    assert steps_to_key(taught.agent.policy(), taught.settings, 0, LENGTH + 5) == LENGTH


def test_plain_nec_does_not(taught: Trainer) -> None:
    memory = taught.agent.memory
    assert memory is not None
    say, memory.lesson_say = memory.lesson_say, LessonSay(lead=False)
    assert steps_to_key(taught.agent.policy(), taught.settings, 0, LENGTH + 5) is None
    memory.lesson_say = say


def test_an_agent_that_has_played_before_takes_the_key_as_well() -> None:
    settings = settings_of("mfec", epsilon_start=1.0, epsilon_end=1.0)
    trainer, _ = taught_trainer(settings, way_to_key(), num_steps_before=150)
    assert steps_to_key(trainer.agent.policy(), settings, 0, LENGTH + 5) == LENGTH
    trainer.close()
