"""A lock for what many may read at once, or one may change."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    """Any number of readers, or one writer, by turns where both want in.

    A writer that waits goes before new readers; those that wait for it go before its next hold.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.Lock())
        self._num_readers = 0  # reading, or let in and about to
        self._num_waiting = 0  # readers that the writer's leaving lets in
        self._num_holds = 0  # that the writer has ended
        self._is_writer_here = False  # waiting or writing

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nothing is changed meanwhile."""
        with self._condition:
            if self._is_writer_here:
                num_holds = self._num_holds
                self._num_waiting += 1
                while self._num_holds == num_holds:
                    self._condition.wait()
            else:
                self._num_readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._num_readers -= 1
                if self._num_readers == 0:
                    self._condition.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Nobody reads meanwhile. Only one thread may write."""
        with self._condition:
            assert not self._is_writer_here, "only one thread may write"
            self._is_writer_here = True
            while self._num_readers:
                self._condition.wait()
        try:
            yield
        finally:
            with self._condition:
                self._is_writer_here = False
                self._num_holds += 1
                # Counted for them: the writer may be back before they have woken up.
                self._num_readers += self._num_waiting
                self._num_waiting = 0
                self._condition.notify_all()
