"""Lessons in the window: their panel, their actions and their files."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QFileDialog

from app.presenters.opening import LESSON_FILTER, LESSON_SUFFIX
from app.session import Session
from app.startup.request import OpenRequest
from app.window import MainWindow
from nec_engine.messages import ForgetLessons, GameInfo, LoadLessons, SaveLessons, SetLessonWeight


class Teaching(QObject):
    """Sends what a person wants of the lessons to the engine. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        view, actions = window.panels.lessons, window.actions_by_name
        names = ("save_lessons", "load_lessons", "forget_lessons")
        view.set_actions([actions[name] for name in names])
        view.weight_chosen.connect(lambda weight: session.send(SetLessonWeight(weight)))
        actions["save_lessons"].triggered.connect(lambda: self.choose_where_to_save())
        actions["load_lessons"].triggered.connect(lambda: self.choose_file())
        actions["forget_lessons"].triggered.connect(lambda: session.send(ForgetLessons()))
        session.bridge.progress_came.connect(view.show_progress)
        session.bridge.status_came.connect(view.show_status)
        session.game_opened.connect(self._open_game)

    def choose_where_to_save(self) -> None:
        """Ask for a place, and save all lessons there; the game goes on meanwhile."""
        path = self._session.new_file("lessons", LESSON_SUFFIX)
        if path is None:
            return
        dialog = self._dialog("Save lessons", path.parent)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(LESSON_SUFFIX[1:])
        dialog.selectFile(path.name)
        dialog.fileSelected.connect(lambda text: self._session.send(SaveLessons(Path(text))))
        dialog.open()

    def choose_file(self) -> None:
        """Ask for a lesson file, and teach what is in it."""
        dialog = self._dialog("Load lessons", self._session.data_dir / "lessons")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda text: self.load(Path(text)))
        dialog.open()

    def load(self, path: Path) -> None:
        """Teach the agent the lessons of a file."""
        self._session.send(LoadLessons(path))

    def _dialog(self, title: str, folder: Path) -> QFileDialog:
        dialog = QFileDialog(self._window, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters([LESSON_FILTER])
        dialog.setDirectory(str(folder if folder.is_dir() else Path.cwd()))
        return dialog

    def _open_game(self, info: GameInfo, _request: OpenRequest) -> None:
        self._window.panels.lessons.open_game(info)
