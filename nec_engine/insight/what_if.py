"""What would have come of another action: forced for some steps, then the agent goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.state import StartPoint
from nec_engine.learning.agents import Policy
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.learning.returns import learned_reward
from nec_engine.messages import PackedPicture, Shot, familiarity_of

NUM_SHOTS: Final = 4  # pictures of a course, evenly spread; the last is of its end


@dataclass(frozen=True, slots=True)
class Course:
    """What came of forcing one action."""

    score: float  # points made
    q: float  # as a Q means it: discounted rewards, and the best Q of the state at the end
    num_steps: int
    lives_lost: int
    is_game_over: bool
    familiarity: float | None  # mean over the agent's own steps
    shots: tuple[Shot, ...]


def play_course(
    emulator: Emulator,
    start: StartPoint,
    policy: Policy,
    settings: Settings,
    *,
    action: int,
    num_forced: int,
    num_free: int,
    give_way: Callable[[], None] = lambda: None,
) -> Course:
    """Plays on from ``start``, greedily after the forced steps; leaves no trace in the agent.

    Every action starts with the same luck. ``give_way`` is called between two steps.
    """
    emulator.restore(start)
    rng = np.random.default_rng(0)  # for ties alone: the same for every action
    score, lives = emulator.score, emulator.lives
    num_steps = num_forced + num_free
    shot_steps = {round(num_steps * part / NUM_SHOTS) for part in range(1, NUM_SHOTS + 1)}
    shots: list[Shot] = []
    familiarities: list[float] = []
    discounted, discount, is_over = 0.0, 1.0, False
    for step in range(1, num_steps + 1):
        if step > num_forced:
            action, familiarity = _decide(policy, emulator, rng)
            if familiarity is not None:
                familiarities.append(familiarity)
        result = emulator.step(action)
        discounted += discount * learned_reward(result.reward, settings)
        discount *= settings.gamma
        is_over = result.is_game_over or result.is_truncated
        if result.is_game_over or (result.is_life_lost and settings.life_loss_is_terminal):
            discount = 0.0  # a Q reaches no further
        if step in shot_steps or is_over:
            shots.append(Shot(step, PackedPicture.pack(emulator.step_rgb())))
        give_way()
        if is_over:
            break
    if discount > 0:
        discounted += discount * float(policy.q_values(emulator.observation()[None]).max())
    return Course(
        score=emulator.score - score,
        q=discounted,
        num_steps=step,
        lives_lost=max(0, lives - emulator.lives),
        is_game_over=is_over,
        familiarity=float(np.mean(familiarities)) if familiarities else None,
        shots=tuple(shots),
    )


def _decide(
    policy: Policy, emulator: Emulator, rng: np.random.Generator
) -> tuple[int, float | None]:
    """The greedy action, and how familiar the state is."""
    explained = policy.explain(emulator.observation())
    q_values = np.array([item.q for item in explained.evidence], np.float32)
    action, _ = epsilon_greedy(q_values, 0.0, policy.knows_nothing, rng)
    return action, familiarity_of(explained.evidence, explained.kernel_scale)
