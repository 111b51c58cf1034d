"""What would have come of another action, played out on real games."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator, StartPoint
from nec_engine.game.roms import find_rom
from nec_engine.insight.two_brains import play_in_step
from nec_engine.insight.what_if import Course, play_course
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.agents import Policy
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import Moment, Origin

SETTINGS = Settings(index="exact", capacity=500, n_step=10, gamma=0.9)
LEAD_IN = 100


class Game:
    """A game some steps after its start, and an agent that knows a few states of it."""

    def __init__(self, name: str, brain: int = 0, settings: Settings = SETTINGS) -> None:
        self.settings = settings
        self.emulator = Emulator(find_rom(name), settings, seed=1)
        self.agent = EpisodicAgent(self.emulator.num_actions, settings, 500, torch.device("cpu"))
        rng, values = np.random.default_rng(3), np.random.default_rng(brain)
        for step in range(LEAD_IN):  # Ms. Pac-Man's music plays first
            action = int(rng.integers(self.emulator.num_actions))
            observation = self.emulator.observation()
            self.agent.learn_from(
                [
                    TaughtStep(
                        Moment(0, step), action, step, tuple(observation), 0.0,
                        float(values.normal()), Origin.AGENT, is_last=False,
                    )
                ]
            )  # fmt: skip
            self.emulator.step(action)
        self.start: StartPoint = self.emulator.clone()

    @property
    def policy(self) -> Policy:
        return self.agent.policy()

    def course(self, action: int, num_forced: int = 4, num_free: int = 12) -> Course:
        return play_course(
            self.emulator, self.start, self.policy, self.settings,
            action=action, num_forced=num_forced, num_free=num_free,
        )  # fmt: skip


@pytest.fixture(scope="module")
def pacman() -> Game:
    return Game("ms_pacman")


def test_a_course_is_what_the_game_does_when_that_action_is_forced(pacman: Game) -> None:
    course = pacman.course(action=2, num_forced=16, num_free=0)
    emulator = Emulator(find_rom("ms_pacman"), SETTINGS, seed=9)
    emulator.restore(pacman.start)
    rewards = []
    for step in range(1, 17):
        rewards.append(emulator.step(2).reward)
        shots = {shot.step: shot for shot in course.shots}
        if step in shots:
            assert np.array_equal(shots[step].picture.unpack(), emulator.step_rgb())
    assert [shot.step for shot in course.shots] == [4, 8, 12, 16]
    assert course.score == sum(rewards)
    last = float(pacman.policy.q_values(emulator.observation()[None]).max())
    expected = sum(0.9**i * reward for i, reward in enumerate(rewards)) + 0.9**16 * last
    assert course.q == pytest.approx(expected, rel=1e-6)
    assert course.familiarity is None


def test_every_action_starts_from_the_same_place_and_asking_twice_gives_the_same(
    pacman: Game,
) -> None:
    first = [pacman.course(action) for action in range(pacman.emulator.num_actions)]
    again = [pacman.course(action) for action in range(pacman.emulator.num_actions)]
    assert first == again
    assert len({course.shots[0].picture for course in first}) > 1
    assert all(0 < (course.familiarity or 0) <= 1 for course in first)


def test_nothing_in_the_agent_changes(pacman: Game) -> None:
    before = pacman.agent.memory.version, pacman.agent.memory.contents.entry(0, 0)
    pacman.course(1)
    after = pacman.agent.memory.version, pacman.agent.memory.contents.entry(0, 0)
    assert before[0] == after[0]
    assert before[1].num_retrievals == after[1].num_retrievals


def test_what_a_lost_life_ends_is_not_counted_on() -> None:
    game = Game("ms_pacman", settings=dataclasses.replace(SETTINGS, gamma=1.0))
    emulator = Emulator(find_rom("ms_pacman"), game.settings, seed=9, colour=False)
    emulator.restore(game.start)
    lives, points, num_steps = emulator.lives, 0.0, 0
    while emulator.lives == lives:
        points += emulator.step(2).reward
        num_steps += 1
    course = game.course(action=2, num_forced=num_steps + 60, num_free=0)
    assert course.lives_lost == 1
    assert course.score > points > 0  # neither later points nor the last state's Q enter
    assert course.q == pytest.approx(points)


def test_the_same_brain_twice_never_parts(pacman: Game) -> None:
    emulators = tuple(Emulator(find_rom("ms_pacman"), SETTINGS, seed=s) for s in (1, 2))
    for emulator in emulators:
        emulator.restore(pacman.start)
    policies = pacman.policy, pacman.policy
    steps = list(play_in_step((emulators[0], emulators[1]), policies, 30))
    assert len(steps) == 30
    assert not any(have_parted for _, have_parted in steps)
    assert all(left == right for (left, right), _ in map(_comparable, steps))


def test_two_brains_part_where_their_actions_first_differ(pacman: Game) -> None:
    other = Game("ms_pacman", brain=1)
    emulators = tuple(Emulator(find_rom("ms_pacman"), SETTINGS, seed=s) for s in (1, 2))
    for emulator in emulators:
        emulator.restore(pacman.start)
    steps = list(play_in_step((emulators[0], emulators[1]), (pacman.policy, other.policy), 40))
    differs = [left.action != right.action for (left, right), _ in steps]
    assert any(differs)
    first = differs.index(True)
    assert [have_parted for _, have_parted in steps] == [i >= first for i in range(len(steps))]


def _comparable(step: tuple[tuple[Any, Any], bool]) -> tuple[tuple[Any, Any], bool]:
    (left, right), have_parted = step
    facts = [(side.picture, side.action, side.score, side.lives) for side in (left, right)]
    return (facts[0], facts[1]), have_parted
