"""Threads that help the one that looks something up: searches release the interpreter's lock."""

from __future__ import annotations

import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence

from nec_engine.config import AUTO, Settings
from nec_engine.messages import I64

Search = Callable[[], I64]
LEAST_ENTRIES = 10_000  # of an action: with fewer, a search is over before a helper has woken up
LEAST_PATIENCE_S = 0.001


def search_threads(settings: Settings) -> int:
    """How many threads search at once, the asking one included."""
    if settings.deterministic:
        return 1
    if settings.search_threads != AUTO:
        return settings.search_threads
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


class SearchPool:
    """Does the searches of one lookup on several threads at once.

    The helpers are started when they are first needed, and sleep in between. With helpers, only
    one thread may ask; without, any may.
    """

    def __init__(self, num_threads: int) -> None:
        """``num_threads``: the asking one included."""
        self._num_helpers = max(0, num_threads - 1)
        self._helpers: list[threading.Thread] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()

    def run(self, searches: Sequence[Search], between: Callable[[], None]) -> list[I64]:
        """What the searches find, in order; ``between`` is called here after each done here.

        A search may be made twice, and must not mind. What one raises is raised here.
        """
        job = _Job(searches)
        for _ in range(min(self._num_helpers, len(searches) - 1)):
            self._start_helpers()
            self._jobs.put(job)
        return job.finish(between)

    def close(self) -> None:
        """End the helpers. Idempotent."""
        for _ in self._helpers:
            self._jobs.put(None)
        for helper in self._helpers:
            helper.join()
        self._helpers.clear()

    def _start_helpers(self) -> None:
        while len(self._helpers) < self._num_helpers:
            helper = threading.Thread(target=self._help, name="search helper", daemon=True)
            helper.start()
            self._helpers.append(helper)

    def _help(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.help()


ALONE = SearchPool(1)  # any thread may ask it at any time


class _Job:
    """Searches that several threads take one by one."""

    def __init__(self, searches: Sequence[Search]) -> None:
        self._searches = searches
        self._found: list[I64 | None] = [None] * len(searches)
        self._take = itertools.count().__next__  # one step, in which no other thread comes in
        self._ends: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()  # of helpers

    def help(self) -> None:
        """Search until all is taken; a helper."""
        while (number := self._take()) < len(self._searches):
            try:
                self._found[number] = self._searches[number]()
            except BaseException as error:  # noqa: BLE001 - raised by the thread that asked
                self._ends.put(error)
            else:
                self._ends.put(None)

    def finish(self, between: Callable[[], None]) -> list[I64]:
        """Search until all is taken, then wait for what helpers have taken, but not for long.

        A helper that gets no core, because another program has it, does not hold this thread up:
        what it does not bring is searched here as well.
        """
        num_here, start_s = 0, time.perf_counter()
        while (number := self._take()) < len(self._searches):
            self._found[number] = self._searches[number]()
            num_here += 1
            between()
        patience_s = max(LEAST_PATIENCE_S, time.perf_counter() - start_s)
        try:
            for _ in range(len(self._searches) - num_here):
                error = self._ends.get(timeout=patience_s)
                if error is not None:
                    raise error
        except queue.Empty:
            pass
        return [
            search() if found is None else found
            for search, found in zip(self._searches, self._found, strict=True)
        ]
