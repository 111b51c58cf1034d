"""Choosing what to open and where to save: start screen, dialogs, dropped files, failures."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QFileDialog

from app.choices import game_choices, recent_choices
from app.dialogs.unsupported_rom import UnsupportedRom
from app.files import is_snapshot
from app.session import Session, SessionState
from app.startup.loader import words_of
from app.startup.request import OpenRequest
from app.window import PROGRAM, MainWindow
from nec_engine.errors import RomError
from nec_engine.messages import GameInfo, LoadLessons, Player
from nec_engine.run.shipped import shipped_brains

LESSON_SUFFIX = ".lesson"
LESSON_FILTER = f"Lessons (*{LESSON_SUFFIX})"
OPEN_FILTER = (
    "Games and snapshots (*.bin *.a26 *.rom *.nec);;Snapshots (*.nec);;"
    f"{LESSON_FILTER};;All files (*)"
)
SAVE_FILTER = "Snapshots (*.nec)"


class Opening(QObject):
    """Decides which screen is in the middle, and opens what a person chooses. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._games_are_listed = False
        start = window.central.start
        start.chosen.connect(self.open_target)
        start.brain_chosen.connect(session.open_brain)
        start.agents.choose(session.agent)
        start.open_clicked.connect(self.choose_file)
        start.back_clicked.connect(self.show_game)
        window.central.loading.cancel_clicked.connect(session.cancel_opening)
        window.status_bar.cancel_opening_clicked.connect(session.cancel_opening)
        window.file_dropped.connect(self.open_file)
        session.state_changed.connect(self._show_state)
        session.loading_changed.connect(self._show_loading)
        session.game_opened.connect(self._show_opened)
        session.open_failed.connect(self._show_failure)

    def show_present(self) -> None:
        """The screen for the session as it stands, for a window that was made just now."""
        request = self._session.opening
        self._show_loading("" if request is None else request.words)
        self._show_state(self._session.state)

    def show_start(self) -> None:
        """The start screen; the game that is open goes on, but waits for a person who plays it."""
        if self._session.controls.player is Player.PERSON:
            self._session.set_paused(True)
        start = self._window.central.start
        if not self._games_are_listed:
            start.show_games(game_choices())
            self._games_are_listed = True
        start.show_brains(shipped_brains())
        start.show_recent(recent_choices(self._window.settings.recent, self._session.data_dir))
        self._window.panels.put_away()
        self._window.central.show_start(can_go_back=self._session.info is not None)

    def show_game(self) -> None:
        """Back to the game, if one is open."""
        if self._session.info is not None:
            self._window.central.show_game()
            self._window.panels.bring_back()

    def open_target(self, target: str | Path) -> None:
        """Open a bundled game by its name, or a file."""
        if isinstance(target, Path):
            self.open_file(target)
        else:
            self._open_game(target)

    def open_file(self, path: Path) -> None:
        """Open a snapshot or a game file, whatever it is called; teach lessons to the open game."""
        self._window.settings.last_folder = path.parent
        if path.suffix.lower() == LESSON_SUFFIX:
            self._teach(path)
        elif is_snapshot(path):
            self._session.open(snapshot=path)
        else:
            self._open_game(path)

    def choose_file(self) -> None:
        """Ask for a file; the game goes on meanwhile."""
        dialog = QFileDialog(self._window, "Open a game or a snapshot")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(OPEN_FILTER.split(";;"))
        self._begin_in(dialog, self._window.settings.last_folder or self._session.data_dir)
        dialog.fileSelected.connect(lambda text: self.open_file(Path(text)))
        dialog.open()

    def choose_second_brain(self) -> None:
        """Ask for the snapshot that plays beside the open agent."""
        dialog = QFileDialog(self._window, "A snapshot of the same game")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([SAVE_FILTER])
        self._begin_in(dialog, self._window.settings.last_folder or self._session.data_dir)
        brains = self._window.panels.brains
        dialog.fileSelected.connect(lambda text: brains.choose(Path(text)))
        dialog.open()

    def choose_where_to_save(self) -> None:
        """Ask for a place, and save there."""
        dialog = QFileDialog(self._window, "Save a snapshot")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("nec")
        dialog.setNameFilters([SAVE_FILTER])
        self._begin_in(dialog, self._session.data_dir / "snapshots")
        if self._session.info is not None:
            # Not <game>.nec: a brain that comes with the program may have that name there.
            dialog.selectFile(f"{self._session.info.name}-mine.nec")
        dialog.fileSelected.connect(lambda text: self._session.save(Path(text)))
        dialog.open()

    def _teach(self, path: Path) -> None:
        if self._session.info is not None:
            self._session.send(LoadLessons(path))
        else:
            self._session.tell_problem(
                f"{path.name} holds lessons; there is no game open whose agent could learn them; "
                "open their game first, then this file again"
            )

    def _open_game(self, rom: str | Path) -> None:
        self._session.open(rom=rom, agent=self._window.central.start.agents.agent)

    @staticmethod
    def _begin_in(dialog: QFileDialog, folder: Path) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setDirectory(str(folder if folder.is_dir() else Path.cwd()))

    def _show_state(self, state: SessionState) -> None:
        has_game = state is SessionState.RUNNING
        self._window.actions_by_name.enable_for_game(has_game)
        self._window.tool_bar.set_has_game(has_game)
        if state is SessionState.LOADING:
            self._window.central.show_loading()
            self._window.panels.bring_back()
        elif state is SessionState.EMPTY:
            self.show_start()

    def _show_loading(self, words: str) -> None:
        self._window.central.loading.show_words(words)
        is_beside_game = bool(words) and self._session.info is not None
        self._window.status_bar.show_opening(words if is_beside_game else "")

    def _show_opened(self, info: GameInfo, request: OpenRequest) -> None:
        self._window.settings.add_recent(_recent_name(info, request))
        self._window.setWindowTitle(f"{info.title} – {PROGRAM}")
        self.show_game()

    def _show_failure(self, request: OpenRequest, problem: Exception) -> None:
        text = f"{request.words} was not opened: {words_of(problem)}"
        if not (isinstance(problem, RomError) and isinstance(request.rom, Path)):
            self._session.tell_problem(text)
        else:
            self._session.logged.emit(text, True)
            titles = {str(game.target): game.title for game in game_choices()}
            dialog = UnsupportedRom(request.rom, problem, titles, self._window)
            dialog.game_chosen.connect(self.open_target)
            dialog.other_clicked.connect(self.choose_file)
            dialog.show()


def _recent_name(info: GameInfo, request: OpenRequest) -> str:
    """How what was opened is found again: the file, else the name of the bundled game."""
    path = request.snapshot or Path(str(request.rom))
    return str(path.resolve()) if path.is_file() else info.name
