"""The whole window around a fake engine: faults, closing, and a name for every control."""

from __future__ import annotations

import threading

from fake_engine import FakeEngine
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from app.startup.request import OpenRequest
from nec_engine.messages import (
    ThreadFailed,
)

MADE_BY_OTHERS = (QLineEdit, QTabBar, QComboBox, QMenu)  # Qt's own parts, pyqtgraph's menus


def test_a_fault_in_a_thread_can_be_answered_with_a_save(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(events=(ThreadFailed("train", "ValueError: no", "Traceback"),))
    desktop.session.bridge.pull()
    assert "save a snapshot" in desktop.window.notes.texts()[-1]
    assert "Traceback" in desktop.window.panels.log.toPlainText()


def test_closing_the_window_stops_the_engine_and_leaves_no_thread(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(threaded=True)
    desktop = open_desktop(engine)
    with qtbot.waitSignal(desktop.window.closed):
        press(qtbot, desktop, Key.Key_Q, Mod.ControlModifier)
    desktop.close()
    assert engine.is_stopped
    assert threading.active_count() == 1


def test_closing_while_a_game_is_being_opened_stops_it(open_desktop: OpenDesktop) -> None:
    engine, gate = FakeEngine(), threading.Event()

    def open_engine(_: OpenRequest) -> FakeEngine:
        gate.wait(10)
        return engine

    desktop = open_desktop(open_engine=open_engine)
    threading.Timer(0.05, gate.set).start()
    desktop.close()
    assert engine.is_stopped
    assert not engine.is_started


def ancestors(widget: QObject) -> list[QObject]:
    parent = widget.parent()
    return [] if parent is None else [parent, *ancestors(parent)]


def test_every_control_has_a_tool_tip_and_a_name(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.opening.show_start()
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QAbstractItemView)
    wanting = []
    for kind in kinds:
        for widget in desktop.window.findChildren(kind):
            if isinstance(widget, (QScrollBar, QHeaderView)) or widget.objectName().startswith(
                "qt_"
            ):
                continue
            if any(isinstance(part, MADE_BY_OTHERS) for part in ancestors(widget)):
                continue
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            if not widget.toolTip() or not name:
                wanting.append((type(widget).__name__, name, widget.toolTip()))
    assert wanting == []
