"""Standard output and standard error, which may be closed, full, or read by nobody any more.

Results go to standard output: they arrive, or the command says that they did not. Notes and
progress go to standard error, and no work is given up because nobody takes them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final, TextIO

from nec_engine.errors import DataError

ELSEWHERE: Final = "send it to a file or to another program"


def open_missing_streams() -> None:
    """Lead the standard streams that were closed as the program began nowhere. Before all else.

    A file that is opened later would get their number, and with it whatever libraries print.
    ``sys.stdout`` stays None, so that results which nobody can get are refused.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)  # as the others are
    os.close(descriptor)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123  # open as long as the program is


def refuse_closed_output() -> None:
    """Raise :class:`DataError` when there is no standard output to write results to."""
    if sys.stdout is None:
        raise DataError("cannot write to standard output", "it is closed", ELSEWHERE)


def print_result(text: str, end: str = "\n") -> None:
    """Write ``text`` to standard output, at once.

    A reader that is gone has seen enough: what is printed from then on is dropped, and the command
    goes on to its own end. Raises :class:`DataError` when it cannot be written for other reasons.
    """
    refuse_closed_output()
    try:
        try:
            sys.stdout.write(text + end)
        except UnicodeEncodeError:  # a path need not be a text
            sys.stdout.buffer.write(os.fsencode(text + end))
        sys.stdout.flush()
    except BrokenPipeError:
        _forget(sys.stdout)
    except OSError as error:
        _forget(sys.stdout)
        why = error.strerror or str(error)
        raise DataError("cannot write to standard output", why.lower(), ELSEWHERE) from error


def print_last_result(text: str, exit_code: int) -> int:
    """Write the last line of a command that is done and ends with ``exit_code``; that code.

    After a signal (130, 143) the code stands even where the line cannot be written: that is noted.
    Raises :class:`DataError` as :func:`print_result` otherwise.
    """
    try:
        print_result(text)
    except DataError as error:
        if exit_code == 0:
            raise
        print_note(f"note: {error}")
    return exit_code


def print_note(text: str) -> None:
    """Write a line to standard error, if it takes one."""
    Notes().write(f"{text}\n")


class Notes:
    """Standard error as a file to write to, which loses what nobody takes and never complains."""

    @property
    def encoding(self) -> str:
        return sys.stderr.encoding

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.flush()

    def isatty(self) -> bool:
        return sys.stderr.isatty()

    def fileno(self) -> int:
        return sys.stderr.fileno()


def settle_streams() -> None:
    """Write out what is held still, and forget what cannot be written.

    The end of Python would try once more, complain, and change the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except OSError:
                _forget(stream)


def _forget(stream: TextIO) -> None:
    """From now on the stream leads nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
