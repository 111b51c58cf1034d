"""The memory browser, alone."""

from __future__ import annotations

import pytest
from made_entries import made_answer
from made_messages import Clock, show_panel
from made_news import game_info
from PyQt6.QtGui import QAction
from pytestqt.qtbot import QtBot

from app.views.memory.memory_view import MemoryView
from nec_engine.messages import (
    AskEntries,
)


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> MemoryView:
    view = MemoryView(clock=clock)
    view.set_actions([QAction("Like now", view)], [QAction("Go there", view)])
    show_panel(view, qtbot, clock, (1200, 240))
    return view


@pytest.fixture
def asked(view: MemoryView) -> list[AskEntries]:
    questions: list[AskEntries] = []
    view.entries_wanted.connect(questions.append)
    return questions


@pytest.fixture
def opened(view: MemoryView, asked: list[AskEntries], clock: Clock) -> MemoryView:
    """With a game open and its entries listed."""
    view.open_game(game_info())
    view.show_entries(made_answer(asked[-1]))
    clock.now_s += 1
    return view
