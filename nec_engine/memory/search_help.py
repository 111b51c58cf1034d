"""Searches of one thread that another one takes a part of, as far as it has time to spare."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Final

from nec_engine.messages import I64

Search = Callable[[], I64]

MUCH: Final = 0.04  # of the time between two updates: who waits so long can do more
LITTLE: Final = 0.01  # who hardly waits does too much


class SearchHelp:
    """Two threads and their work: one learns and wants searches made, the other one helps.

    The learner's work is a chain (forward, search, backward, step), which the helper waits for at
    its end. So the helper makes some of the searches, one now and then between its own pieces of
    work; how many in an update is found by how long it then waits. A search that is begun is
    finished without a lock, so that neither can wait for the other in a circle.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        """``clock`` tells seconds."""
        self._open: deque[tuple[Search, Future[I64]]] = deque()
        self._most = self._left = 0  # searches that the helper may make: in an update, still in it
        self._clock, self._settled_s = clock, clock()

    @property
    def most(self) -> int:
        """Searches that the helper makes between two updates, at most."""
        return self._most

    def run(self, searches: Sequence[Search]) -> list[I64]:
        """What each search gives, whoever makes it. The learner's thread."""
        found: list[Future[I64]] = [Future() for _ in searches]
        self._open.extend(zip(searches, found, strict=True))
        while self._open:
            self._make(self._open.pop)
        return [result.result() for result in found]

    def help(self) -> None:
        """Make one of the searches that are wanted now, if any is. The helper's thread."""
        if self._left > 0 and self._open and self._make(self._open.popleft):
            self._left -= 1

    def settle(self, waited_s: float) -> None:
        """An update is done, for which the helper waited so long: it helps more, or less, from
        now on. The helper's thread."""
        now_s = self._clock()
        waited = waited_s / max(now_s - self._settled_s, 1e-9)
        self._settled_s = now_s
        if waited > MUCH and self._left == 0:
            self._most += 1
        elif waited < LITTLE and self._most > 0:
            self._most -= 1
        self._left = self._most

    def _make(self, take: Callable[[], tuple[Search, Future[I64]]]) -> bool:
        """Whether there was a search left to make."""
        try:
            search, found = take()
        except IndexError:  # the other one was quicker
            return False
        try:
            found.set_result(search())
        except BaseException as error:  # noqa: BLE001 - raised by run(), in the learner's thread
            found.set_exception(error)
        return True
