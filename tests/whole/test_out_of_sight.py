"""Panels that were out of sight speak of what the screen shows, never of what it showed before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from program import Program
from PyQt6.QtCore import Qt

from nec_engine.messages import Moment, WhatIfAnswer

BRAIN = Path(__file__).resolve().parents[2] / "snapshots" / "pong.nec"
LAST = 3  # frame of a step


@pytest.fixture
def program(start: Callable[..., Program]) -> Program:
    """A small window, its decision seen once; then with the timeline in front."""
    program = start(rom=None, snapshot=BRAIN, train=False)
    program.window.resize(960, 600)
    panels = program.window.panels
    program.wait(lambda: panels.why.bars.decision is not None)
    panels.bring_to_front("timeline")
    program.wait(lambda: not panels.is_seen("why"))
    program.wait_frames(60)
    return program


def stand_still(program: Program) -> Moment:
    """Pause at the end of a step; the moment in which that step was decided."""
    program.press(Qt.Key.Key_P)
    program.wait(lambda: program.window.central.game._state_words == "PAUSED")
    number = program.frames[-1].number
    program.press(Qt.Key.Key_F)
    program.wait(
        lambda: program.frames[-1].number > number and program.frames[-1].frame_in_step == LAST
    )
    episode, step = program.frames[-1].moment
    return Moment(episode, step - 1)


def test_after_a_pause_the_panel_that_is_clicked_explains_what_is_shown(program: Program) -> None:
    panels = program.window.panels
    decided = stand_still(program)
    panels.bring_to_front("why")
    program.wait(lambda: panels.why._decision is not None)
    decision = panels.why._decision
    assert decision is not None
    assert decision.moment == decided
    assert decision.action == program.frames[-1].action
    program.wait(lambda: panels.why.bars.decision is decision)


def test_what_if_plays_on_from_what_is_shown(program: Program) -> None:
    decided = stand_still(program)
    program.press(Qt.Key.Key_W)
    program.wait(lambda: any(isinstance(answer, WhatIfAnswer) for answer in program.answers))
    (moment,) = {a.moment for a in program.answers if isinstance(a, WhatIfAnswer)}
    assert moment == decided
