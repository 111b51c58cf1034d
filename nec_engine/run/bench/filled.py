"""A run whose memory is filled to a wanted size, for measuring what size costs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings, changed
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import Rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed
from nec_engine.messages import U8
from nec_engine.run.bench.timing import rate_per_s
from nec_engine.run.opening import open_new, overlap_learning
from nec_engine.run.training.figures import RECALL_QUERIES
from nec_engine.seeding import derived_seed, generator

JITTER: Final = 1.0  # times the median distance between a real key and its nearest other one
BATCH: Final = 256
WRITE_ROWS: Final = 256  # about an episode's end
LEAST_STEPS: Final = 8  # that a rate is taken of: two updates with the default settings
RUN_UP_STEPS: Final = 300  # enough for minibatches with known returns
ROOM_TO_GROW: Final = 20_000  # entries an action that are written while it is measured


class KeySource:
    """As many keys as wanted: real ones of random play, each with Gaussian jitter."""

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        network: nn.Module,
        device: torch.device,
        num_real: int,
    ) -> None:
        self._rng = generator(settings.seed, "bench keys")
        batches = _random_play(rom, settings, num_states=num_real)
        self.real: Tensor = torch.cat([embed(network, batch, device) for batch in batches])
        distances = torch.cdist(self.real[:512], self.real)
        distances[distances == 0] = torch.inf  # itself, and screens that did not change
        nearest = distances.min(dim=1).values
        self._jitter = JITTER * float(nearest[torch.isfinite(nearest)].median())

    def draw(self, num: int) -> Tensor:
        """Keys float32[num, D]."""
        chosen = self.real[torch.from_numpy(self._rng.integers(0, len(self.real), num))]
        noise = self._rng.standard_normal(chosen.shape).astype(np.float32)
        noise *= self._jitter / np.sqrt(chosen.shape[1])
        return chosen + torch.from_numpy(noise).to(chosen.device)


class FilledRun:
    """A trainer that has played a little and then been given entries. One thread."""

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        *,
        most_entries: int,
        num_real: int,
        keys: KeySource | None = None,
    ) -> None:
        """``keys`` of an earlier run with the same seed are as good as new ones, and quicker."""
        settings = changed(
            settings,
            {
                "capacity": most_entries + ROOM_TO_GROW,
                "learning_starts": RUN_UP_STEPS // 2,
                "replay_capacity": 20_000,
            },
        )
        self.trainer = open_new(rom, settings).trainer
        agent = self.trainer.agent
        assert isinstance(agent, EpisodicAgent), "what is measured has a memory"
        self.agent = agent
        for _ in range(RUN_UP_STEPS):
            self.trainer.step()
        self.keys = keys or KeySource(rom, settings, agent.network, agent.device, num_real)
        self._rng = generator(settings.seed, "bench entries")

    def fill_to(self, entries_per_action: int) -> None:
        """Write jittered keys until every action has so many entries.

        They are announced as an edit is, so that an index which grows with each write may be made
        anew when all are there.
        """
        memory = self.agent.memory
        sizes = memory.sizes
        memory.surgery.begin(
            {action: entries_per_action - size for action, size in enumerate(sizes)}
        )
        for action, size in enumerate(sizes):
            for start in range(size, entries_per_action, WRITE_ROWS):
                num = min(WRITE_ROWS, entries_per_action - start)
                memory.write_batch(
                    np.full(num, action),
                    self.keys.draw(num),
                    self._rng.normal(size=num).astype(np.float32),
                    self._rng.integers(0, 2**63, num).astype(np.uint64),
                    np.full(num, self.trainer.episode_id),
                    np.zeros(num, np.int64),
                )
        memory.surgery.end()

    def settle(self) -> None:
        """Wait until what is written is in an index, and as much is known of it as in a long run.

        A run that is so full has long had the lookups of which its recall is told.
        """
        memory = self.agent.memory
        memory.finish_builds()
        for number, query in enumerate(self.keys.draw(RECALL_QUERIES)):
            recall = memory.recall_at_50(query[None], number % memory.num_actions)
            if recall is not None:
                self.trainer.figures.add_recall(recall)

    def steps_per_s(self, least_s: float) -> float:
        """Steps of training a second, learning included, as in ``train``."""
        overlap_learning(self.trainer)
        for _ in range(2 * self.trainer.settings.update_period):
            self.trainer.step()
        rate = rate_per_s(self.trainer.step, least_s=least_s, least_calls=LEAST_STEPS)
        self.agent.overlap_learning(False)
        return rate

    def close(self) -> None:
        self.trainer.close()


def _random_play(rom: Rom, settings: Settings, *, num_states: int) -> Iterator[U8]:
    """uint8[BATCH, 4, 84, 84], again and again: what random play saw."""
    emulator = Emulator(rom, settings, seed=derived_seed(settings.seed, "bench"), colour=False)
    rng = generator(settings.seed, "bench play")
    for _ in range(0, num_states, BATCH):
        seen = []
        for _ in range(BATCH):
            result = emulator.step(int(rng.integers(emulator.num_actions)))
            seen.append(emulator.observation())
            if result.is_game_over or result.is_truncated:
                emulator.reset(int(rng.integers(1, 31)))
        yield np.stack(seen)
