"""A recorded step is cheap in every game that the figure is given for."""

from __future__ import annotations

import pytest

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.run.bench.journal import journal_bytes_per_step
from nec_engine.run.commands.bench import RECORDED

MOST_BYTES = 100.0


@pytest.mark.parametrize("game", RECORDED)
def test_a_step_of_the_journal_takes_at_most_a_hundred_bytes(game: str) -> None:
    figure = journal_bytes_per_step(find_rom(game), Settings(), num_steps=500)
    assert 1.0 < figure < MOST_BYTES
