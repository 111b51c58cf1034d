"""Episodes played side by side are those played one after the other."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.run.evaluation import (
    greedy_chooser,
    play_episodes,
    random_chooser,
    summarise,
)
from nec_engine.run.training.trainer import Trainer

NUM_EPISODES = 4


def retrievals(trainer: Trainer) -> list[int]:
    memory = trainer.agent.memory
    if memory is None:
        return []
    assert all(memory.sizes)
    return [
        memory.contents.entry(action, slot).num_retrievals
        for action, size in enumerate(memory.sizes)
        for slot in range(size)
    ]


@pytest.mark.parametrize("agent", ["nec", "mfec", "dqn"])
def test_the_episodes_do_not_depend_on_how_many_are_played_at_once(agent: str) -> None:
    settings = changed(
        Settings(),
        {"agent": agent, "index": "exact", "capacity": 2000, "replay_capacity": 500,
         "n_step": 10, "learning_starts": 10_000},
    )  # fmt: skip
    rom = find_rom("breakout")
    trainer = Trainer(
        rom, settings, capacity=2000, device=torch.device("cpu"), journal=Journal(settings, rom)
    )
    for _ in range(100):
        trainer.step()
    before = retrievals(trainer)
    runs = [
        list(
            play_episodes(
                rom, settings, greedy_chooser(trainer.agent, 0.05), num_episodes=NUM_EPISODES,
                names=("trial",), cap_frames=340, games_at_once=at_once,
            )
        )
        for at_once in (1, 2, 32)
    ]  # fmt: skip
    trainer.close()
    assert runs[0] == runs[1] == runs[2]
    assert [result.episode for result in runs[0]] == list(range(1, NUM_EPISODES + 1))
    assert len({result.seed for result in runs[0]}) == NUM_EPISODES
    assert len({result.frames for result in runs[0]}) > 1
    assert retrievals(trainer) == before


def test_no_more_games_than_asked_for_are_under_way() -> None:
    settings, rom = Settings(max_noops=0), find_rom("breakout")
    sizes = []

    def choose(observations: np.ndarray, rngs: Sequence[np.random.Generator]) -> list[int]:
        sizes.append(len(rngs))
        assert observations.shape == (len(rngs), 4, 84, 84)
        return random_chooser(4)(observations, rngs)

    results = list(
        play_episodes(rom, settings, choose, num_episodes=4, names=(), cap_frames=400,
                      games_at_once=3)
    )  # fmt: skip
    assert max(sizes) == 3
    assert sum(sizes) == sum(result.steps for result in results)
    assert all(result.frames <= 400 and result.noops == 0 for result in results)
    assert sum(result.seconds for result in results) > 0


def test_a_signal_ends_it_in_mid_episode() -> None:
    settings, rom = Settings(), find_rom("breakout")
    turns = iter(range(100))
    results = play_episodes(
        rom, settings, random_chooser(4), num_episodes=4, names=(), cap_frames=10_000,
        is_stopped=lambda: next(turns) >= 50,
    )  # fmt: skip
    assert list(results) == []
    assert next(turns) == 51


def test_a_summary_tells_mean_standard_error_and_an_interval_of_the_mean() -> None:
    scores = [1.0, 2.0, 3.0, 10.0]
    summary = summarise(scores, seed=1)
    assert summary.mean == 4.0
    assert summary.stderr == pytest.approx(statistics.stdev(scores) / 2)
    means = sorted(statistics.fmean(picked) for picked in itertools.product(scores, repeat=4))
    assert summary.ci95_low == pytest.approx(means[round(0.025 * len(means))], abs=0.26)
    assert summary.ci95_high == pytest.approx(means[round(0.975 * len(means))], abs=0.51)
    assert summarise(scores, seed=1) == summary
    alone = summarise([7.0], seed=1)
    assert (alone.mean, alone.stderr, alone.ci95_low, alone.ci95_high) == (7.0, None, 7.0, 7.0)
