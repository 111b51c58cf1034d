"""Visits to memories in the real window, timed: for ``app/bench_window.py``.

Each order is answered with a JSON line::

    {"pictures": times}  {"ms": [...]}: from the question for the picture of a memory to the answer
    {"replays": times}   {"ms": [...]}: from opening a memory's episode to a picture of it, from a
                         little before the memory, being painted in the panel
    {"visits": times}    {"ms": [...]}: from "go there" to the first frame painted of the game that
                         goes on there
    {"scrub": seconds, "stride": steps}
                         {"pictures_per_s": ...}: different pictures painted while the slider is
                         moved by so many steps, 60 times a second, to and fro in one episode

The memories are drawn at random, ``"seed"`` of each order, from all that the agent has.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, Final

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer

from app.models.neighbours.neighbour_rows import STEPS_BEFORE
from app.window import MainWindow
from nec_engine.messages import (
    AskEntries,
    AskPictures,
    Column,
    EntriesAnswer,
    Entry,
    EntryColumns,
    EntryFilter,
    GoTo,
    LetEntriesGo,
    Moment,
    PictureAnswer,
)
from nec_engine.run.engine_api import EngineApi, News

PANEL: Final = "bench"
LOOK_MS: Final = 300  # at what came, before the next one
MOVE_MS: Final = 16  # a mouse tells of its movement about as often as a screen is painted
LEAST_STEPS: Final = 200  # of an episode that is scrubbed

Tell = Callable[[dict[str, Any]], None]


class Places(QObject):
    """Obeys one order at a time. Qt's thread."""

    def __init__(self, window: MainWindow, engine: EngineApi) -> None:
        super().__init__()
        self._window, self._engine = window, engine
        self._view = window.panels.replay
        self._columns: EntryColumns | None = None
        self._order: dict[str, Any] = {}
        self._tell: Tell = lambda _: None
        self._random = random.Random(0)
        self._entry: Entry | None = None  # that is waited for
        self._num_left = 0
        self._began_s = 0.0
        self._times_ms: list[float] = []
        self._live_episode = self._left_episode = -1
        self._scrubbing = Scrubbing(window, self)
        self._view.picture.installEventFilter(self)
        window.central.game.painted.connect(self._take_paint)

    def obey(self, order: dict[str, Any], tell: Tell) -> None:
        """Do as ``order`` says, and call ``tell`` with what came of it."""
        self._order, self._tell = order, tell
        self._random = random.Random(order["seed"])
        if self._columns is None:
            self._engine.ask(AskEntries(PANEL, EntryFilter(), Column.ACTION))
        else:
            self._begin()

    def take_news(self, news: News) -> None:
        """All that the window pulls."""
        if news.frame is not None:
            self._live_episode = news.frame.moment.episode
        for answer in news.answers:
            if isinstance(answer, EntriesAnswer) and answer.panel == PANEL:
                self._columns = answer.columns
                self._engine.ask(LetEntriesGo(PANEL))
                self._begin()
            elif isinstance(answer, PictureAnswer) and answer.panel == PANEL:
                if answer.is_exact:
                    self._arrive()
                else:
                    self._skip()

    def eventFilter(self, _watched: QObject | None, event: QEvent | None) -> bool:
        """Notices paints of the replay's picture."""
        if event is not None and event.type() == QEvent.Type.Paint:
            shown = self._view.shown
            self._scrubbing.take_paint(shown)
            if "replays" in self._order and self._entry is not None and shown is not None:
                wanted = self._entry.moment
                is_there = shown.step >= max(0, wanted.step - STEPS_BEFORE)
                if shown.episode == wanted.episode and is_there:
                    self._arrive()
        return False

    def _begin(self) -> None:
        self._times_ms = []
        if "scrub" in self._order:
            self._begin_scrubbing()
            return
        self._num_left = next(
            self._order[kind] for kind in ("pictures", "replays", "visits") if kind in self._order
        )
        self._go_on()

    def _go_on(self) -> None:
        if not self._num_left:
            self._tell({"ms": self._times_ms})
            return
        self._num_left -= 1
        if "replays" in self._order:
            self._view.set_playing(False)
            self._window.panels.bring_to_front("replay")
        QTimer.singleShot(LOOK_MS, self._start)

    def _start(self) -> None:
        entry = self._entry = self._draw()
        self._began_s = time.perf_counter()
        if "pictures" in self._order:
            self._engine.ask(AskPictures(PANEL, (entry.moment,), (entry.state_hash,)))
        elif "replays" in self._order:
            self._view.open_entry(entry)
        else:
            self._left_episode = self._live_episode
            self._view.visit_wanted.emit(GoTo(entry.moment, entry.state_hash))

    def _draw(self) -> Entry:
        assert self._columns is not None
        return self._columns.entry(self._random.randrange(len(self._columns)))

    def _arrive(self) -> None:
        self._times_ms.append(1e3 * (time.perf_counter() - self._began_s))
        self._entry = None
        self._go_on()

    def _skip(self) -> None:
        """The memory was forgotten since they were listed: another one instead."""
        self._num_left += 1
        self._go_on()

    def _take_paint(self, _number: int, _time_s: float) -> None:
        """The game's newest frame is on the screen."""
        is_waited_for = "visits" in self._order and self._entry is not None
        if is_waited_for and self._live_episode != self._left_episode:
            self._arrive()

    def _begin_scrubbing(self) -> None:
        self._window.panels.bring_to_front("replay")
        self._view.open_entry(self._draw())
        QTimer.singleShot(LOOK_MS, self._scrub)

    def _scrub(self) -> None:
        if self._view.reel.num_recorded < LEAST_STEPS:
            self._begin_scrubbing()
            return
        self._scrubbing.begin(self._order["scrub"], self._order["stride"], self._tell)


class Scrubbing(QObject):
    """Moves the replay's slider as a hand does, and counts the pictures. Qt's thread."""

    def __init__(self, window: MainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._view = window.panels.replay
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(MOVE_MS)
        self._timer.timeout.connect(self._move)
        self._stride = 1
        self._num_painted = 0
        self._last: Moment | None = None
        self._began_s = self._seconds = 0.0
        self._tell: Tell = lambda _: None

    def begin(self, seconds: float, stride: int, tell: Tell) -> None:
        """Scrub for so long, ``stride`` steps at a time; then tell."""
        self._seconds, self._stride, self._tell = seconds, stride, tell
        self._num_painted, self._last = 0, None
        self._view.set_playing(False)
        self._began_s = time.perf_counter()
        self._timer.start()

    def take_paint(self, shown: Moment | None) -> None:
        """The picture of ``shown`` is painted; None: of another step than the one looked at."""
        if self._timer.isActive() and shown is not None and shown != self._last:
            self._num_painted += 1
            self._last = shown

    def _move(self) -> None:
        took_s = time.perf_counter() - self._began_s
        if took_s >= self._seconds:
            self._timer.stop()
            self._tell({"pictures_per_s": self._num_painted / took_s})
            return
        slider = self._view.controls.slider
        if not 0 <= slider.value() + self._stride <= slider.maximum():
            self._stride = -self._stride
        slider.setValue(slider.value() + self._stride)
