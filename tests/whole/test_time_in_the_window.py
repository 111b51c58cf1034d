"""Time travel in the real window (offscreen), with the real engine and a real game."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

import main
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from nec_engine.config import Settings
from nec_engine.messages import BranchBegan, Ending, Frame, LiveStatus, Moment, ThreadFailed

SMALL = Settings(capacity=2000, replay_capacity=2000, learning_starts=100, n_step=10, max_noops=1)
Key = Qt.Key
Mod = Qt.KeyboardModifier


class Program:
    """A running window and the frames that it was given."""

    def __init__(self, qtbot: Any, desktop: Desktop) -> None:
        self.qtbot, self.desktop, self.window = qtbot, desktop, desktop.window
        self.frames: list[Frame] = []
        self.events: list[Any] = []
        self.statuses: list[LiveStatus] = []
        desktop.session.bridge.frame_came.connect(self.frames.append)
        desktop.session.bridge.status_came.connect(self.statuses.append)
        desktop.session.bridge.event_came.connect(self.events.append)

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def press(self, key: Key, mod: Mod = Mod.NoModifier) -> None:
        QTest.keyClick(self.window.central.game, key, mod)

    @property
    def shown(self) -> Frame:
        return self.frames[-1]

    def stand_still(self) -> None:
        """Between two steps, with nothing on its way to the screen."""
        self.press(Key.Key_P)
        self.wait(lambda: self.statuses[-1].is_paused)
        number = self.shown.number
        self.press(Key.Key_F)  # to the end of the step
        last = SMALL.frame_skip - 1
        self.wait(lambda: self.shown.number > number and self.shown.frame_in_step == last)


@pytest.fixture
def program(qtbot: Any, tmp_path: Path) -> Iterator[Program]:
    desktop = Desktop(
        WindowRequest(
            open_engine=main.open_engine, rom="pong", data_dir=tmp_path, settings=SMALL,
            settings_changes={}, train=False, speed=4.0,
        ),
        WindowSettings(tmp_path / "window.ini"),
        open_output=lambda _: None,
    )  # fmt: skip
    made = Program(qtbot, desktop)
    desktop.window.resize(1280, 800)
    desktop.window.show()
    made.wait(lambda: len(made.frames) > 20 and made.shown.moment.step > 25)
    yield made
    assert not any(isinstance(event, ThreadFailed) for event in made.events)
    desktop.close()


def test_backspace_runs_back_and_the_game_goes_on_from_there_when_it_is_let_go(
    program: Program,
) -> None:
    episode = program.shown.moment.episode
    game = program.window.central.game
    program.press(Key.Key_Right, Mod.AltModifier)  # nothing lies ahead: the game runs on
    QTest.keyPress(game, Key.Key_Backspace)
    program.wait(lambda: program.shown.is_past)
    first = program.shown.moment
    program.wait(lambda: program.shown.moment.step <= first.step - 5)
    assert game.accessibleDescription().startswith("PAST")
    QTest.keyRelease(game, Key.Key_Backspace)
    program.wait(lambda: program.shown.moment.episode == episode + 1)
    program.wait(lambda: program.shown.moment.step > 5 and not program.shown.is_past)
    (began,) = [event for event in program.events if isinstance(event, BranchBegan)]
    assert began.parent.episode == episode
    courses = program.window.panels.timeline.courses
    program.wait(lambda: courses.topLevelItemCount() == 2)


def test_a_step_back_a_quick_state_and_a_branch_by_their_keys(program: Program) -> None:
    program.stand_still()
    there = program.shown
    program.press(Key.Key_F9)
    program.press(Key.Key_Left, Mod.AltModifier)
    program.wait(lambda: program.shown.is_past)
    assert program.shown.moment == Moment(there.moment.episode, there.moment.step - 1)
    program.press(Key.Key_Left, Mod.AltModifier | Mod.ShiftModifier)
    program.wait(lambda: program.shown.moment.step == there.moment.step - 11)
    program.press(Key.Key_End, Mod.AltModifier)
    program.wait(lambda: not program.shown.is_past)
    assert np.array_equal(program.shown.rgb, there.rgb)
    program.press(Key.Key_Left, Mod.AltModifier | Mod.ShiftModifier)
    program.wait(lambda: program.shown.is_past)
    program.press(Key.Key_B, Mod.ControlModifier)
    program.wait(lambda: program.shown.moment == Moment(there.moment.episode + 1, 0))
    program.press(Key.Key_F11)
    program.wait(lambda: program.shown.moment == Moment(there.moment.episode + 2, 0))
    assert np.array_equal(program.shown.rgb, there.rgb)
    assert program.shown.score == there.score


def test_the_timeline_is_dragged_to_the_past_and_play_goes_on_from_there(program: Program) -> None:
    program.stand_still()
    view = program.window.panels.timeline
    strip = view.strip
    program.wait(lambda: strip.ruler.num_places >= program.shown.moment.step)
    present = program.shown.moment
    y = strip.height() // 3
    for place in (20, 10):
        at = QPoint(round(place * strip.width() / strip.ruler.span), y)
        QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=at)
        QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=at)
    program.wait(lambda: abs(program.shown.moment.step - 10) <= 1)
    assert program.shown.is_past
    there = program.shown.moment
    program.wait(lambda: f"step {there.step}" in view.words.whole_text)
    why = program.window.panels.why  # explained as soon as it is looked at
    program.wait(lambda: why.bars.decision is not None and why.bars.decision.moment == there)
    program.press(Key.Key_P)
    program.wait(lambda: program.shown.moment.episode == present.episode + 1)
    program.wait(lambda: len(view._timeline.episodes) == 2)
    left, branch = view._timeline.episodes
    assert (left.ending, left.num_steps) == (Ending.LEFT, present.step)
    assert branch.parent == there
