"""A running window with the real engine, and what tests do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

from app.startup.lifecycle import Desktop
from nec_engine.config import Settings
from nec_engine.messages import (
    Frame,
    LiveStatus,
    Progress,
)

SMALL = Settings(
    capacity=3000, replay_capacity=3000, learning_starts=100, n_step=20, max_noops=1, autosave_s=600
)


class Program:
    """A running window, and everything that the engine has told it."""

    def __init__(self, qtbot: Any, desktop: Desktop) -> None:
        self.qtbot = qtbot
        self.desktop = desktop
        self.window = desktop.window
        self.session = desktop.session
        self.frames: list[Frame] = []
        self.events: list[Any] = []
        self.answers: list[Any] = []
        self.progress: Progress | None = None
        self.status: LiveStatus | None = None
        bridge = self.session.bridge
        bridge.frame_came.connect(self.frames.append)
        bridge.event_came.connect(self.events.append)
        bridge.answer_came.connect(self.answers.append)
        bridge.progress_came.connect(self._take_progress)
        bridge.status_came.connect(self._take_status)

    def _take_progress(self, progress: Progress) -> None:
        self.progress = progress

    def _take_status(self, status: LiveStatus) -> None:
        self.status = status

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition)

    def wait_frames(self, num: int) -> list[Frame]:
        """The next ``num`` frames that reach the window."""
        first = len(self.frames)
        self.wait(lambda: len(self.frames) >= first + num)
        return self.frames[first : first + num]

    def press(self, key: Qt.Key, modifier: Any = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def pause(self) -> None:
        """The game stands still, with nothing on its way to the screen."""
        self.press(Qt.Key.Key_P)
        self.wait(lambda: self.status is not None and self.status.is_paused)

    def event(self, kind: type) -> Any:
        """The newest event of this kind; waits for the first."""
        self.wait(lambda: any(isinstance(event, kind) for event in self.events))
        return [event for event in self.events if isinstance(event, kind)][-1]
