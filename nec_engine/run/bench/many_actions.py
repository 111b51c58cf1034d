"""The learner in a game with all 18 actions: a decision asks three times the memories of Pong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import torch

from nec_engine.config import Settings, changed
from nec_engine.errors import SettingError
from nec_engine.game.roms import find_rom
from nec_engine.memory.index.installed import refuse_missing
from nec_engine.run.bench.ceiling import Ceiling
from nec_engine.run.bench.filled import FilledRun
from nec_engine.run.bench.timing import round_figure

GAME: Final = "alien"
INDEXES: Final = ("annoy", "hnsw")


class ManyActions(NamedTuple):
    """Steps of training a second over the ceiling of the same game."""

    num_actions: int
    ceiling_steps_per_s: float
    ratios: dict[str, float]  # to it, by index
    skipped: dict[str, str]  # index: why

    def sentence(self, entries: int) -> str:
        """What was measured with so many entries an action."""
        ceiling = self.ceiling_steps_per_s
        each = [
            f"{index} {round_figure(ratio * ceiling):g} steps/s, ratio {round_figure(ratio):g}"
            for index, ratio in self.ratios.items()
        ]
        each += [f"no {index}: {why}" for index, why in self.skipped.items()]
        return "; ".join(
            (
                f"{GAME}, {self.num_actions} actions of {entries:,} entries",
                f"ceiling {round_figure(ceiling):g} steps/s",
                *each,
            )
        )


def many_actions(
    settings: Settings,
    device: torch.device,
    *,
    entries: int,
    num_real: int,
    measure_s: float,
    indexes: Sequence[str] = INDEXES,
) -> ManyActions:
    """As the figures of Pong are taken, each index after the other; what cannot be is skipped."""
    rom = find_rom(GAME)
    ceiling = Ceiling(rom, settings, device)
    ratios: dict[str, float] = {}
    skipped: dict[str, str] = {}
    keys, num_actions = None, 0
    for index in indexes:
        try:
            refuse_missing(index)
            run = FilledRun(
                rom,
                changed(settings, {"index": index}),
                most_entries=entries,
                num_real=num_real,
                keys=keys,
            )
        except SettingError as error:
            skipped[index] = str(error)
            continue
        keys, num_actions = run.keys, len(run.agent.memory.sizes)
        try:
            run.fill_to(entries)
            run.settle()
            ratios[index] = ceiling.ratio_of(run.steps_per_s, measure_s)
        finally:
            run.close()
    ceiling.close()
    return ManyActions(num_actions, ceiling.steps_per_s, ratios, skipped)
