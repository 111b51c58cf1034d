"""While the training game is watched, nothing is set that one does not see."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from made_sessions import notes_of
from pressing import Key, OpenDesktop, press
from pytestqt.qtbot import QtBot

from app.controls import NOT_WHILE_WATCHING
from app.startup.lifecycle import Desktop
from nec_engine.messages import SetSpeed, SetWatchingTraining

OF_THE_LIVE_GAME = [Key.Key_A, Key.Key_S, Key.Key_Equal, Key.Key_E, Key.Key_Tab]


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine(autowake=False)


@pytest.fixture
def desktop(engine: FakeEngine, open_desktop: OpenDesktop) -> Desktop:
    return open_desktop(engine)


def watch(desktop: Desktop) -> None:
    desktop.window.actions_by_name["watch_training"].trigger()


@pytest.mark.parametrize("key", OF_THE_LIVE_GAME)
def test_a_key_that_sets_the_live_game_does_nothing_while_training_is_watched(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine, key: Key
) -> None:
    watch(desktop)
    press(qtbot, desktop, key)
    assert engine.commands[-1] == SetWatchingTraining(True)
    watch(desktop)
    press(qtbot, desktop, key)
    assert engine.commands[-1] != SetWatchingTraining(False)


@pytest.mark.parametrize("name", NOT_WHILE_WATCHING)
def test_what_does_nothing_now_is_disabled_and_says_why(desktop: Desktop, name: str) -> None:
    action = desktop.window.actions_by_name[name]
    before = action.toolTip()
    watch(desktop)
    assert not action.isEnabled()
    assert action.toolTip() == f"{before}\n{NOT_WHILE_WATCHING[name]}"
    desktop.window.actions_by_name.enable_for_game(True)  # as when another game is being opened
    assert not action.isEnabled()
    watch(desktop)
    assert action.isEnabled()
    assert action.toolTip() == before


def test_the_speed_of_a_game_out_of_sight_cannot_be_slid(desktop: Desktop) -> None:
    slider = desktop.window.tool_bar.speed.slider
    watch(desktop)
    assert not slider.isEnabled()
    assert slider.toolTip().endswith("as fast as it can")
    watch(desktop)
    assert slider.isEnabled()


def test_tab_says_why_it_does_nothing_and_when_let_go_gives_the_speed_back(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    game, notes = desktop.window.central.game, notes_of(desktop.session)
    qtbot.keyPress(game, Key.Key_Tab)
    watch(desktop)
    qtbot.keyRelease(game, Key.Key_Tab)
    assert engine.commands[-1] == SetSpeed(1.0)
    press(qtbot, desktop, Key.Key_Tab)
    assert "as fast as it can" in notes[-1].text


def test_a_recording_says_that_it_waits_for_the_live_game(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    notes = notes_of(desktop.session)
    press(qtbot, desktop, Key.Key_R)
    watch(desktop)
    assert "recording waits" in notes[-1].text
    recording = replace(
        engine.status, is_watching_training=True, recording=Path("a.mp4"), recording_s=4.0
    )
    engine.publish(status=recording)
    desktop.session.bridge.pull()
    assert "REC 0:04, waits" in desktop.window.central.game._state_words
    bar = desktop.window.status_bar
    qtbot.waitUntil(lambda: bar.recording.text() == "● REC 0:04, waits")
    assert not bar.pace.isVisible()
