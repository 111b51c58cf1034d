"""The real window, driven and watched by ``bench``, which starts this as a child process.

``python -m app.bench_window [--rom ROM] [--snapshot FILE] [--data DIR] ...`` opens the window as
``main.py`` does. It prints ``{"first_picture": true}`` when a game frame was painted for the first
time, then takes an order a line on standard input and answers each with a JSON line::

    {"play": seconds, "aside": seconds}
                        {"paints": [[Frame.number, time_s], ...], "progress": [...]}, of play
                        alone: the seconds before it are left aside
    {"rest": true}      {}, when the window is hidden, the game paused and training off

and those of ``app/bench_places.py``. The end of the input closes the window.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from PyQt6.QtCore import QObject, QSocketNotifier, QTimer
from PyQt6.QtWidgets import QApplication
from PyQt6.sip import voidptr

import main
from app.bench_places import Places
from app.startup.application import OpenRequest
from app.window import MainWindow
from nec_engine.config import Settings
from nec_engine.messages import (
    Command,
    GameInfo,
    Player,
    Progress,
    Question,
    SetPaused,
    SetTraining,
    StudyQuestion,
)
from nec_engine.run.arguments import parse
from nec_engine.run.checks import check_request
from nec_engine.run.engine_api import EngineApi, News
from nec_engine.run.requests import WindowRequest

SIZE: Final = (1280, 800)


class WatchedEngine:
    """An engine that tells of itself: its start, and each progress that the window pulls."""

    def __init__(self, engine: EngineApi) -> None:
        self._engine = engine
        self.observer: Observer | None = None

    @property
    def info(self) -> GameInfo:
        return self._engine.info

    @property
    def settings(self) -> Settings:
        return self._engine.settings

    def start(
        self,
        wake: Callable[[], None] | None = None,
        *,
        training: bool = True,
        speed: float = 1.0,
        player: Player = Player.AGENT,
    ) -> None:
        self.observer = Observer(self)
        self._engine.start(wake, training=training, speed=speed, player=player)

    def stop(self, timeout_s: float = 4.0) -> None:
        self._engine.stop(timeout_s)

    def send(self, command: Command) -> None:
        self._engine.send(command)

    def ask(self, question: Question | StudyQuestion) -> None:
        self._engine.ask(question)

    def rest(self) -> None:
        self._engine.rest()

    def pull(self) -> News:
        news = self._engine.pull()
        if self.observer is not None:
            self.observer.take_news(news)
        return news

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        self._engine.set_wanted(decisions=decisions, audio=audio)


class Observer(QObject):
    """Notes what is painted and how training goes, and obeys the orders. Qt's thread."""

    def __init__(self, engine: WatchedEngine) -> None:
        super().__init__()
        self._engine = engine
        self._paints: list[tuple[int, float]] = []
        self._progress: list[dict[str, Any]] = []
        self._num_painted = 0
        self._is_resting = False
        self._window = next(
            widget for widget in QApplication.topLevelWidgets() if isinstance(widget, MainWindow)
        )
        self._window.resize(*SIZE)
        self._window.central.game.painted.connect(self._take_paint)
        self._places: Places | None = None  # with its first order: it would be in the way of others
        self._orders = QSocketNotifier(voidptr(sys.stdin.fileno()), QSocketNotifier.Type.Read)
        self._orders.activated.connect(self._take_order)

    def take_news(self, news: News) -> None:
        if self._places is not None:
            self._places.take_news(news)
        if news.progress is not None:
            self._take_progress(news.progress)

    def _take_progress(self, progress: Progress) -> None:
        if self._is_resting and not progress.is_training:
            self._is_resting = False
            _answer({})
        self._progress.append(
            {
                "time_s": time.perf_counter(),
                "steps": progress.steps,
                "is_building": progress.building_action is not None,
                "num_builds": progress.num_index_builds,
            }
        )

    def _take_paint(self, number: int, time_s: float) -> None:
        if self._num_painted == 0:
            _answer({"first_picture": True})
        self._num_painted += 1
        self._paints.append((number, time_s))

    def _take_order(self) -> None:
        line = sys.stdin.readline()
        if not line:
            self._orders.setEnabled(False)
            self._window.close()
            return
        order = json.loads(line)
        if "play" in order:
            self._play(order["play"], order["aside"])
        elif "rest" in order:
            self._rest()
        else:
            self._places = self._places or Places(self._window, self._engine)
            self._places.obey(order, _answer)

    def _play(self, seconds: float, aside_s: float) -> None:
        self._window.show()
        self._engine.send(SetPaused(False))
        self._engine.send(SetTraining(True))
        QTimer.singleShot(round(aside_s * 1e3), self._forget)
        QTimer.singleShot(round((aside_s + seconds) * 1e3), self._tell)

    def _forget(self) -> None:
        self._paints.clear()
        self._progress.clear()

    def _tell(self) -> None:
        _answer({"paints": self._paints, "progress": self._progress})
        self._forget()

    def _rest(self) -> None:
        self._is_resting = True
        self._engine.send(SetPaused(True))
        self._engine.send(SetTraining(False))
        self._window.hide()


def _answer(facts: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def _open_watched(request: OpenRequest) -> EngineApi:
    return WatchedEngine(main.open_engine(request))


if __name__ == "__main__":
    wanted = parse(sys.argv[1:])
    assert isinstance(wanted, WindowRequest)
    check_request(wanted)
    sys.exit(main.open_window(wanted, _open_watched))
