"""How fast learning could be on this machine if remembering cost nothing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from statistics import median
from typing import Final

import numpy as np
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import Rom
from nec_engine.learning.embedding import embed
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.messages import U8
from nec_engine.run.bench.timing import rate_per_s
from nec_engine.run.opening import may_overlap
from nec_engine.seeding import derived_seed, generator

NUM_KEPT: Final = 256  # observations that the minibatches are drawn from
ROUNDS: Final = 4  # in which a learner and the ceiling are measured by turns
CEILING_PART: Final = 0.3  # of the learner's time in a round


class Ceiling:
    """Emulator, one embedding a step and one update in ``update_period`` steps; no memory.

    The update is a forward and a backward pass of a minibatch from a fixed gradient at the key,
    and the optimiser's step. Where a learner would find its slopes beside acting, in a second
    thread, so does this: both have the same threads.

    Who shares the machine makes it slower for minutes at a time, so a learner is measured by turns
    with its ceiling, and the figure of this one is the median of all its stretches.
    """

    def __init__(self, rom: Rom, settings: Settings, device: torch.device) -> None:
        self._settings = settings
        self._device = device
        self._emulator = Emulator(
            rom, settings, seed=derived_seed(settings.seed, "ceiling"), colour=False
        )
        self._rng = generator(settings.seed, "ceiling")
        self._network = EmbeddingNetwork(settings.key_size).to(device)
        self._optimiser = torch.optim.RMSprop(
            self._network.parameters(),
            lr=settings.learning_rate,
            alpha=settings.rmsprop_decay,
            eps=settings.rmsprop_epsilon,
        )
        self._gradient = torch.full((settings.batch_size, settings.key_size), 1e-3, device=device)
        self._seen = np.zeros((NUM_KEPT, *self._emulator.observation().shape), np.uint8)
        self._helper = ThreadPoolExecutor(1) if may_overlap(settings) else None
        self._under_way: Future[None] | None = None
        self._num_steps = 0
        self._rates: list[float] = []

    @property
    def steps_per_s(self) -> float:
        """The median of the stretches so far."""
        return median(self._rates)

    def ratio_of(self, learner_steps_per_s: Callable[[float], float], least_s: float) -> float:
        """A learner's rate over the ceiling's: the median of rounds that take turns.

        ``learner_steps_per_s`` measures for as long as it is told; ``least_s`` in all.
        """
        learner_s = least_s / ROUNDS
        before, ratios = self._stretch(CEILING_PART * learner_s), []
        for _ in range(ROUNDS):
            learner = learner_steps_per_s(learner_s)
            after = self._stretch(CEILING_PART * learner_s)
            ratios.append(2.0 * learner / (before + after))
            before = after
        return median(ratios)

    def _stretch(self, least_s: float) -> float:
        """Steps a second over ``least_s``, after a short run-up."""
        run_up = 2 * (self._settings.update_period if self._rates else self._settings.batch_size)
        for _ in range(run_up):
            self.step()
        self._rates.append(rate_per_s(self.step, least_s=least_s))
        self._follow()
        return self._rates[-1]

    def step(self) -> None:
        """Act once; learn when it is time to."""
        observation = self._emulator.observation()
        embed(self._network, observation[None], self._device).cpu()
        self._seen[self._num_steps % NUM_KEPT] = observation
        result = self._emulator.step(int(self._rng.integers(self._emulator.num_actions)))
        if result.is_game_over or result.is_truncated:
            self._emulator.reset(0)
        self._num_steps += 1
        if self._num_steps % self._settings.update_period == 0:
            self._update()

    def close(self) -> None:
        """End the second thread, where there is one."""
        if self._helper is not None:
            self._helper.shutdown()

    def _update(self) -> None:
        """At once, or as far as acting may go on beside it: the slope is followed a turn later."""
        chosen = self._seen[self._rng.integers(0, NUM_KEPT, self._settings.batch_size)]
        if self._helper is None:
            self._find_slope(chosen)
            self._optimiser.step()
            return
        self._follow()
        self._under_way = self._helper.submit(self._find_slope, chosen)

    def _follow(self) -> None:
        """The optimiser's step along the slope under way, when it is found; without one nothing."""
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None
            self._optimiser.step()

    def _find_slope(self, observations: U8) -> None:
        keys = self._network(torch.from_numpy(observations).to(self._device))
        self._optimiser.zero_grad(set_to_none=True)
        keys.backward(self._gradient)
