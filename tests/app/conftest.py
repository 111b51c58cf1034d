"""Fixtures of the window's tests; being here also lets them import what lies beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine
from made_messages import Clock
from made_sessions import MakeSession
from pytestqt.qtbot import QtBot

from app.session import Session
from app.startup.lifecycle import Desktop
from app.startup.request import OpenEngine, WindowRequest
from app.startup.settings import WindowSettings
from nec_engine.config import Settings

OpenDesktop = Callable[..., Desktop]


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until the test moves it."""
    return Clock()


@pytest.fixture
def window_settings(tmp_path: Path) -> WindowSettings:
    """Settings of the window in a file of the test's own."""
    return WindowSettings(tmp_path / "window.ini")


@pytest.fixture
def open_desktop(
    qtbot: QtBot, tmp_path: Path, window_settings: WindowSettings
) -> Iterator[OpenDesktop]:
    """Makes the whole window around a fake engine, waits for the game, and closes it at the end."""
    made = []

    def open_one(
        engine: FakeEngine | None = None,
        *,
        open_engine: OpenEngine | None = None,
        rom: str | None = "pong",
        size: tuple[int, int] = (1280, 800),
        **request: Any,
    ) -> Desktop:
        engine = engine or FakeEngine()
        wanted = WindowRequest(
            open_engine=open_engine or (lambda _: engine),
            data_dir=tmp_path,
            rom=rom,
            **{"settings": Settings(), "settings_changes": {}, **request},
        )
        desktop = Desktop(wanted, window_settings, open_output=lambda _: None)
        made.append(desktop)
        desktop.window.resize(*size)
        with qtbot.waitExposed(desktop.window):
            desktop.window.show()
        if rom is not None and open_engine is None:
            qtbot.waitUntil(lambda: desktop.session.info is not None)
            desktop.session.bridge.pull()
        return desktop

    yield open_one
    for desktop in made:
        desktop.close()


@pytest.fixture
def make_session(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeSession]:
    """Makes sessions around an engine, and closes them at the end."""
    made: list[Session] = []

    def make(open_engine: OpenEngine, **request: object) -> Session:
        wanted = WindowRequest(
            open_engine=open_engine, data_dir=tmp_path, settings=Settings(), settings_changes={},
            **request,  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip
        session = Session(wanted)
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


@pytest.fixture
def engine() -> FakeEngine:
    """The engine of ``session``."""
    return FakeEngine()


@pytest.fixture
def session(qtbot: QtBot, make_session: MakeSession, engine: FakeEngine) -> Session:
    """A session with Pong open; nothing has been sent yet."""
    made = make_session(lambda _: engine)
    with qtbot.waitSignal(made.game_opened):
        made.open(rom="pong")
    made.bridge.pull()
    engine.commands.clear()
    return made
