"""The whole window around a fake engine: keys, switches, sheets."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_engine import FakeEngine
from made_news import decision
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app.dialogs.keys_sheet import KeysSheet
from app.startup.settings import WindowSettings
from nec_engine.messages import (
    Advance,
    DeleteEntries,
    Entry,
    HoldStick,
    Moment,
    Player,
    SaveSnapshot,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetTraining,
    SetWatchingTraining,
    StartNewEpisode,
    StartRecording,
)


@pytest.mark.parametrize(
    ("key", "mod", "command"),
    [
        (Key.Key_P, Mod.NoModifier, SetPaused(True)),
        (Key.Key_Pause, Mod.NoModifier, SetPaused(True)),
        (Key.Key_F, Mod.NoModifier, Advance(1, to_next_decision=True)),
        (Key.Key_F, Mod.ShiftModifier, Advance(1, to_next_decision=False)),
        (Key.Key_A, Mod.NoModifier, SetSpeed(0.5)),
        (Key.Key_S, Mod.NoModifier, SetSpeed(2.0)),
        (Key.Key_Equal, Mod.NoModifier, SetSpeed(1.0)),
        (Key.Key_M, Mod.NoModifier, SetPlayer(Player.PERSON)),
        (Key.Key_T, Mod.NoModifier, SetTraining(False)),
        (Key.Key_E, Mod.NoModifier, SetExploring(True)),
        (Key.Key_R, Mod.ControlModifier, StartNewEpisode()),
    ],
)
def test_a_key_becomes_its_command(
    qtbot: QtBot, open_desktop: OpenDesktop, key: Key, mod: Mod, command: object
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, key, mod)
    assert engine.commands[-1] == command


@pytest.mark.parametrize(
    ("key", "mod", "command"),
    [
        (Key.Key_P, Mod.NoModifier, SetPaused(True)),
        (Key.Key_F, Mod.NoModifier, Advance(1, to_next_decision=True)),
        (Key.Key_M, Mod.NoModifier, SetPlayer(Player.PERSON)),
        (Key.Key_R, Mod.ControlModifier, StartNewEpisode()),
    ],
)
def test_a_key_of_the_live_game_shows_it_again_where_training_was_watched(
    qtbot: QtBot, open_desktop: OpenDesktop, key: Key, mod: Mod, command: object
) -> None:
    engine = FakeEngine(autowake=False)
    desktop = open_desktop(engine)
    watch = desktop.window.actions_by_name["watch_training"]
    watch.trigger()
    assert engine.commands[-1] == SetWatchingTraining(True)
    assert not engine.wanted[0]
    press(qtbot, desktop, key, mod)
    assert engine.commands[-1] == command
    assert not watch.isChecked()
    assert engine.wanted[0]


def test_what_the_live_game_was_about_goes_while_training_is_watched(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    window = desktop.window
    engine.publish(decision=decision(7))
    press(qtbot, desktop, Key.Key_V)
    qtbot.waitUntil(lambda: window.central.game._heat is not None)
    window.actions_by_name["watch_training"].trigger()
    assert window.central.game._heat is None
    qtbot.waitUntil(lambda: window.panels.why.bars.decision is None)
    engine.publish(decision=decision(8))  # it was on its way
    desktop.session.bridge.pull()
    desktop.session.bridge._decisions.flush()
    assert desktop.feeding.decision is None
    press(qtbot, desktop, Key.Key_P)
    engine.publish(decision=decision(9))
    qtbot.waitUntil(lambda: window.panels.why.bars.decision is not None)


def test_keys_that_make_files_put_them_into_the_data_folder(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, Key.Key_S, Mod.ControlModifier)
    press(qtbot, desktop, Key.Key_R)
    press(qtbot, desktop, Key.Key_F12)
    save, record = engine.commands[-2:]
    assert isinstance(save, SaveSnapshot)
    assert save.path.parent == tmp_path / "snapshots"
    assert isinstance(record, StartRecording)
    assert record.path.parent == tmp_path / "videos"
    (picture,) = (tmp_path / "screenshots").glob("pong-*.png")
    assert QImage(str(picture)).size() == desktop.window.size()


def test_taking_over_playing_and_giving_back(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    game = desktop.window.central.game
    press(qtbot, desktop, Key.Key_M)
    desktop.session.bridge.pull()
    qtbot.keyPress(game, Key.Key_Right)
    qtbot.keyPress(game, Key.Key_Space)
    assert engine.stick == HoldStick(right=True, fire=True)
    qtbot.keyRelease(game, Key.Key_Space)
    qtbot.keyRelease(game, Key.Key_Right)
    assert engine.stick == HoldStick()
    press(qtbot, desktop, Key.Key_Escape)
    assert engine.commands[-1] == SetPlayer(Player.AGENT)


def test_a_click_on_you_takes_over_and_leaves_the_keys_to_the_game(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    you = desktop.window.tool_bar.players.buttons[Player.PERSON]
    qtbot.mouseClick(you, Qt.MouseButton.LeftButton)
    assert engine.commands[-1] == SetPlayer(Player.PERSON)
    assert desktop.window.keyboard.stick == HoldStick()
    qtbot.keyPress(desktop.window.central.game, Key.Key_Left)
    assert engine.stick == HoldStick(left=True)
    qtbot.keyRelease(desktop.window.central.game, Key.Key_Left)


def test_letters_in_the_search_field_search_and_do_nothing_else(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.commands.clear()
    desktop.opening.show_start()
    search = desktop.window.central.start.search
    qtbot.keyClicks(search, "mpsart[]=?")
    assert search.text() == "mpsart[]=?"
    assert engine.commands == []


def test_on_the_start_screen_no_key_acts_on_the_game_behind_it(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    desktop.window.selection.select(Entry(2, 17, Moment(5, 80), 1234))
    desktop.opening.show_start()
    games = desktop.window.central.start.game_list
    games.setFocus()
    engine.commands.clear()
    for key in (Key.Key_M, Key.Key_T, Key.Key_R, Key.Key_S, Key.Key_P, Key.Key_W, Key.Key_Delete):
        qtbot.keyClick(games, key)
    qtbot.keyClick(games, Key.Key_1, Mod.ControlModifier)
    assert engine.commands == []
    assert not any(dock.isVisible() for dock in desktop.window.panels.docks.values())
    assert desktop.window.actions_by_name["save"].isEnabled()
    bar = desktop.window.tool_bar
    for part in (bar.speed, bar.players, bar.rewind):
        assert not part.isEnabled()
    desktop.opening.show_game()
    assert bar.speed.isEnabled()
    qtbot.keyClick(desktop.window.central.game, Key.Key_Delete)
    assert isinstance(engine.commands[-1], DeleteEntries)


def test_the_next_search_begins_anew(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    search = desktop.window.central.start.search
    desktop.opening.show_start()
    qtbot.keyClicks(search, "pong")
    desktop.opening.show_game()
    desktop.opening.show_start()
    qtbot.keyClicks(search, "alien")
    assert search.text() == "alien"


def test_letters_do_their_work_while_the_log_has_the_focus(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    panels.toggle("log")
    panels.log.setFocus()
    qtbot.keyClick(panels.log, Key.Key_P)
    assert engine.commands[-1] == SetPaused(True)


def test_the_volume_keys_change_the_volume_and_it_is_remembered(
    qtbot: QtBot, open_desktop: OpenDesktop, window_settings: WindowSettings
) -> None:
    desktop = open_desktop()
    desktop.sound._is_opened = False  # as with a device
    desktop.sound.changed.emit()
    press(qtbot, desktop, Key.Key_BracketRight)
    press(qtbot, desktop, Key.Key_BracketRight)
    press(qtbot, desktop, Key.Key_BracketLeft)
    press(qtbot, desktop, Key.Key_BracketRight, Mod.ControlModifier)
    assert desktop.sound.volume == 70
    assert desktop.sound.is_muted
    assert window_settings.volume == 70
    assert window_settings.is_muted


def test_without_an_audio_device_the_sound_keys_are_off_and_it_is_said_once(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    for _ in range(3):
        engine.tick()
        desktop.session.bridge.pull()
    assert not desktop.window.actions_by_name["mute"].isEnabled()
    assert [text for text in desktop.window.notes.texts() if "audio" in text] != []
    assert desktop.window.panels.log.toPlainText().count("audio device") == 1
    assert engine.wanted[1] is False


def test_the_keys_sheet_opens_and_closes_with_the_same_key(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    press(qtbot, desktop, Key.Key_Question)
    (sheet,) = desktop.window.findChildren(KeysSheet)
    assert not sheet.isModal()
    press(qtbot, desktop, Key.Key_F1)
    qtbot.waitUntil(lambda: desktop.window.findChildren(KeysSheet) == [])


def test_full_screen_goes_on_and_off_and_escape_leaves_it(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    press(qtbot, desktop, Key.Key_Return, Mod.AltModifier)
    assert desktop.window.isFullScreen()
    press(qtbot, desktop, Key.Key_Escape)
    assert not desktop.window.isFullScreen()
    assert not desktop.window.actions_by_name["full_screen"].isChecked()


def test_full_screen_of_the_last_time_is_left_by_the_first_press(
    qtbot: QtBot, open_desktop: OpenDesktop, window_settings: WindowSettings
) -> None:
    before = open_desktop()
    press(qtbot, before, Key.Key_Return, Mod.AltModifier)
    before.close()
    desktop = open_desktop()
    assert desktop.window.isFullScreen()
    assert desktop.window.actions_by_name["full_screen"].isChecked()
    press(qtbot, desktop, Key.Key_Return, Mod.AltModifier)
    assert not desktop.window.isFullScreen()
