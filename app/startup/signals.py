"""SIGINT and SIGTERM end the program cleanly, though Qt's loop never returns to Python."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Any

from PyQt6.QtCore import QSocketNotifier

from nec_engine.run.signals import EXIT_CODES


class QuitSignals:
    """While entered, the first signal calls ``quit`` with its exit code in Qt's loop.

    A signal's byte arrives through a socket that Qt watches, so nothing polls. Main thread only.
    """

    def __init__(self, quit: Callable[[int], None]) -> None:  # noqa: A002 - as Qt's own slot is called
        self._quit = quit
        self.exit_code = 0
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> QuitSignals:
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._notifier = QSocketNotifier(  # type: ignore[call-overload]  # an int is fine
            self._read.fileno(), QSocketNotifier.Type.Read
        )
        self._notifier.activated.connect(self._take)
        self._fd_before = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        for number in EXIT_CODES:
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._fd_before)
        self._notifier.setEnabled(False)
        self._read.close()
        self._write.close()

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.exit_code = self.exit_code or EXIT_CODES[signal.Signals(number)]

    def _take(self) -> None:
        """A byte came: by now Python has run the handler."""
        try:
            self._read.recv(64)
        except BlockingIOError:
            return
        if self.exit_code:
            self._quit(self.exit_code)
