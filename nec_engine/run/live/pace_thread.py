"""The pace thread: frames are made ahead of time, and handed out here when they are due."""

from __future__ import annotations

import threading
import time
from collections import deque

from nec_engine.messages import Decision, Frame, ThreadFailed
from nec_engine.run.outbox import Outbox

MOST_WAITING = 8  # beyond, the oldest are dropped: a late picture is worth less than the newest
CLAIM_S = 0.006  # before a frame is due: the one before has been pulled by then
LONGEST_SLEEP_S = 0.02


class PaceThread:
    """Holds finished frames until they are due, so that a slow decision makes no picture late."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._waiting: deque[tuple[Frame, Decision | None]] = deque(maxlen=MOST_WAITING)
        self._is_holding = False  # a frame that waits no more and is not shown yet
        self._condition = threading.Condition()
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="pace")

    def start(self) -> None:
        self._thread.start()

    def put(self, frame: Frame, decision: Decision | None) -> None:
        """Hand ``frame`` out at its ``due_s``, and ``decision`` just before it. Any thread."""
        with self._condition:
            self._waiting.append((frame, decision))
            self._condition.notify()

    @property
    def is_idle(self) -> bool:
        """All frames are shown. Any thread."""
        with self._condition:
            return not self._waiting and not self._is_holding

    def drop(self) -> None:
        """Forget what waits: other pictures come now. Any thread."""
        with self._condition:
            self._waiting.clear()

    def stop(self) -> None:
        """End within the next frame; what waits is not shown any more. Idempotent."""
        with self._condition:
            self._is_stopping.set()
            self._condition.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._is_stopping.is_set():
                self._turn()
        except Exception as error:  # noqa: BLE001 - told to the window, which can still save
            self._outbox.post_event(ThreadFailed.by("pace", error))

    def _turn(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._waiting or self._is_stopping.is_set())
            if self._is_stopping.is_set():
                return
            frame, decision = self._waiting.popleft()
            self._is_holding = True
        self._wait_until(frame.due_s - CLAIM_S)
        self._outbox.right_of_way.claim(frame.due_s)
        self._wait_until(frame.due_s)
        if self._is_stopping.is_set():
            return
        if decision is not None:
            self._outbox.post_decision(decision)
        self._outbox.post_frame(frame)
        self._is_holding = False

    def _wait_until(self, time_s: float) -> None:
        while not self._is_stopping.is_set():
            left_s = time_s - time.perf_counter()
            if left_s <= 0:
                return
            time.sleep(min(left_s, LONGEST_SLEEP_S))
