"""Playing whole episodes to measure an agent, leaving no trace in its run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import Rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.learning.reading import peek_all_actions
from nec_engine.messages import U8
from nec_engine.seeding import derived_seed, generator

BOOTSTRAP_RESAMPLES = 10_000

# (observation, generator) -> action
Chooser = Callable[[U8, np.random.Generator], int]


@dataclass(frozen=True, slots=True)
class EpisodeResult:
    episode: int
    seed: int
    noops: int
    score: float
    steps: int
    frames: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean of n scores, its standard error and bootstrap 95 % interval."""

    mean: float
    stderr: float | None  # None for a single score
    ci95_low: float
    ci95_high: float


def random_chooser(num_actions: int) -> Chooser:
    """Uniformly random actions: the baseline of the papers."""
    return lambda _, rng: int(rng.integers(num_actions))


def greedy_chooser(agent: EpisodicAgent, epsilon: float) -> Chooser:
    """The agent as it is now, epsilon-greedy; its memory is read without a trace."""

    def choose(observation: U8, rng: np.random.Generator) -> int:
        reading = peek_all_actions(agent.network, agent.memory, agent.settings, observation)
        return epsilon_greedy(reading.q_values, epsilon, reading.is_empty, rng)[0]

    return choose


def play_episodes(
    rom: Rom,
    settings: Settings,
    choose: Chooser,
    *,
    num_episodes: int,
    names: tuple[str | int, ...],
    cap_frames: int,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[EpisodeResult]:
    """One result an episode; starts with 1 to ``max_noops`` no-ops.

    All randomness comes from generators made afresh from the seed and ``names``, so that the same
    call gives the same episodes. Ends early, in mid-episode, when ``is_stopped()``.
    """
    for index in range(num_episodes):
        episode_seed = derived_seed(settings.seed, "evaluation", *names, index)
        emulator = Emulator(rom, settings, seed=episode_seed, colour=False, cap_frames=cap_frames)
        rng = generator(episode_seed, "actions")
        low = min(1, settings.max_noops)
        noops = int(rng.integers(low, settings.max_noops + 1))
        emulator.reset(noops)
        is_over = False
        while not is_over:
            if is_stopped():
                return
            result = emulator.step(choose(emulator.observation(), rng))
            is_over = result.is_game_over or result.is_truncated
        yield EpisodeResult(
            index + 1, episode_seed, noops, emulator.score, emulator.num_steps, emulator.num_frames
        )


def summarise(scores: list[float], seed: int) -> Summary:
    """Mean, standard error and percentile-bootstrap 95 % interval of the mean."""
    values = np.array(scores, np.float64)
    rng = generator(seed, "bootstrap")
    picks = rng.integers(0, len(values), size=(BOOTSTRAP_RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    stderr = float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else None
    return Summary(float(values.mean()), stderr, float(low), float(high))
