import pytest
from made_messages import Clock, make_decision
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDockWidget, QMainWindow
from pytestqt.qtbot import QtBot

from app.views.neighbours.neighbours_view import NeighboursView
from app.views.why.why_view import WhyView


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """Two panels as tabs, neighbours in front."""
    window = QMainWindow()
    qtbot.addWidget(window)
    docks = []
    for view in (WhyView(), NeighboursView()):
        dock = QDockWidget(view.accessibleName(), window)
        dock.setWidget(view)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        docks.append(dock)
    window.tabifyDockWidget(*docks)
    window.resize(800, 600)
    with qtbot.waitExposed(window):
        window.show()
    docks[1].raise_()
    return window


def test_a_panel_behind_another_tab_is_not_watched_and_catches_up_in_front(
    window: QMainWindow, qtbot: QtBot
) -> None:
    why, neighbours = window.findChild(WhyView), window.findChild(NeighboursView)
    assert why is not None
    assert neighbours is not None
    qtbot.waitUntil(lambda: neighbours.is_watched() and not why.is_watched())
    why.show_decision(make_decision(number=3))
    assert why.bars.decision is None
    dock = why.parentWidget()
    assert isinstance(dock, QDockWidget)
    dock.raise_()
    qtbot.waitUntil(lambda: why.bars.decision is not None)
    assert not neighbours.is_watched()


def test_a_minimised_window_is_not_watched(qtbot: QtBot, clock: Clock) -> None:
    view = WhyView(clock=clock)
    qtbot.addWidget(view)
    with qtbot.waitExposed(view):
        view.show()
    assert view.is_watched()
    view.showMinimized()
    view.show_decision(make_decision())
    assert view.bars.decision is None
