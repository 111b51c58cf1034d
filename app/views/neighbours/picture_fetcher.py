"""Pictures of memories that somebody looks at, fetched a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from app.models.neighbours.picture_requests import PictureRequests, Wanted
from app.models.neighbours.picture_store import PictureStore
from app.views.widgets.panel import Clock
from nec_engine.messages import PictureAnswer

ASK_AGAIN_MS: Final = 130


class PictureFetcher(QObject):
    """Asks for what is wanted and missing, and keeps what came. Qt's thread."""

    asked = pyqtSignal(object)  # AskPictures
    came = pyqtSignal()

    def __init__(
        self, panel: str, clock: Clock, is_watched: Callable[[], bool], parent: QObject
    ) -> None:
        """Nothing is asked while not ``is_watched()``; whoever wants pictures says so again."""
        super().__init__(parent)
        self.store = PictureStore()
        self.is_still = False  # nothing else is wanted soon, so all can be asked for at once
        self._panel = panel
        self._clock = clock
        self._is_watched = is_watched
        self._wanted: tuple[Wanted, ...] = ()
        self._requests = PictureRequests(panel)
        self._timer = QTimer(self)
        self._timer.setInterval(ASK_AGAIN_MS)
        self._timer.timeout.connect(self._ask)

    def want(self, pictures: Sequence[Wanted]) -> None:
        """Fetch these, the first ones first; what was wanted before and not asked is forgotten."""
        self._wanted = tuple(pictures)
        self._ask()

    def take(self, answer: PictureAnswer) -> None:
        """A picture came, or word that it cannot be had."""
        if answer.panel == self._panel:
            self._requests.note_answer(answer.moment)
            self.store.put(answer, self._clock())
            self.came.emit()
            self._ask()

    def clear(self) -> None:
        """Forget all, as when another game is opened."""
        self._wanted = ()
        self._timer.stop()
        self.store.clear()
        self._requests.clear()

    def _ask(self) -> None:
        now_s = self._clock()
        missing = [wanted for wanted in self._wanted if self.store.is_wanted(wanted[0], now_s)]
        if not missing or not self._is_watched():
            self._timer.stop()
            return
        if not self._timer.isActive():
            self._timer.start()
        question = self._requests.ask(missing, is_still=self.is_still, now_s=now_s)
        if question is not None:
            self.asked.emit(question)
