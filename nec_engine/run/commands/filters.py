"""``filters``: what each convolutional filter answers to, as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from nec_engine.insight.filters import StrongestScreens, has_convolutions
from nec_engine.insight.filters_page import filters_page
from nec_engine.messages import U8
from nec_engine.run.checks import refuse_without_network
from nec_engine.run.evaluation import greedy_chooser, play_episodes
from nec_engine.run.folders import writable_file
from nec_engine.run.opening import open_saved
from nec_engine.run.progress import EpisodeBar
from nec_engine.run.requests import FiltersRequest
from nec_engine.run.signals import StopSignals, unwinding_on_signals
from nec_engine.run.streams import print_note, print_result
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.whole_file import write_whole

NUM_EPISODES: Final = 8  # side by side, from different starts
LONGEST_FRAMES: Final = 1_200  # of each: 20 seconds


def run(request: FiltersRequest) -> int:
    """Play, look, write ``request.out``; 0, or 130 / 143 after a signal, nothing made."""
    path = writable_file(request.out, [request.snapshot])
    opened = open_saved(request.snapshot, request.common.changes)
    for sentence in opened.lost:
        print_note(f"note: {sentence}")
    trainer = opened.trainer
    try:
        refuse_without_network(request.snapshot, trainer.settings)
        with StopSignals() as stop, EpisodeBar(NUM_EPISODES, trainer.rom.title) as bar:
            strongest = _played(trainer, stop, bar)
            views = [] if stop.is_requested else list(strongest.views())
            if stop.is_requested:
                return stop.exit_code
    finally:
        trainer.close()
    facts = (
        f"{trainer.rom.title}: {strongest.num_seen:,} moments of {NUM_EPISODES} games that the"
        f" agent of {request.snapshot.name} played (epsilon {trainer.settings.eval_epsilon:g})."
    )
    page = filters_page(request.snapshot.name, views, facts)
    with unwinding_on_signals():
        write_whole(path, page)
    print_result(f"saved: {path} ({len(views)} filters, {strongest.num_seen:,} screens)")
    return 0


def _played(trainer: Trainer, stop: StopSignals, bar: EpisodeBar) -> StrongestScreens:
    """All that was seen in some games of the agent's own."""
    settings = trainer.settings
    networks = trainer.agent.policy().networks
    strongest = StrongestScreens(next(filter(has_convolutions, networks)))
    choose = greedy_chooser(trainer.agent, settings.eval_epsilon)

    def look_and_choose(observations: U8, rngs: Sequence[np.random.Generator]) -> list[int]:
        strongest.see(observations)
        return choose(observations, rngs)

    for result in play_episodes(
        trainer.rom,
        settings,
        look_and_choose,
        num_episodes=NUM_EPISODES,
        names=("filters",),
        cap_frames=min(LONGEST_FRAMES, settings.episode_cap_frames),
        is_stopped=lambda: stop.is_requested,
    ):
        bar.show(result.score)
    return strongest
