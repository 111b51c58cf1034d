"""At most so many a second, and always the last one: how busy values reach slow panels."""

from __future__ import annotations

import time
from typing import Any, Final

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

LATEST_MS: Final = 250  # a value that nobody finds time for is passed on all the same


class Throttle(QObject):
    """Keeps the newest value for a moment with time for it, at most every ``interval_ms``.

    A timer of its own would choose its moments without regard to the pictures, drift against
    them, and for seconds on end fall together with them. Qt's thread.
    """

    passed = pyqtSignal(object)

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interval_s = interval_ms / 1000
        self._last_s = -1e9
        self._waiting: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(max(interval_ms, LATEST_MS))
        self._timer.timeout.connect(self.flush)

    def push(self, value: object) -> None:
        """``value`` is the newest now."""
        self._waiting = value
        if not self._timer.isActive():
            self._timer.start()

    def offer_time(self) -> None:
        """Now would be a good moment."""
        if time.perf_counter() - self._last_s >= self._interval_s:
            self.flush()

    def flush(self) -> None:
        """Pass the waiting value on now, if there is one."""
        self._timer.stop()
        if self._waiting is not None:
            value, self._waiting = self._waiting, None
            self._last_s = time.perf_counter()
            self.passed.emit(value)

    def clear(self) -> None:
        """Forget the waiting value."""
        self._timer.stop()
        self._waiting = None
