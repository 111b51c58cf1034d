"""At most so many a second, and always the last one: how busy values reach slow panels."""

from __future__ import annotations

import time
from typing import Any

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal


class Throttle(QObject):
    """Passes the first value on at once, then the newest at most every ``interval_ms``.

    The timer runs only while a value waits. Qt's thread.
    """

    passed = pyqtSignal(object)

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._interval_s = interval_ms / 1000
        self._last_s = -1e9
        self._waiting: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.flush)

    def push(self, value: object) -> None:
        """Pass ``value`` on now, or when its time has come unless a newer one replaces it."""
        self._waiting = value
        left_s = self._last_s + self._interval_s - time.perf_counter()
        if left_s <= 0:
            self.flush()
        elif not self._timer.isActive():
            self._timer.start(max(1, round(left_s * 1000)))

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
