"""Pictures of the entries that somebody looks at on the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PyQt6.QtCore import QObject, QSize
from PyQt6.QtGui import QImage

from app.views.neighbours.card_pictures import CardPictures
from app.views.neighbours.picture_fetcher import PictureFetcher
from app.views.widgets.panel import Clock
from nec_engine.messages import Entry


class MapPictures(PictureFetcher):
    """Fetches them by entry, and fits them into the boxes of the map. Qt's thread."""

    def __init__(
        self, panel: str, clock: Clock, is_watched: Callable[[], bool], parent: QObject
    ) -> None:
        super().__init__(panel, clock, is_watched, parent)
        self._images = CardPictures()

    def want_entries(self, entries: Sequence[Entry]) -> None:
        """As :meth:`want`, the pictures of these."""
        self.want([(entry.moment, entry.state_hash) for entry in entries])

    def image(self, entry: Entry, box: QSize, pixel_ratio: float) -> QImage | None:
        """The picture of an entry, fitted into ``box``; None while it is not there."""
        answer = self.store.get(entry.moment)
        return None if answer is None else self._images.colour(answer, box, pixel_ratio)

    def problem(self, entry: Entry) -> str:
        """Why there is no picture; empty while it may still come."""
        answer = self.store.get(entry.moment)
        return answer.problem if answer is not None and answer.rgb is None else ""

    def clear(self) -> None:
        super().clear()
        self._images.clear()
