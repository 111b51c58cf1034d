"""The map of a real agent's memory in the real window: asked for, followed, clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtTest import QTest

import main
from app.panels import PANELS
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from app.views.map.map_view import MapView
from nec_engine.config import Settings
from nec_engine.messages import Entry, MapAnswer, PlacesAnswer

SMALL = Settings(
    capacity=3000, replay_capacity=3000, learning_starts=100, n_step=20, max_noops=1, autosave_s=600
)


@pytest.fixture
def desktop(qtbot: Any, tmp_path: Path) -> Iterator[Desktop]:
    desktop = Desktop(
        WindowRequest(
            open_engine=main.open_engine, rom="pong", data_dir=tmp_path, settings=SMALL,
            settings_changes={},
        ),
        WindowSettings(tmp_path / "window.ini"),
        open_output=lambda _: None,
    )  # fmt: skip
    desktop.window.resize(1280, 800)
    desktop.window.show()
    yield desktop
    desktop.close()


def test_the_map_of_a_learning_agent_is_followed_and_an_entry_clicked(
    qtbot: Any, desktop: Desktop
) -> None:
    answers: list[Any] = []
    desktop.session.bridge.answer_came.connect(answers.append)
    asking: set[str] = set()
    desktop.session.bridge.work_came.connect(asking.update)
    sizes: list[int] = []
    desktop.session.bridge.progress_came.connect(lambda p: sizes.append(sum(p.memory_sizes)))

    def wait(condition: Callable[[], bool]) -> None:
        qtbot.waitUntil(condition)

    panels = desktop.window.panels
    wait(lambda: bool(sizes) and sizes[-1] > 60)
    assert not [answer for answer in answers if isinstance(answer, MapAnswer)]  # nobody sees it
    panels.toggle("map")
    view = panels.map
    wait(lambda: bool(maps(answers)) and view.canvas.picture.layout is not None)
    answer = maps(answers)[-1]
    assert len(answer.xy) == sum(answer.num_entries) > 60
    assert np.isfinite(answer.xy).all()

    # the dot follows the game
    wait(lambda: len(view.canvas.live.tail) > 3)
    assert all(np.isfinite(place).all() for place in view.canvas.live.tail)

    # a click selects an entry, and its picture is rebuilt
    click(view, answer, 0)
    selected = desktop.window.selection.entry
    assert isinstance(selected, Entry)
    assert view.canvas.selected is not None
    wait(lambda: view.canvas.card is not None and view.canvas.card.image is not None)

    # an entry that is no point of the map is found all the same
    wait(lambda: sizes[-1] > len(answer.xy))
    size = answer.num_entries[selected.action]
    desktop.window.selection.select(Entry(selected.action, size + 1_000, selected.moment, 1))
    wait(lambda: any(isinstance(a, PlacesAnswer) and a.panel == "map selection" for a in answers))
    assert view.canvas.selected is None  # there is no such entry

    # what its questions cost is known to be the map's
    wait(lambda: {"map", "map dot", "map selection"} <= asking)
    assert {name.partition(" ")[0] for name in asking} <= {panel.name for panel in PANELS}


def maps(answers: list[Any]) -> list[MapAnswer]:
    return [answer for answer in answers if isinstance(answer, MapAnswer)]


def click(view: MapView, answer: MapAnswer, index: int) -> None:
    at = QPointF(*view.canvas.picture.frame.pixel_of(*answer.xy[index].tolist())).toPoint()
    QTest.mouseMove(view.canvas, at)
    QTest.mouseClick(view.canvas, Qt.MouseButton.LeftButton, pos=at)
