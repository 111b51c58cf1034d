"""The keys of time travel, in the whole window around a fake engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeEngine
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import QEvent, QPoint, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import HELD_KEYS, SPECS
from app.look.theme import DARK
from app.note import Note
from nec_engine.messages import (
    BranchBegan,
    BranchHere,
    LoadQuickState,
    LookBack,
    Luck,
    Moment,
    Player,
    ReturnToPresent,
    SaveQuickState,
    SetRewinding,
)

ALT, SHIFT, CTRL = (
    Mod.AltModifier,
    Mod.ShiftModifier,
    Mod.ControlModifier,
)


@pytest.mark.parametrize(
    ("key", "mod", "command"),
    [
        (Key.Key_Left, ALT, LookBack(1)),
        (Key.Key_Right, ALT, LookBack(-1)),
        (Key.Key_Left, ALT | SHIFT, LookBack(10)),
        (Key.Key_Right, ALT | SHIFT, LookBack(-10)),
        (Key.Key_End, ALT, ReturnToPresent()),
        (Key.Key_B, CTRL, BranchHere()),
        (Key.Key_B, CTRL | SHIFT, BranchHere(new_luck=True)),
        (Key.Key_F9, Mod.NoModifier, SaveQuickState(0)),
        (Key.Key_F11, Mod.NoModifier, LoadQuickState(0)),
    ],
)
def test_a_key_becomes_its_command_also_while_a_person_plays(
    qtbot: QtBot, open_desktop: OpenDesktop, key: Key, mod: Mod, command: object
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, key, mod)
    assert engine.commands[-1] == command
    press(qtbot, desktop, Key.Key_M)
    desktop.session.bridge.pull()
    press(qtbot, desktop, key, mod)
    assert engine.commands[-1] == command


def test_backspace_rewinds_while_it_is_held_and_repeats_count_for_nothing(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    game = desktop.window.central.game
    qtbot.keyPress(game, Key.Key_Backspace)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 3:  # as X11 repeats a key
        for is_known_repeat in (True, False):
            event = QKeyEvent(kind, Key.Key_Backspace, Mod.NoModifier, "", is_known_repeat)
            QApplication.sendEvent(game, event)
    assert engine.commands[-1] == SetRewinding(True)
    qtbot.keyRelease(game, Key.Key_Backspace)
    qtbot.waitUntil(lambda: engine.commands[-1] == SetRewinding(False))
    assert [c for c in engine.commands if isinstance(c, SetRewinding)] == [
        SetRewinding(True),
        SetRewinding(False),
    ]


def test_a_window_that_loses_the_keyboard_stops_rewinding(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    qtbot.keyPress(desktop.window.central.game, Key.Key_Backspace)
    desktop.window.keyboard.release_all()
    assert engine.commands[-1] == SetRewinding(False)


def test_the_rewind_button_works_while_it_is_held(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    button = desktop.window.tool_bar.rewind
    assert "Backspace" in button.toolTip()
    qtbot.mousePress(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert engine.commands[-1] == SetRewinding(True)
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert engine.commands[-1] == SetRewinding(False)


def test_f10_goes_through_the_slots(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    notes: list[Note] = []
    desktop.session.noted.connect(notes.append)
    press(qtbot, desktop, Key.Key_F10)
    press(qtbot, desktop, Key.Key_F9)
    assert engine.commands[-1] == SaveQuickState(1)
    assert notes[0].text.startswith("Slot 1")
    for _ in range(10):
        press(qtbot, desktop, Key.Key_F10)
    press(qtbot, desktop, Key.Key_F11)
    assert engine.commands[-1] == LoadQuickState(1)


def test_escape_leaves_the_past_before_it_gives_the_stick_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, Key.Key_M)
    for is_past in (True, False):
        engine.status = replace(engine.status, is_paused=True, is_past=is_past)
        engine.publish(status=engine.status)
        desktop.session.bridge.pull()
        num_commands = len(engine.commands)
        press(qtbot, desktop, Key.Key_Escape)
        assert (ReturnToPresent() in engine.commands[num_commands:]) == is_past


def test_the_picture_says_in_words_and_border_that_it_is_the_past(
    open_desktop: OpenDesktop,
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    game = desktop.window.central.game
    engine.status = replace(engine.status, is_paused=True, is_past=True)
    frame = replace(engine._frame(0), is_past=True, player=Player.PERSON)
    engine.publish(frame=frame, status=engine.status)
    desktop.session.bridge.pull()
    assert game.accessibleDescription() == "PAST · YOU"
    assert game._state_words == "P plays on"
    picture = game.picture_rect
    edge = game.grab().toImage()
    y = picture.top() - 4
    colours = {edge.pixelColor(x, y).name() for x in range(picture.left(), picture.right())}
    assert {DARK.text, DARK.background} <= colours  # dots
    engine.status = replace(engine.status, is_paused=False, is_past=False)
    engine.publish(frame=replace(engine._frame(1), number=99), status=engine.status)
    desktop.session.bridge.pull()
    assert game.accessibleDescription() == "AGENT PLAYS"


def test_a_branch_that_was_asked_for_is_noted_and_one_after_rewinding_is_only_logged(
    open_desktop: OpenDesktop,
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    notes: list[Note] = []
    lines: list[str] = []
    desktop.session.noted.connect(notes.append)
    desktop.session.logged.connect(lambda line, _: lines.append(line))
    parent = Moment((1 << 40) + 2, 120)
    for is_asked_for in (True, False):
        engine.publish(events=(BranchBegan(parent, Luck.NEW, is_asked_for),))
        desktop.session.bridge.pull()
    words = "A branch goes on from live game 3, step 120, with new luck"
    assert [note.text for note in notes] == [words]
    assert lines == [words, words]


@pytest.mark.parametrize(
    "key",
    ["Alt+Left", "Alt+Right", "Alt+Shift+Left", "Alt+Shift+Right", "Ctrl+B", "F9", "F10", "F11"],
)
def test_a_key_of_the_agreed_list_belongs_to_an_action(key: str) -> None:
    assert any(key in spec.keys for spec in SPECS)


def test_the_held_key_stands_in_the_cheat_sheet() -> None:
    assert "Backspace" in {held.keys for held in HELD_KEYS}
