"""A fault of ours in the window: told, never silent, and the program goes on.

Without a hook of ours an exception in a slot ends the program (PyQt calls ``qFatal``).
"""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from types import TracebackType


class Faults:
    """While entered, uncaught exceptions are printed to standard error and told to ``tell``.

    ``tell`` gets one sentence; it is called in the thread of the fault.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._is_telling = False
        self._hooks = (sys.excepthook, threading.excepthook)

    def __enter__(self) -> Faults:
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._take
        threading.excepthook = lambda args: self._take(
            args.exc_type, args.exc_value, args.exc_traceback
        )
        return self

    def __exit__(self, *_: object) -> None:
        sys.excepthook, threading.excepthook = self._hooks

    def _take(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        traceback.print_exception(kind, error, trace)
        if self._is_telling:  # telling failed too: it is on standard error, which must do
            return
        self._is_telling = True
        try:
            self._tell(f"A fault of the program: {kind.__name__}: {error}. The rest goes on.")
        finally:
            self._is_telling = False
