"""Engines are opened and stopped beside the window's thread, which never waits for them."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

from PyQt6.QtCore import QObject, pyqtSignal

from app.startup.request import OpenEngine, OpenRequest
from nec_engine.errors import NecError
from nec_engine.messages import Event
from nec_engine.run.engine_api import EngineApi

STOP_S: Final = 4.0


class Loader(QObject):
    """Opens one engine at a time; the newest request wins, the others' engines are stopped."""

    opened = pyqtSignal(object, object)  # OpenRequest, EngineApi
    failed = pyqtSignal(object, object)  # OpenRequest, NecError or any other exception
    stopped = pyqtSignal()  # an engine, wanted or not; take_last_events() has what it told
    _finished = pyqtSignal()

    def __init__(self, open_engine: OpenEngine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open_engine = open_engine
        self._openings: list[threading.Thread] = []
        self._stops: list[threading.Thread] = []
        self._last_events: deque[Event] = deque()
        self._request: OpenRequest | None = None
        self._lock = threading.Lock()  # guards _result and every request's ``cancelled``
        self._result: _Result | None = None
        self._finished.connect(self._finish)  # queued: it is emitted in another thread

    @property
    def request(self) -> OpenRequest | None:
        """What is being opened; None when nothing is."""
        return self._request

    def open(self, request: OpenRequest) -> None:
        """Open in a thread of its own; ``opened`` or ``failed`` follows unless cancelled."""
        self.cancel()
        self._request = request
        self._start(self._openings, f"open {request.words}", self._open, request)

    def cancel(self) -> None:
        """Do without what is being opened; its engine is stopped as soon as it is there."""
        if self._request is None:
            return
        with self._lock:
            self._request.cancelled.set()
            result, self._result = self._result, None
        self._request = None
        if result is not None and result.engine is not None:
            self.stop_engine(result.engine)

    def stop_engine(self, engine: EngineApi) -> None:
        """Stop ``engine`` in a thread of its own: whole files, every thread joined."""
        self._start(self._stops, "stop engine", self._stop, engine)

    def take_last_events(self) -> list[Event]:
        """What stopped engines told after nobody listened to them any more, in order, once."""
        return [self._last_events.popleft() for _ in range(len(self._last_events))]

    def close(self, opening_s: float, stopping_s: float) -> bool:
        """True when every thread has ended in time; nothing is passed on any more.

        Engines that are being opened hold nothing that could be lost; those that are being
        stopped may be saving what a person changed.
        """
        self.cancel()
        start_s = time.monotonic()
        for threads, timeout_s in ((self._openings, opening_s), (self._stops, stopping_s)):
            for thread in threads:
                thread.join(max(0.0, start_s + timeout_s - time.monotonic()))
        return not any(thread.is_alive() for thread in (*self._openings, *self._stops))

    def _start(self, threads: list[threading.Thread], name: str, work: Any, argument: Any) -> None:
        threads[:] = [thread for thread in threads if thread.is_alive()]
        # A daemon, so that a disk that hangs cannot keep the closed program alive.
        thread = threading.Thread(target=work, args=(argument,), name=name, daemon=True)
        threads.append(thread)
        thread.start()

    def _open(self, request: OpenRequest) -> None:
        engine: EngineApi | None = None
        problem: Exception | None = None
        try:
            engine = self._open_engine(request)
        except Exception as error:  # noqa: BLE001  # a fault of ours is shown as one, later
            problem = error
        with self._lock:
            is_wanted = not request.cancelled.is_set()
            if is_wanted:
                self._result = _Result(request, engine, problem)
        if is_wanted:
            self._finished.emit()
        elif engine is not None:
            engine.stop(STOP_S)
            self.stopped.emit()

    def _stop(self, engine: EngineApi) -> None:
        engine.stop(STOP_S)
        self._last_events.extend(engine.pull().events)
        self.stopped.emit()

    def _finish(self) -> None:
        with self._lock:
            result, self._result = self._result, None
        if result is None:  # cancelled on the way here
            return
        self._request = None
        if result.engine is not None:
            self.opened.emit(result.request, result.engine)
        else:
            self.failed.emit(result.request, result.problem)


@dataclass(frozen=True, slots=True)
class _Result:
    request: OpenRequest
    engine: EngineApi | None
    problem: Exception | None


def words_of(problem: Exception) -> str:
    """One sentence about a failed opening."""
    if isinstance(problem, NecError):
        return f"{problem.what}: {problem.why}; {problem.remedy}"
    return f"a fault of the program: {type(problem).__name__}: {problem}"
