"""What crosses threads: a newest-value mailbox, an inbox that loses nothing, and the wake-up."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Newest(Generic[Item]):
    """Holds one value: putting never waits, taking gives the newest once (any threads)."""

    def __init__(self) -> None:
        self._slot: deque[Item] = deque(maxlen=1)  # append and popleft are atomic

    def put(self, value: Item) -> None:
        self._slot.append(value)

    def take(self) -> Item | None:
        """The newest value put since the last take, or None."""
        try:
            return self._slot.popleft()
        except IndexError:
            return None


class Inbox(Generic[Item]):
    """Items in order, none lost; one reader, any writers."""

    def __init__(self) -> None:
        self._items: deque[Item] = deque()
        self._condition = threading.Condition()

    def put(self, item: Item) -> None:
        with self._condition:
            self._items.append(item)
            self._condition.notify()

    def take_all(self) -> list[Item]:
        """Everything that waits, oldest first; never waits itself."""
        if not self._items:  # the common case, without the lock
            return []
        with self._condition:
            items = list(self._items)
            self._items.clear()
            return items

    def wait(self, timeout_s: float | None) -> bool:
        """Wait until something is there; False after ``timeout_s``."""
        with self._condition:
            return self._condition.wait_for(lambda: bool(self._items), timeout_s)

    def __len__(self) -> int:
        return len(self._items)


class WakeUp:
    """Calls the window's plain callable, at most once until the next pull (any threads)."""

    def __init__(self) -> None:
        self._wake: Callable[[], None] | None = None
        self._is_pending = False
        self._lock = threading.Lock()

    def connect(self, wake: Callable[[], None] | None) -> None:
        self._wake = wake

    def ring(self) -> None:
        """Something new is there."""
        with self._lock:
            if self._is_pending or self._wake is None:
                return
            self._is_pending = True
            wake = self._wake
        wake()

    def answered(self) -> None:
        """The window pulls now; what comes later rings again."""
        with self._lock:
            self._is_pending = False
