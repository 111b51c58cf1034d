"""A snapshot made while somebody plays holds no lesson that goes beyond its recorded games."""

from __future__ import annotations

from typing import Any

import pytest

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.messages import Moment
from nec_engine.run.opening import open_new


def test_a_step_taught_while_the_games_are_copied_is_not_in_the_snapshot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = Settings(agent="mfec", embedding="dct", capacity=100, key_size=16, torch_threads=1)
    trainer = open_new(find_rom("pong"), settings).trainer
    trainer.lesson_book.add_step(Moment(5, 0))
    copy_journal = trainer.journal.state_dict

    def copy_and_play_on() -> dict[str, Any]:
        state = copy_journal()
        trainer.lesson_book.add_step(Moment(5, 1))  # as the live thread does
        return state

    monkeypatch.setattr(trainer.journal, "state_dict", copy_and_play_on)
    assert trainer.state_dict()["lessons"] == [[5, 0, 1]]
    assert trainer.state_dict()["lessons"] == [[5, 0, 2]]
    trainer.close()
