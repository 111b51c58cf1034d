"""Held keys become the joystick."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PyQt6.QtCore import QEvent, QObject, QPoint, Qt
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QApplication, QLineEdit, QMainWindow, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.keyboard import Keyboard
from nec_engine.messages import HoldStick

Key = Qt.Key
Mod = Qt.KeyboardModifier


class Bench:
    """A window with a game, a text field and the keyboard under test."""

    def __init__(self, qtbot: QtBot) -> None:
        self.window = QMainWindow()
        self.inside = QWidget()
        layout = QVBoxLayout(self.inside)
        self.game, self.field = QWidget(), QLineEdit()
        self.game.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout.addWidget(self.game)
        layout.addWidget(self.field)
        self.window.setCentralWidget(self.inside)
        qtbot.addWidget(self.window)
        self.window.show()
        self.keyboard = Keyboard(self.window, self.game)
        self.sticks: list[HoldStick] = []
        self.fast: list[bool] = []
        self.keyboard.stick_changed.connect(self.sticks.append)
        self.keyboard.fast_changed.connect(self.fast.append)
        self.keyboard.set_playing(True)

    def send(
        self, kind: QEvent.Type, key: Key, mod: Mod = Mod.NoModifier, *, repeat: bool = False,
        to: QWidget | None = None, scan: int = 0,
    ) -> bool:  # fmt: skip
        event = QKeyEvent(kind, key, mod, scan, 0, 0, "", repeat)
        return QApplication.sendEvent(to or self.game, event)

    def press(self, key: Key, mod: Mod = Mod.NoModifier, **options: Any) -> None:
        self.send(QEvent.Type.KeyPress, key, mod, **options)

    def release(self, key: Key, mod: Mod = Mod.NoModifier, **options: Any) -> None:
        self.send(QEvent.Type.KeyRelease, key, mod, **options)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(qtbot)
    yield made
    made.keyboard.close()


@pytest.mark.parametrize(
    ("key", "stick"),
    [
        (Key.Key_Up, HoldStick(up=True)),
        (Key.Key_Down, HoldStick(down=True)),
        (Key.Key_Left, HoldStick(left=True)),
        (Key.Key_Right, HoldStick(right=True)),
        (Key.Key_Space, HoldStick(fire=True)),
    ],
)
def test_arrows_and_space_hold_the_stick_until_released(
    bench: Bench, key: Key, stick: HoldStick
) -> None:
    bench.press(key)
    bench.release(key)
    assert bench.sticks == [stick, HoldStick()]


@pytest.mark.parametrize(
    ("key", "stick"),
    [
        (Key.Key_8, HoldStick(up=True)),
        (Key.Key_9, HoldStick(up=True, right=True)),
        (Key.Key_6, HoldStick(right=True)),
        (Key.Key_3, HoldStick(down=True, right=True)),
        (Key.Key_2, HoldStick(down=True)),
        (Key.Key_1, HoldStick(down=True, left=True)),
        (Key.Key_4, HoldStick(left=True)),
        (Key.Key_7, HoldStick(up=True, left=True)),
        (Key.Key_Home, HoldStick(up=True, left=True)),
        (Key.Key_Up, HoldStick(up=True)),
    ],
)
def test_the_keypad_plays_with_and_without_num_lock(
    bench: Bench, key: Key, stick: HoldStick
) -> None:
    bench.press(key, Mod.KeypadModifier)
    assert bench.sticks == [stick]


def test_digits_above_the_letters_do_not_play(bench: Bench) -> None:
    bench.press(Key.Key_8)
    assert bench.sticks == []


def test_two_directions_and_fire_go_together(bench: Bench) -> None:
    for key in (Key.Key_Up, Key.Key_Right, Key.Key_Space):
        bench.press(key)
    assert bench.sticks[-1] == HoldStick(up=True, right=True, fire=True)


def test_of_two_opposite_directions_the_later_counts_and_the_earlier_comes_back(
    bench: Bench,
) -> None:
    bench.press(Key.Key_Left)
    bench.press(Key.Key_Right)
    bench.release(Key.Key_Right)
    assert bench.sticks == [HoldStick(left=True), HoldStick(right=True), HoldStick(left=True)]


def test_auto_repeat_is_ignored(bench: Bench) -> None:
    bench.press(Key.Key_Left)
    for _ in range(3):
        bench.release(Key.Key_Left, repeat=True)
        bench.press(Key.Key_Left, repeat=True)
    assert bench.sticks == [HoldStick(left=True)]


def test_a_key_is_let_go_even_when_num_lock_changed_its_name_meanwhile(bench: Bench) -> None:
    bench.press(Key.Key_8, Mod.KeypadModifier, scan=80)
    bench.release(Key.Key_Up, Mod.KeypadModifier, scan=80)
    assert bench.sticks[-1] == HoldStick()


def test_everything_is_let_go_when_the_window_loses_the_keyboard(bench: Bench) -> None:
    bench.press(Key.Key_Left)
    bench.press(Key.Key_Tab)
    QApplication.sendEvent(bench.window, QEvent(QEvent.Type.WindowDeactivate))
    assert bench.sticks[-1] == HoldStick()
    assert bench.fast == [True, False]


def test_nothing_moves_while_the_agent_plays_and_held_keys_count_at_takeover(bench: Bench) -> None:
    bench.keyboard.set_playing(False)
    bench.press(Key.Key_Left)
    assert bench.sticks == []
    bench.keyboard.set_playing(True)
    assert bench.sticks == [HoldStick(left=True)]


def test_handing_back_lets_the_stick_go(bench: Bench) -> None:
    bench.press(Key.Key_Left)
    bench.keyboard.set_playing(False)
    assert bench.sticks[-1] == HoldStick()


def test_keys_in_a_text_field_write_and_do_not_play(bench: Bench, qtbot: QtBot) -> None:
    bench.field.setFocus()
    qtbot.keyClicks(bench.field, "a b")
    bench.press(Key.Key_Left, to=bench.field)
    assert bench.field.text() == "a b"
    assert bench.sticks == []


def test_a_click_on_another_panel_does_not_take_the_stick_away(bench: Bench) -> None:
    bench.press(Key.Key_Up, to=bench.inside)
    assert bench.sticks == [HoldStick(up=True)]


def test_keys_with_control_or_alt_do_not_play(bench: Bench) -> None:
    bench.press(Key.Key_Left, Mod.AltModifier)
    bench.press(Key.Key_Up, Mod.ControlModifier)
    assert bench.sticks == []


def test_tab_is_fast_while_it_is_held_over_the_game(bench: Bench) -> None:
    bench.press(Key.Key_Tab)
    bench.press(Key.Key_Tab, repeat=True)
    bench.release(Key.Key_Tab)
    assert bench.fast == [True, False]


def test_tab_elsewhere_moves_the_focus(bench: Bench) -> None:
    bench.press(Key.Key_Tab, to=bench.field)
    assert bench.fast == []


class Noting(Keyboard):
    """Notes whose events it hears of."""

    heard: list[QObject | None]

    def eventFilter(self, receiver: QObject | None, event: QEvent | None) -> bool:  # noqa: N802 - Qt's name
        self.heard.append(receiver)
        return super().eventFilter(receiver, event)


def test_events_of_what_hears_no_keys_never_reach_python(bench: Bench) -> None:
    keyboard = Noting(bench.window, bench.game)
    keyboard.heard = []
    event = QEvent(QEvent.Type.User)
    for with_focus, without in ((bench.game, bench.field), (bench.field, bench.game)):
        with_focus.setFocus()
        keyboard.heard.clear()
        QApplication.sendEvent(without, event)
        assert keyboard.heard == []
        QApplication.sendEvent(with_focus, event)
        assert keyboard.heard == [with_focus]
    keyboard.close()
    QApplication.sendEvent(bench.field, event)
    assert keyboard.heard == [bench.field]


def test_everything_is_let_go_when_a_menu_opens(bench: Bench) -> None:
    bench.game.setFocus()
    bench.press(Key.Key_Left)
    menu = QMenu(bench.window)
    menu.addAction("one")
    menu.popup(QPoint(0, 0))
    assert bench.sticks == [HoldStick(left=True), HoldStick()]
    menu.close()
