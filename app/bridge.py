"""The engine's news as Qt signals: woken by the engine's threads, never polling."""

from __future__ import annotations

from PyQt6.QtCore import QAbstractEventDispatcher, QObject, Qt, pyqtSignal

from app.throttle import Throttle
from nec_engine.run.engine_api import EngineApi

# More cannot be read. At speed 1x an agent decides every 67 ms: each decision passes.
DECISION_INTERVAL_MS = 45
PROGRESS_INTERVAL_MS = 200
CURVES_INTERVAL_MS = 500
TIMELINE_INTERVAL_MS = 100


class Bridge(QObject):
    """Pulls the attached engine's news when woken and passes it on, in Qt's thread.

    Frames, status, events and answers are passed on at once; decisions, progress, curves and the
    timeline at the rate a person can follow, the last one always, and when the newest frame is
    painted: there is time for panels then until the next.
    """

    frame_came = pyqtSignal(object)
    decision_came = pyqtSignal(object)
    progress_came = pyqtSignal(object)
    status_came = pyqtSignal(object)
    curves_came = pyqtSignal(object)
    timeline_came = pyqtSignal(object)
    event_came = pyqtSignal(object)
    answer_came = pyqtSignal(object)
    work_came = pyqtSignal(object)  # seconds by the name a panel asks in
    _woken = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine: EngineApi | None = None
        self._is_wake_due = False
        self._decisions = Throttle(DECISION_INTERVAL_MS, self)
        self._progress = Throttle(PROGRESS_INTERVAL_MS, self)
        self._curves = Throttle(CURVES_INTERVAL_MS, self)
        self._timelines = Throttle(TIMELINE_INTERVAL_MS, self)
        self._throttles = (self._decisions, self._progress, self._curves, self._timelines)
        self._decisions.passed.connect(self.decision_came)
        self._progress.passed.connect(self.progress_came)
        self._curves.passed.connect(self.curves_came)
        self._timelines.passed.connect(self.timeline_came)
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.connect(self._rest)
        queued = Qt.ConnectionType.QueuedConnection  # from Qt's own thread too
        self._woken.connect(self.pull, queued)  # type: ignore[call-arg]  # PyQt's stub is short

    def attach(self, engine: EngineApi) -> None:
        """From now on pass on what ``engine`` has to tell; what the last one told is forgotten."""
        self.detach()
        self._engine = engine

    def detach(self) -> None:
        """Pass nothing on any more."""
        self._engine = None
        for throttle in self._throttles:
            throttle.clear()

    def drop_decision(self) -> None:
        """Pass a decision that waits for a good moment not on: it is not wanted any more."""
        self._decisions.clear()

    def pass_decision(self) -> None:
        """Pass a decision that waits for a good moment on now: somebody asks about it."""
        self._decisions.flush()

    def wake(self) -> None:
        """Say that there is news. Any thread; returns at once."""
        if not self._is_wake_due:
            self._is_wake_due = True
            self._woken.emit()

    def _rest(self) -> None:
        """Nothing is left to do: other threads need not make way any more. Qt's thread."""
        if self._engine is not None:
            self._engine.rest()
        for throttle in self._throttles:
            throttle.offer_time()

    def pull(self) -> None:
        """Pass on what is new. Qt's thread."""
        self._is_wake_due = False
        if self._engine is None:
            return
        news = self._engine.pull()
        if news.frame is not None:
            self.frame_came.emit(news.frame)
        if news.decision is not None:
            self._decisions.push(news.decision)
        if news.status is not None:  # after the decision: it may say that no other one follows
            self.status_came.emit(news.status)
        if news.progress is not None:
            self._progress.push(news.progress)
        if news.curves is not None:
            self._curves.push(news.curves)
        if news.timeline is not None:
            self._timelines.push(news.timeline)
        for event in news.events:
            self.event_came.emit(event)
        for answer in news.answers:
            self.answer_came.emit(answer)
        if news.work_s:
            self.work_came.emit(news.work_s)
