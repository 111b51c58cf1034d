"""Comparisons of two memories: from the panel to the engine and back."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QFileDialog

from app.session import Session
from app.window import MainWindow
from nec_engine.messages import (
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    Event,
    MemoryEdited,
)


class Comparing(QObject):
    """Connects the panel to the session. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._view = window.panels.compare
        self._view.wanted.connect(session.send)
        self._view.snapshots_wanted.connect(self._choose_snapshots)
        session.bridge.event_came.connect(self._take_event)
        session.game_opened.connect(lambda *_: self._view.open_game(True))

    def _take_event(self, event: Event) -> None:
        match event:
            case ComparisonPlanned():
                self._view.show_plan(event)
            case ComparisonProgressed():
                self._view.show_progress(event)
            case ComparisonEnded():
                self._view.show_result(event)
            case MemoryEdited():
                self._view.ask_plan()

    def _choose_snapshots(self) -> None:
        """Ask for two files at once; the game goes on meanwhile."""
        dialog = QFileDialog(self._window, "Two snapshots of one game")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(["Snapshots (*.nec)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        folder = self._window.settings.last_folder or self._session.data_dir
        dialog.setDirectory(str(folder if folder.is_dir() else Path.cwd()))
        dialog.filesSelected.connect(self._take_files)
        dialog.open()

    def _take_files(self, names: list[str]) -> None:
        if len(names) != 2:
            self._session.tell_problem(
                f"{len(names)} files were chosen; a comparison needs two; hold Ctrl to choose both"
            )
            return
        first, second = map(Path, names)
        self._window.settings.last_folder = first.parent
        self._view.set_snapshots(first, second)
