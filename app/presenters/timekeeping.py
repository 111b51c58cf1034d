"""The timeline's news and wishes: made and sent only while somebody sees it."""

from __future__ import annotations

from PyQt6.QtCore import QObject, QTimer

from app.session import Session
from app.window import MainWindow
from nec_engine.messages import Frame, GameInfo, Timeline, WatchTimeline


class Timekeeping(QObject):
    """Connects the session to the panel "Timeline". Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._panels, self._session = window.panels, session
        self._view = window.panels.timeline
        self._is_watched = False
        self._newest: Frame | None = None
        session.bridge.timeline_came.connect(self._show_timeline)
        session.bridge.frame_came.connect(self._show_frame)
        session.game_opened.connect(self._open_game)
        self._soon = QTimer(self)  # a dock is told to be visible before it has its place
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._say_whether_watched)
        window.panels.visibility_changed.connect(self._soon.start)
        self._view.wanted.connect(session.send)

    def _open_game(self, _info: GameInfo, _request: object) -> None:
        self._is_watched = False
        self._newest = None
        self._view.forget()
        self._soon.start()

    def _say_whether_watched(self) -> None:
        is_watched = self._panels.is_seen("timeline")
        if is_watched != self._is_watched and self._session.info is not None:
            self._is_watched = is_watched
            self._session.send(WatchTimeline(is_watched))
            if self._newest is not None:
                self._show_frame(self._newest)

    def _show_timeline(self, timeline: Timeline) -> None:
        if self._is_watched:
            self._view.show_timeline(timeline)

    def _show_frame(self, frame: Frame) -> None:
        self._newest = frame
        if self._is_watched:
            self._view.show_moment(frame.moment, is_past=frame.is_past)
