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


def test_keys_that_set_the_live_game_do_nothing_while_training_is_watched(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    for key in OF_THE_LIVE_GAME:
        watch(desktop)
        press(qtbot, desktop, key)
        assert engine.commands[-1] == SetWatchingTraining(True)
        watch(desktop)
        press(qtbot, desktop, key)
        assert engine.commands[-1] != SetWatchingTraining(False)


def test_what_does_nothing_now_is_disabled_and_says_why(desktop: Desktop) -> None:
    actions, slider = desktop.window.actions_by_name, desktop.window.tool_bar.speed.slider
    before = {name: actions[name].toolTip() for name in NOT_WHILE_WATCHING}
    watch(desktop)
    actions.enable_for_game(True)  # as when another game is being opened
    for name, reason in NOT_WHILE_WATCHING.items():
        assert not actions[name].isEnabled()
        assert actions[name].toolTip() == f"{before[name]}\n{reason}"
    assert not slider.isEnabled()
    assert slider.toolTip().endswith("as fast as it can")
    watch(desktop)
    assert slider.isEnabled()
    for name in NOT_WHILE_WATCHING:
        assert actions[name].isEnabled()
        assert actions[name].toolTip() == before[name]


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
