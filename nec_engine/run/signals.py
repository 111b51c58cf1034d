"""SIGINT and SIGTERM: first an exception, then, for commands that save before they go, a flag."""

from __future__ import annotations

import signal
from types import FrameType, TracebackType
from typing import Final, Self

EXIT_CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143}


def exit_on_signals() -> None:
    """From now on SIGINT and SIGTERM raise ``SystemExit`` with their exit code. Main thread only.

    SIGINT is taken even where the shell left it ignored, as it does for jobs in the background.
    """
    for number in EXIT_CODES:
        signal.signal(number, _exit)


def _exit(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(EXIT_CODES[signal.Signals(number)])


class StopSignals:
    """While entered, a signal only leaves word here: the command ends at its next safe place.

    Main thread only. The command polls :attr:`is_requested`, saves, and returns
    :attr:`exit_code`; further signals change nothing, so that impatience cannot cut a save short.
    """

    def __init__(self) -> None:
        self.exit_code = 0
        self._previous: dict[signal.Signals, signal._HANDLER] = {}

    @property
    def is_requested(self) -> bool:
        return self.exit_code != 0

    def __enter__(self) -> Self:
        for number in EXIT_CODES:
            self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for number, handler in self._previous.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.exit_code = self.exit_code or EXIT_CODES[signal.Signals(number)]
