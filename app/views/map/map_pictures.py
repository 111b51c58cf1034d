"""Pictures of the entries that somebody looks at on the map, fetched a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PyQt6.QtCore import QObject, QSize, QTimer, pyqtSignal
from PyQt6.QtGui import QImage

from app.models.neighbours.picture_requests import PictureRequests
from app.models.neighbours.picture_store import PictureStore
from app.views.neighbours.card_pictures import CardPictures
from app.views.widgets.panel import Clock
from nec_engine.messages import Entry, PictureAnswer

ASK_AGAIN_MS: Final = 130


class MapPictures(QObject):
    """Asks for what is wanted and missing, and keeps what came. Qt's thread."""

    asked = pyqtSignal(object)  # AskPictures
    came = pyqtSignal()

    def __init__(
        self, panel: str, clock: Clock, is_watched: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.is_paused = False  # the game stands still, so all can be asked for at once
        self._panel = panel
        self._clock = clock
        self._is_watched = is_watched
        self._wanted: tuple[Entry, ...] = ()
        self._requests = PictureRequests(panel)
        self._store, self._images = PictureStore(), CardPictures()
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_AGAIN_MS)
        self._timer.timeout.connect(self._ask)

    def want(self, entries: Sequence[Entry]) -> None:
        """Fetch these, the first ones first; what was wanted before and not asked is forgotten."""
        self._wanted = tuple(entries)
        self._ask()

    def take(self, answer: PictureAnswer) -> None:
        """A picture came, or word that it cannot be had."""
        if answer.panel == self._panel:
            self._requests.note_answer(answer.moment)
            self._store.put(answer, self._clock())
            self.came.emit()
            self._ask()

    def image(self, entry: Entry, box: QSize, pixel_ratio: float) -> QImage | None:
        """The picture of an entry, fitted into ``box``; None while it is not there."""
        answer = self._store.get(entry.moment)
        return None if answer is None else self._images.colour(answer, box, pixel_ratio)

    def problem(self, entry: Entry) -> str:
        """Why there is no picture; empty while it may still come."""
        answer = self._store.get(entry.moment)
        return answer.problem if answer is not None and answer.rgb is None else ""

    def clear(self) -> None:
        """Forget all, as when another game is opened."""
        self._wanted = ()
        self._timer.stop()
        for part in (self._store, self._images, self._requests):
            part.clear()

    def _ask(self) -> None:
        now_s = self._clock()
        missing = [
            (entry.moment, entry.state_hash)
            for entry in self._wanted
            if self._store.is_wanted(entry.moment, now_s)
        ]
        if not missing or not self._is_watched():
            self._timer.stop()
            return
        if not self._timer.isActive():
            self._timer.start()
        question = self._requests.ask(missing, is_still=self.is_paused, now_s=now_s)
        if question is not None:
            self.asked.emit(question)
