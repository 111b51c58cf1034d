"""A lock for what many may read at once, or one may change."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class ReadWriteLock:
    """Any number of readers, or one writer. A writer that waits goes before new readers."""

    def __init__(self) -> None:
        self._condition = threading.Condition(threading.Lock())
        self._num_readers = 0
        self._is_writer_here = False  # waiting or writing

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Nothing is changed meanwhile."""
        with self._condition:
            while self._is_writer_here:
                self._condition.wait()
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
                self._condition.notify_all()
