"""Videos of the past: wished for by a key or a panel, written by the engine, told in the window."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject

from app.session import Session
from app.window import MainWindow
from nec_engine.messages import (
    CancelVideos,
    Event,
    Moment,
    SaveRangeVideo,
    SaveTailVideo,
    VideoFailed,
    VideoProgressed,
    VideoSaved,
)


class Videos(QObject):
    """Sends the wishes on, and shows how far they have come. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._wished: list[Path] = []  # and neither saved nor given up
        window.actions_by_name["save_last"].triggered.connect(lambda: self.save_last())
        window.status_bar.video.cancel_clicked.connect(lambda: session.send(CancelVideos()))
        session.bridge.event_came.connect(self._take_event)
        session.game_opened.connect(self._forget)

    def save_last(self) -> None:
        """The latest half minute of the live game becomes a file in the videos folder."""
        path = self._new_path()
        if path is not None:
            self._wish(SaveTailVideo(path, self._with_overlay))

    def save_range(self, first: Moment, num_steps: int) -> None:
        """Recorded steps become a file in the videos folder."""
        path = self._new_path()
        if path is not None:
            self._wish(SaveRangeVideo(path, first, num_steps, self._with_overlay))

    @property
    def _with_overlay(self) -> bool:
        return self._window.actions_by_name["record_overlay"].isChecked()

    def _new_path(self) -> Path | None:
        """A name that no file has, nor one that is still being written."""
        if self._session.info is None:
            return None
        path = self._session.new_file("videos", ".mp4")
        first, number = path, 1
        while path is not None and first is not None and path in self._wished:
            number += 1
            path = first.with_stem(f"{first.stem}-{number}")
        return path

    def _wish(self, wish: SaveTailVideo | SaveRangeVideo) -> None:
        if not self._wished:
            self._window.status_bar.video.show_fraction(0.0)
        self._wished.append(wish.path)
        self._session.send(wish)

    def _take_event(self, event: Event) -> None:
        match event:
            case VideoProgressed(_, fraction):
                self._window.status_bar.video.show_fraction(fraction)
            case VideoSaved(path) | VideoFailed(path):
                self._wished = [wished for wished in self._wished if wished != path]
                if not self._wished:
                    self._window.status_bar.video.show_fraction(None)

    def _forget(self) -> None:
        """The engine that was writing is gone, and what it had begun."""
        for path in self._wished:
            self._session.tell(f"The video {path.name} was given up: another game was opened")
        self._wished.clear()
        self._window.status_bar.video.show_fraction(None)
