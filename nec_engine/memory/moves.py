"""Entries that change rows while others read."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")


class Moves:
    """Lets a reader find out that entries changed rows under it, and read again.

    A write leaves every other entry where it is. Taking entries out does not: the last ones move
    into the holes. A lookup that had its candidates before and their keys after would find some of
    them twice, or one that is gone. Readers pay for that with two comparisons.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._num_begun = self._num_ended = 0

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Entries change rows in here; some milliseconds at most. The trainer's thread."""
        with self._lock:
            self._num_begun += 1
            try:
                yield
            finally:
                self._num_ended += 1

    def unmoved(self, read: Callable[[], _T]) -> _T:
        """What ``read`` gives when no entry moves meanwhile; it may be called twice. Any thread
        but the trainer's."""
        num_ended = self._num_ended
        result = read()
        if self._num_begun == num_ended:
            return result
        with self._lock:
            return read()
