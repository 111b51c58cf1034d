"""How much each entry counts in the agent's own play."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from nec_engine.config import Settings
from nec_engine.game.roms import Rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.embedding import embed_each
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.memory.kernel import read_memory
from nec_engine.messages import F64, U8
from nec_engine.run.evaluation import EpisodeResult, play_episodes


def rehearse(
    rom: Rom,
    settings: Settings,
    agent: EpisodicAgent,
    *,
    ended: Callable[[EpisodeResult], None] = lambda _: None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> F64:
    """The shares in Q that each entry had, summed over ``export_episodes`` episodes.

    float64[N], of all entries by action and slot. The agent is left as it was.
    """
    memory = agent.memory
    firsts = np.concatenate([[0], np.cumsum(memory.sizes)])
    uses = np.zeros(firsts[-1])

    def choose(observations: U8, rngs: Sequence[np.random.Generator]) -> list[int]:
        found = memory.lookup(embed_each(agent.network, observations, memory.device))
        with torch.inference_mode():
            read = read_memory(
                found.distances_sq,
                found.values,
                found.mask,
                found.kernel_scale,
                settings,
                found.lessons,
            )
        is_there = found.slots >= 0
        entries = (firsts[found.actions][..., None] + found.slots)[is_there]
        np.add.at(uses, entries, read.shares.cpu().numpy()[is_there])
        is_empty = not any(memory.sizes)
        return [
            epsilon_greedy(q, settings.eval_epsilon, is_empty, rng)[0]
            for q, rng in zip(read.q.cpu().numpy(), rngs, strict=True)
        ]

    for result in play_episodes(
        rom,
        settings,
        choose,
        num_episodes=settings.export_episodes,
        names=("export",),
        cap_frames=settings.eval_episode_cap_frames,
        is_stopped=is_stopped,
    ):
        ended(result)
    return uses
