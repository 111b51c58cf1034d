"""A graph made of what a memory holds already, beside everything else."""

from __future__ import annotations

import contextlib
import os
import threading
import time

import numpy as np

from nec_engine.memory.index.hnsw import HnswGraph
from nec_engine.memory.index.slot_queue import SlotQueue
from nec_engine.memory.rows import Rows
from nec_engine.messages import F32, I64

NO_ROOM = (MemoryError, RuntimeError)  # what hnswlib raises where it gets no more memory
PUTS_AT_ONCE = 64  # some 5 ms


class HnswFill:
    """Puts all entries of one action into a new graph, on a thread of its own.

    It takes at most half of a core, at the least priority and without the interpreter's lock; all
    of one when somebody waits for it. What changes meanwhile is told to ``changed``. The thread
    that made it calls all methods.
    """

    def __init__(
        self, rows: Rows, action: int, graph: HnswGraph, *, is_waited_for: bool = False
    ) -> None:
        """Begin at once."""
        self.action, self.graph = action, graph
        self._is_waited_for = is_waited_for
        self.changed = SlotQueue(rows.capacity)
        self.problem = ""  # why it cannot be done, in words
        self._rows, self._size = rows, int(rows.sizes[action])
        self._is_done, self._is_closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="hnsw fill", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """But for the last changes: see :meth:`finish`."""
        return self._is_done.is_set()

    def wait(self) -> None:
        """Until it is done, or cannot be."""
        self._thread.join()

    def finish(self) -> HnswGraph | None:
        """The graph as the memory is now; None where it cannot be made. Once it is done."""
        self._thread.join()
        try:
            while len(self.changed) and not self.problem:
                self._put(self.changed.take(PUTS_AT_ONCE))
        except NO_ROOM as error:
            self.problem = str(error)
        return None if self.problem else self.graph

    def close(self) -> None:
        """Give up. Idempotent."""
        self._is_closing.set()
        self._thread.join()

    def _run(self) -> None:
        if hasattr(os, "setpriority") and not self._is_waited_for:
            with contextlib.suppress(OSError):  # on Linux, of this thread alone
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
        try:
            self._fill()
        except NO_ROOM as error:
            self.problem = str(error)
        self._is_done.set()

    def _fill(self) -> None:
        for start in range(0, self._size, PUTS_AT_ONCE):
            self._put_and_rest(np.arange(start, min(self._size, start + PUTS_AT_ONCE)))
            if self._is_closing.is_set():
                return
        num_left = self._size  # or a memory that changes all the time would keep it for ever
        while len(self.changed) > PUTS_AT_ONCE and num_left > 0 and not self._is_closing.is_set():
            self._put_and_rest(self.changed.take(PUTS_AT_ONCE))
            num_left -= PUTS_AT_ONCE
        # The whole graph gives back nearly all that a part of it did not.
        aside = self.graph.aside.copy()
        for start in range(0, len(aside), PUTS_AT_ONCE):
            if not self._is_closing.is_set():
                self._put_and_rest(aside[start : start + PUTS_AT_ONCE])

    def _put_and_rest(self, slots: I64) -> None:
        start_s = time.thread_time()
        self._put(slots)
        if not self._is_waited_for:
            self._is_closing.wait(time.thread_time() - start_s)

    def _put(self, slots: I64) -> None:
        is_there = slots < self._rows.sizes[self.action]  # what goes after this is told again
        self.graph.put(slots[is_there], keys_of(self._rows, self.action, slots[is_there]))
        self.graph.remove(slots[~is_there])


def keys_of(rows: Rows, action: int, slots: I64) -> F32:
    """The keys float32[N, D] of these slots int64[N] as they are now. Any thread."""
    found = rows.gather(action * rows.capacity + slots, with_records=False, locked=True)
    keys: F32 = found.keys.cpu().numpy()
    return keys
