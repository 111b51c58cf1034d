"""The selected memory: one in every view, and what can be done with it."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from app.actions import ENTRY_ACTIONS
from app.session import Session
from app.window import MainWindow
from nec_engine.messages import Entry, GoTo


class Browsing(QObject):
    """Connects the selection to the views that show it and to its actions. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        selection, panels = window.selection, window.panels
        panels.neighbours.entry_clicked.connect(selection.select)
        selection.changed.connect(self._show_selected)
        session.game_opened.connect(lambda *_: selection.select(None))
        session.state_changed.connect(lambda _: self._enable_actions())
        window.actions_by_name["visit_selected"].triggered.connect(self._visit)
        self._enable_actions()

    def _show_selected(self, entry: Entry | None) -> None:
        self._window.panels.neighbours.set_selected(entry)
        self._enable_actions()

    def _enable_actions(self) -> None:
        has_entry = self._window.selection.entry is not None and self._session.info is not None
        for name in ENTRY_ACTIONS:
            self._window.actions_by_name[name].setEnabled(has_entry)

    def _visit(self) -> None:
        entry = self._window.selection.entry
        if entry is not None:
            self._session.go_to(GoTo(entry.moment, entry.state_hash))
