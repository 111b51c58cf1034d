"""The window: menus, tool bar, the game in the middle, panels around it, a status bar."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6.QtCore import QChildEvent, QEvent, Qt, pyqtSignal
from PyQt6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QResizeEvent,
    QShowEvent,
)
from PyQt6.QtWidgets import QApplication, QMainWindow, QTabBar

from app.actions import SPECS, Actions
from app.keyboard import Keyboard
from app.look.icons import program_icon
from app.look.palette import apply_theme
from app.look.theme import DARK, LIGHT, Theme
from app.menus import make_menus
from app.panels import PANEL_SPECS, Panels
from app.selection import Selection
from app.startup.settings import WindowSettings
from app.views.frame.notes import Notes
from app.views.frame.status_bar import StatusBar
from app.views.frame.toolbar import ToolBar
from app.views.game.central import Central

PROGRAM: Final = "NEC viewer"
SMALLEST: Final = (960, 600)
FIRST_SIZE: Final = (1280, 800)


class MainWindow(QMainWindow):
    """Everything that is seen; what it does is connected in ``app/startup/lifecycle.py``."""

    closed = pyqtSignal()
    file_dropped = pyqtSignal(object)  # Path

    def __init__(self, settings: WindowSettings) -> None:
        super().__init__()
        self.settings = settings
        self.theme: Theme = self._first_theme()
        self.specs = (*PANEL_SPECS, *SPECS)
        self.actions_by_name = Actions(self.specs, self)
        self.setWindowTitle(PROGRAM)
        self.setWindowIcon(program_icon())
        self.setMinimumSize(*SMALLEST)
        self.setAcceptDrops(True)
        self.central = Central()
        self.setCentralWidget(self.central)
        self.tool_bar = ToolBar(self.actions_by_name)
        self.addToolBar(self.tool_bar)
        self.status_bar = StatusBar()
        self.setStatusBar(self.status_bar)
        self.selection = Selection(self)
        self.panels = Panels(self, settings)
        make_menus(self, self.specs, self.actions_by_name)
        self.notes = Notes(self.central, self.actions_by_name.__getitem__)
        self.keyboard = Keyboard(self, self.central.game)
        self._was_maximised = self._is_closed = False
        self.set_theme(self.theme)
        self._restore()

    def set_theme(self, theme: Theme) -> None:
        """Paint everything light or dark."""
        self.theme = theme
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme)
        for part in (self.central, self.tool_bar, self.status_bar, self.panels, self.notes):
            part.set_theme(theme)
        self.actions_by_name["dark"].setChecked(theme.is_dark)

    def set_full_screen(self, is_full: bool) -> None:
        """Fill the screen, or be as before."""
        if is_full and not self.isFullScreen():
            self._was_maximised = self.isMaximized()
            self.showFullScreen()
        elif not is_full and self.isFullScreen():
            self.showMaximized() if self._was_maximised else self.showNormal()

    def _show_full_screen(self) -> None:
        self.actions_by_name["full_screen"].setChecked(self.isFullScreen())

    def _first_theme(self) -> Theme:
        is_dark = self.settings.is_dark
        if is_dark is None:
            hints = QGuiApplication.styleHints()
            is_dark = hints is None or hints.colorScheme() is not Qt.ColorScheme.Light
        return DARK if is_dark else LIGHT

    def _restore(self) -> None:
        self.resize(*FIRST_SIZE)
        if not self.settings.geometry.isEmpty():
            self.restoreGeometry(self.settings.geometry)
        self._show_full_screen()

    # --- Qt ---

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        self.panels.fit(self.width(), self.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if self.isVisible():
            self.panels.fit(self.width(), self.height())

    def changeEvent(self, event: QEvent | None) -> None:
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.WindowStateChange:
            self.panels.visibility_changed.emit()
            self._show_full_screen()

    def childEvent(self, event: QChildEvent | None) -> None:
        """Tabs of panels keep their whole names; where there are too many they scroll."""
        super().childEvent(event)
        if event is not None and event.type() == QEvent.Type.ChildPolished:
            bar = event.child()
            if isinstance(bar, QTabBar):
                bar.setElideMode(Qt.TextElideMode.ElideNone)
                bar.setUsesScrollButtons(True)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        assert event is not None
        data = event.mimeData()
        if data is not None and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        assert event is not None
        data = event.mimeData()
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []
        if paths:
            event.acceptProposedAction()
            self.file_dropped.emit(Path(paths[0]))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self.settings.geometry = self.saveGeometry()
        self.panels.close()
        self.settings.write()
        self.keyboard.close()
        self.notes.clear()
        super().closeEvent(event)
        self.closed.emit()
