"""SIGINT, SIGTERM, SIGHUP: the end at once, an exception, or word for a command that saves first.

SIGHUP comes when a terminal is closed or a connection lost; ``nohup`` has it ignored, and so it is
then.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType, TracebackType
from typing import Final, Self

EXIT_CODES: Final = {signal.SIGINT: 130, signal.SIGTERM: 143} | (
    {}
    if not hasattr(signal, "SIGHUP") or signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    else {signal.SIGHUP: 129}
)


def exit_on_signals() -> None:
    """From now on these signals end the process at once with their exit code. Main thread.

    For the time before a command has begun anything that would have to be tidied up. No exception:
    during imports Python now and then swallows one that a signal raises. SIGINT is taken even
    where the shell left it ignored, as it does for jobs in the background.
    """
    for number in EXIT_CODES:
        signal.signal(number, _exit)


@contextmanager
def unwinding_on_signals() -> Iterator[None]:
    """While entered, a signal raises ``SystemExit`` with its exit code. Main thread only."""
    previous = {number: signal.signal(number, _raise) for number in EXIT_CODES}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _exit(number: int, _frame: FrameType | None) -> None:
    os._exit(EXIT_CODES[signal.Signals(number)])


def _raise(number: int, _frame: FrameType | None) -> None:
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
