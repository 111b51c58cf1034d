from __future__ import annotations

import numpy as np
import pytest

from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import Moment, Origin
from nec_engine.run.live.lessons import Lessons

OBSERVATION = np.zeros((4, 84, 84), np.uint8)


class Sent:
    def __init__(self) -> None:
        self.steps: list[TaughtStep] = []

    def __call__(self, steps: list[TaughtStep]) -> None:
        self.steps += steps

    def returns(self) -> list[float]:
        return [step.n_step_return for step in self.steps]


def play(lessons: Lessons, step: int, reward: float, max_q: float = 0.0) -> None:
    lessons.decide(max_q)
    lessons.add(Moment(1, step), step % 3, step, OBSERVATION, reward, Origin.PERSON)


def test_a_step_is_sent_as_soon_as_its_n_rewards_are_known() -> None:
    sent = Sent()
    lessons = Lessons(2, 0.5, sent)
    play(lessons, 0, 1.0)
    play(lessons, 1, 2.0)
    assert sent.steps == []
    play(lessons, 2, 4.0, max_q=8.0)
    assert sent.returns() == [1.0 + 0.5 * 2.0 + 0.25 * 8.0]
    assert (sent.steps[0].moment, sent.steps[0].action) == (Moment(1, 0), 0)


def test_handing_the_stick_back_bootstraps_and_an_end_does_not() -> None:
    sent = Sent()
    lessons = Lessons(10, 0.5, sent)
    play(lessons, 0, 1.0)
    lessons.stop(6.0)
    play(lessons, 1, 1.0)
    lessons.stop()
    assert sent.returns() == pytest.approx([1.0 + 0.5 * 6.0, 1.0])


def test_sums_never_cross_a_stop() -> None:
    sent = Sent()
    lessons = Lessons(3, 1.0, sent)
    play(lessons, 0, 1.0)
    lessons.stop()
    for step in range(1, 5):
        play(lessons, step, 100.0)
    assert sent.returns()[0] == 1.0
    assert lessons.num_sent_by_person == len(sent.steps) == 2


def test_whole_returns_wait_for_the_end_and_share_their_screens() -> None:
    sent = Sent()
    lessons = Lessons(0, 1.0, sent)
    seen = np.random.default_rng(0).integers(0, 255, (40, 84, 84)).astype(np.uint8)
    for step in range(30):
        lessons.decide(99.0)
        assert not lessons.is_full
        lessons.add(Moment(1, step), 0, step, seen[step : step + 4].copy(), 1.0, Origin.PERSON)
    assert sent.steps == []
    lessons.stop()
    assert sent.returns() == list(range(30, 0, -1))
    for step, taught in enumerate(sent.steps):
        assert np.array_equal(taught.observation, seen[step : step + 4])
    assert len({id(screen) for taught in sent.steps for screen in taught.screens}) == 33
