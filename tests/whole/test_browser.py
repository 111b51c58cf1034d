"""The memory browser in the real window, on a real game that is being learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import main
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from nec_engine.config import Settings
from nec_engine.messages import PictureAnswer, WentTo

SMALL = Settings(
    capacity=3000,
    replay_capacity=3000,
    learning_starts=10**6,
    n_step=10,
    max_noops=1,
    autosave_s=600,
)


@pytest.fixture
def desktop(qtbot: Any, tmp_path: Path) -> Iterator[Desktop]:
    """Pong, learning, at the size of a first start."""
    request = WindowRequest(
        open_engine=main.open_engine, rom="pong", data_dir=tmp_path, settings=SMALL,
        settings_changes={},
    )  # fmt: skip
    made = Desktop(request, WindowSettings(tmp_path / "window.ini"), open_output=lambda _: None)
    made.window.resize(1280, 800)
    made.window.show()
    yield made
    made.close()


def test_a_memory_is_found_seen_compared_and_entered(desktop: Desktop, qtbot: Any) -> None:
    window, session = desktop.window, desktop.session
    events: list[Any] = []
    pictures: list[PictureAnswer] = []
    session.bridge.event_came.connect(events.append)
    session.bridge.answer_came.connect(
        lambda answer: pictures.append(answer) if answer.panel == "memory picture" else None
    )
    memory = window.panels.memory
    table = memory.table.table
    sizes: list[int] = []
    session.bridge.progress_came.connect(lambda told: sizes.append(sum(told.memory_sizes)))
    qtbot.waitUntil(lambda: bool(sizes) and sizes[-1] > 20)
    window.panels.bring_forward("memory")
    qtbot.waitUntil(lambda: table.rowCount() > 20)

    entry = table.entry(10)
    assert entry is not None
    window.selection.select(entry)
    qtbot.waitUntil(lambda: bool(pictures))
    assert pictures[0].is_exact
    qtbot.waitUntil(lambda: "value" in memory.details.title.text())

    window.actions_by_name["like_selected"].trigger()
    qtbot.waitUntil(lambda: memory.shown is not None and memory.shown.distances_sq is not None)
    nearest = table.entry(0)
    assert entry.is_same(nearest)

    window.actions_by_name["visit_selected"].trigger()
    qtbot.waitUntil(lambda: any(isinstance(e, WentTo) for e in events))
    (went,) = [event for event in events if isinstance(event, WentTo)]
    assert went.moment == entry.moment
