"""The whole program in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from program import SMALL, Program

import main
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings


@pytest.fixture
def start(qtbot: Any, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Opens windows, and closes them afterwards: nothing may be left behind (tests/conftest.py)."""
    desktops: list[Desktop] = []

    def open_window(**request: Any) -> Program:
        words = {"rom": "pong", "data_dir": tmp_path, "settings": SMALL, "settings_changes": {}}
        desktop = Desktop(
            WindowRequest(open_engine=main.open_engine, **{**words, **request}),
            WindowSettings(tmp_path / "window.ini"),
            open_output=lambda _: None,
        )
        desktops.append(desktop)
        program = Program(qtbot, desktop)
        desktop.window.resize(1280, 800)
        desktop.window.show()
        return program

    yield open_window
    for desktop in desktops:
        desktop.close()
