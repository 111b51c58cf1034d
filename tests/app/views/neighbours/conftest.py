"""The neighbours panel, shown."""

from __future__ import annotations

import pytest
from made_messages import Clock, show_panel
from pytestqt.qtbot import QtBot

from app.views.neighbours.neighbours_view import NeighboursView


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> NeighboursView:
    view = NeighboursView(clock=clock)
    show_panel(view, qtbot, clock, (300, 400))
    return view
