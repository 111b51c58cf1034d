"""Playing whole episodes to measure an agent, leaving no trace in its run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.noops import draw_noops
from nec_engine.game.roms import Rom
from nec_engine.game.side_by_side import observations_of, step_each
from nec_engine.learning.agents import Agent
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.messages import U8
from nec_engine.seeding import derived_seed, generator

BOOTSTRAP_RESAMPLES: Final = 10_000
GAMES_AT_ONCE: Final = 32  # played side by side: one lookup serves all

# (observations uint8[B, 4, 84, 84], the generator of each) -> the action of each
Chooser = Callable[[U8, Sequence[np.random.Generator]], list[int]]


@dataclass(frozen=True, slots=True)
class EpisodeResult:
    episode: int
    seed: int
    noops: int
    score: float
    steps: int
    frames: int
    seconds: float = field(compare=False)  # its share of the time that all took


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean of n scores, its standard error and bootstrap 95 % interval."""

    mean: float
    stderr: float | None  # None for a single score
    ci95_low: float
    ci95_high: float


def random_chooser(num_actions: int) -> Chooser:
    """Uniformly random actions: the baseline of the papers."""
    return lambda _, rngs: [int(rng.integers(num_actions)) for rng in rngs]


def greedy_chooser(agent: Agent, epsilon: float) -> Chooser:
    """The agent as it is now, epsilon-greedy, leaving no trace in it."""
    policy = agent.policy()

    def choose(observations: U8, rngs: Sequence[np.random.Generator]) -> list[int]:
        is_empty = policy.knows_nothing
        return [
            epsilon_greedy(q, epsilon, is_empty, rng)[0]
            for q, rng in zip(policy.q_values(observations), rngs, strict=True)
        ]

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
    games_at_once: int = GAMES_AT_ONCE,
) -> Iterator[EpisodeResult]:
    """One result an episode, in order; starts with 1 to ``max_noops`` no-ops.

    All randomness comes from generators made afresh from the seed, ``names`` and the episode's
    number, so that the same call gives the same episodes, and each the one that it would be alone.
    Ends early, in mid-episode, when ``is_stopped()``.
    """
    waiting = iter(range(num_episodes))
    games: list[_Game] = []
    ended: dict[int, EpisodeResult] = {}
    next_index = 0
    while next_index < num_episodes:
        for index in islice(waiting, games_at_once - len(games)):
            games.append(_Game(rom, settings, index, names, cap_frames))
        if is_stopped():
            return
        start_s = time.perf_counter()
        emulators = [game.emulator for game in games]
        actions = choose(observations_of(emulators), [game.rng for game in games])
        results = step_each(emulators, actions)
        is_over = [result.is_game_over or result.is_truncated for result in results]
        share_s = (time.perf_counter() - start_s) / len(games)
        for game in games:
            game.seconds += share_s
        ended |= {
            game.index: game.result() for game, over in zip(games, is_over, strict=True) if over
        }
        games = [game for game, over in zip(games, is_over, strict=True) if not over]
        while next_index in ended:
            yield ended.pop(next_index)
            next_index += 1


class _Game:
    """An episode under way."""

    def __init__(
        self, rom: Rom, settings: Settings, index: int, names: tuple[str | int, ...], cap: int
    ) -> None:
        self.index = index
        self.seconds = 0.0
        self._seed = derived_seed(settings.seed, "evaluation", *names, index)
        self.emulator = Emulator(rom, settings, seed=self._seed, colour=False, cap_frames=cap)
        self.rng = generator(self._seed, "actions")
        self._noops = draw_noops(settings, self.rng)
        self.emulator.reset(self._noops)

    def result(self) -> EpisodeResult:
        emulator = self.emulator
        return EpisodeResult(
            self.index + 1,
            self._seed,
            self._noops,
            emulator.score,
            emulator.num_steps,
            emulator.num_frames,
            self.seconds,
        )


def summarise(scores: list[float], seed: int) -> Summary:
    """Mean, standard error and percentile-bootstrap 95 % interval of the mean."""
    values = np.array(scores, np.float64)
    rng = generator(seed, "bootstrap")
    picks = rng.integers(0, len(values), size=(BOOTSTRAP_RESAMPLES, len(values)))
    low, high = np.percentile(values[picks].mean(axis=1), [2.5, 97.5])
    stderr = float(values.std(ddof=1) / math.sqrt(len(values))) if len(values) > 1 else None
    return Summary(float(values.mean()), stderr, float(low), float(high))
