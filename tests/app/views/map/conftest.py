"""The map's panel, as its tests find it."""

import pytest
from made_maps import make_map
from made_messages import Clock, show_settled
from made_news import game_info
from pytestqt.qtbot import QtBot

from app.views.map.map_view import MapView


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> MapView:
    view = MapView(clock=clock)
    qtbot.addWidget(view)
    view.resize(320, 520)
    view.open_game(game_info())
    return view


@pytest.fixture
def asked(view: MapView, qtbot: QtBot, clock: Clock) -> list[object]:
    """The panel's questions, from when it is first seen."""
    questions: list[object] = []
    view.question_asked.connect(questions.append)
    show_settled(view, qtbot, clock)
    view.refresh()
    return questions


@pytest.fixture
def shown(view: MapView, asked: list[object], clock: Clock) -> MapView:
    """With a map of 200 entries in sight, and nothing asked since."""
    view.show_map(make_map())
    view.refresh()
    asked.clear()
    clock.now_s += 1
    return view
