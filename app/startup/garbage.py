"""Python's search for garbage, kept away from what never becomes any."""

from __future__ import annotations

import gc
from typing import Final

from PyQt6.QtCore import QObject, QTimer

from app.session import Session

SETTLED_MS: Final = 1500  # after the first game was opened: its panels stand
LET_GO_MS: Final = 6000  # after a later one: most often the engine before it has ended


class GarbageSearches(QObject):
    """Leaves modules, widgets and the open engine out of the searches. Qt's thread.

    A search through all of them holds the interpreter for 0.1 to 0.2 s, and a dozen pictures are
    late; while the program starts there are five. So there is none until a game is open; then what
    there is counts as settled, until an engine has ended: it may be garbage, with all its memory,
    and what is settled is searched once. What is not in a ring of references is freed at once, as
    ever.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._has_settled = False
        self._has_ended = False  # an engine, since the last search
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._settle)
        session.game_opened.connect(self._open_game)
        session.engine_ended.connect(self._note_end)

    def close(self) -> None:
        """Take all of it back, so that it is let go in order when the program ends."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _open_game(self) -> None:
        self._timer.start(LET_GO_MS if self._has_settled else SETTLED_MS)

    def _note_end(self) -> None:
        self._has_ended = True
        if self._has_settled:  # else the first game's settling is still to come
            self._timer.start(LET_GO_MS)

    def _settle(self) -> None:
        if self._has_ended:
            gc.unfreeze()
            gc.collect()
        self._has_settled, self._has_ended = True, False
        gc.freeze()
        gc.enable()
