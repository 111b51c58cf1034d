"""The line at the bottom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from made_news import game_info, progress
from PyQt6.QtWidgets import QLabel, QMainWindow
from pytestqt.qtbot import QtBot

from app.views.frame.status_bar import StatusBar
from app.window import SMALLEST
from nec_engine.messages import FIRST_LIVE_EPISODE, Frame, Moment, Player

FRAME = FakeEngine()._frame(0)
STATUS = FakeEngine().status


@pytest.fixture
def bar(qtbot: QtBot) -> StatusBar:
    made = StatusBar()
    qtbot.addWidget(made)
    made.resize(1280, 24)
    made.show()
    return made


def frame(**changes: object) -> Frame:
    return replace(FRAME, **changes)  # type: ignore[arg-type]  # fields by name


def test_without_a_game_it_says_so(bar: StatusBar) -> None:
    assert bar.game.text() == "No game is open"
    assert not bar.who.isVisible()


def test_everything_is_said_in_one_line(bar: StatusBar) -> None:
    bar.open_game(game_info("pong"))
    bar.show_frame(frame(score=-7.0, best_score=3.0, moment=Moment(FIRST_LIVE_EPISODE + 40, 12)))
    bar.show_status(STATUS)
    bar.show_progress(progress())
    bar._write()
    assert bar.who.text() == "AGENT"
    assert bar.game.text() == "Pong  live 41  step 12  score −7  best 3"
    assert bar.pace.text() == "60 fps  1x"
    assert bar.training.text() == "training 120 steps/s  182,304 steps  ε 0.005"
    assert bar.memory.text() == "memory 61,218/600,000  recall 0.98"
    assert not bar.recording.isVisible()


def test_who_plays_is_a_word(bar: StatusBar) -> None:
    bar.open_game(game_info())
    for player, word in ((Player.PERSON, "YOU"), (Player.TRAINER, "TRAINING")):
        bar.show_frame(frame(player=player))
        bar._write()
        assert bar.who.text() == word


def test_above_60_frames_a_second_it_says_that_60_are_drawn(bar: StatusBar) -> None:
    bar.show_status(replace(STATUS, speed=float("inf"), frames_per_s=812.0))
    bar._write()
    assert bar.pace.text() == "812 fps  max, 60 drawn"


def test_paused_off_and_recording_are_said(bar: StatusBar) -> None:
    bar.show_status(replace(STATUS, is_paused=True, recording=Path("a.mp4"), recording_s=41.0))
    bar.show_progress(progress(is_training=False, activity="off", recall_at_50=None))
    bar._write()
    assert bar.pace.text() == "paused"
    assert bar.training.text() == "training off  182,304 steps"
    assert bar.memory.text() == "memory 61,218/600,000"
    assert bar.recording.text() == "● REC 0:41"


def test_of_the_past_it_names_the_game_that_is_looked_at(bar: StatusBar) -> None:
    bar.open_game(game_info("pong"))
    bar.show_frame(frame(is_past=True, moment=Moment(FIRST_LIVE_EPISODE + 1, 45), score=3.0))
    bar.show_status(replace(STATUS, is_paused=True, is_past=True))
    bar._write()
    assert bar.game.text() == "Pong  live 2  step 45  score 3"
    assert bar.pace.text() == "the past"


def test_many_changes_are_written_once(bar: StatusBar, qtbot: QtBot) -> None:
    bar.open_game(game_info())
    for score in range(50):
        bar.show_frame(frame(score=float(score)))
    assert "score" not in bar.game.text()
    qtbot.waitUntil(lambda: "score 49" in bar.game.text())


def test_saving_shows_how_far_it_is_and_can_be_cancelled(bar: StatusBar, qtbot: QtBot) -> None:
    assert not bar.saving.isVisible()
    bar.show_saving(0.25)
    assert bar.saving.value() == 25
    with qtbot.waitSignal(bar.cancel_clicked):
        bar.cancel.click()
    bar.show_saving(-1.0)
    assert not bar.cancel.isVisible()


def test_opening_beside_a_game_is_said_and_can_be_cancelled(bar: StatusBar, qtbot: QtBot) -> None:
    bar.show_opening("Hero")
    assert bar.opening.text() == "opening Hero…"
    with qtbot.waitSignal(bar.cancel_opening_clicked):
        bar.cancel_opening.click()
    bar.show_opening("")
    assert not bar.opening.isVisible()


def test_an_agent_without_a_memory_is_said_to_have_none(bar: StatusBar) -> None:
    bar.show_progress(progress(memory_sizes=(), memory_capacity=0, recall_at_50=None))
    bar._write()
    assert bar.memory.text() == "no memory"


def test_what_a_row_of_a_menu_does_is_not_written_over_the_numbers(bar: StatusBar) -> None:
    bar.open_game(game_info())
    bar.show_status(STATUS)
    bar._write()
    bar.showMessage("Show or hide the panel")  # as Qt does for the row under the pointer
    bar.show_frame(frame(score=12.0))
    bar._write()
    assert not bar.game.isVisible()
    bar.clearMessage()
    bar._write()
    assert bar.game.isVisible()
    assert "score 12" in bar.game.text()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """The smallest there is."""
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def narrow(window: QMainWindow) -> StatusBar:
    """In the smallest window, with the longest numbers, recording and saving."""
    made = StatusBar()
    window.setStatusBar(made)
    window.setMinimumSize(*SMALLEST)
    window.resize(*SMALLEST)
    window.show()
    made.open_game(game_info("ms_pacman"))
    made.show_frame(frame(score=1_234_560.0, best_score=9_999_990.0, moment=Moment(3, 12_345)))
    made.show_status(replace(STATUS, recording=Path("a.mp4"), recording_s=754.0))
    made.show_progress(progress(12_182_304, memory_sizes=(122_440,) * 9, memory_capacity=1_000_000))
    made.show_saving(0.5)
    made._write()
    return made


def is_whole(label: QLabel) -> bool:
    return label.width() >= label.sizeHint().width()


def test_in_a_small_window_no_number_is_cut_and_the_tooltip_has_what_is_left_out(
    narrow: StatusBar, qtbot: QtBot
) -> None:
    labels = [narrow.who, narrow.recording, narrow.game, narrow.pace, narrow.training]
    qtbot.waitUntil(lambda: all(is_whole(label) for label in labels if label.isVisible()))
    assert narrow.width() == SMALLEST[0]
    assert narrow.who.isVisible()
    assert narrow.recording.text() == "● REC 12:34"
    assert "score 1,234,560" in narrow.game.text()
    assert "best" not in narrow.game.text()
    assert "best 9,999,990" in narrow.game.toolTip()
    assert not narrow.memory.isVisible() or is_whole(narrow.memory)


def test_what_was_left_out_comes_back_with_the_room_for_it(
    narrow: StatusBar, window: QMainWindow, qtbot: QtBot
) -> None:
    window.resize(2400, 600)
    qtbot.waitUntil(lambda: "best 9,999,990" in narrow.game.text())
    assert narrow.memory.text() == "memory 1,101,960/9,000,000  recall 0.98"
    qtbot.waitUntil(lambda: is_whole(narrow.memory))
