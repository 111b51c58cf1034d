"""What if, asked about the very moment on the screen: the game is paused first and must stand."""

from __future__ import annotations

from PyQt6.QtCore import QObject

from app.presenters.feeding import Feeding
from app.session import Session
from app.window import MainWindow
from nec_engine.messages import LiveStatus


class AskingWhatIf(QObject):
    """Asks once the picture stands and the decision about it has come. Qt's thread.

    Frames are made ahead of time: those that were made before the pause are shown after it, and
    only then the status says that the game is paused.
    """

    def __init__(self, window: MainWindow, session: Session, feeding: Feeding) -> None:
        super().__init__(window)
        self._panels, self._session, self._feeding = window.panels, session, feeding
        self._view, self._game = window.panels.what_if, window.central.game
        self._status: LiveStatus | None = None
        self._is_due = False
        window.actions_by_name["what_if"].triggered.connect(lambda: self._ask())
        self._view.ask_button.clicked.connect(lambda: self._ask())
        window.actions_by_name["pause"].triggered.connect(self._see_pause)
        session.game_opened.connect(lambda *_: self._forget())
        session.bridge.status_came.connect(self._take_status)
        session.bridge.decision_came.connect(lambda _: self._ask_when_it_stands())

    def _ask(self) -> None:
        if not self._session.controls.is_paused:
            self._status = None  # it tells of the game before this pause
        self._session.bridge.pass_decision()
        self._session.set_paused(True)
        self._panels.bring_to_front("what_if")
        self._is_due = True
        self._ask_when_it_stands()

    def _ask_when_it_stands(self) -> None:
        if not self._is_due or self._status is None or not self._status.is_paused:
            return
        if self._is_explanation_due():
            return
        self._is_due = False
        self._view.ask()

    def _is_explanation_due(self) -> bool:
        """A moment of the past is explained a little after it is shown."""
        frame, decision = self._game.frame, self._feeding.decision
        if frame is None or decision is None or not frame.is_past:
            return False
        return decision.moment != frame.moment

    def _take_status(self, status: LiveStatus) -> None:
        self._status = status
        if self._is_due and status.is_paused:
            self._session.bridge.pass_decision()
            self._ask_when_it_stands()

    def _see_pause(self, is_on: bool) -> None:
        self._is_due = self._is_due and is_on  # played on before it stood

    def _forget(self) -> None:
        self._status, self._is_due = None, False
