"""What a new game is offered: the brain that comes with the program, what to expect, less to wait.

A snapshot, and a game that the person sent the bar away from, are offered nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QObject

from app.models.start.agents import CHEAP, has_cheap_mode
from app.models.training.expectation import expectation
from app.session import Session
from app.startup.request import OpenRequest
from app.views.game.offer_bar import Choosable, Offer
from app.window import MainWindow
from nec_engine.messages import GameInfo, Progress
from nec_engine.run.shipped import Brain, shipped_brains

OPEN_BRAIN: Final = "brain"
OPEN_CHEAP: Final = "cheap"
NEW_WORDS_EVERY_S: Final = 10.0  # the rate moves; the sentence need not


class Offers(QObject):
    """Fills the bar above the game, and does what is chosen there. Qt's thread."""

    def __init__(
        self, window: MainWindow, session: Session, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(window)
        self._bar = window.central.offers
        self._session = session
        self._clock = clock
        self._request: OpenRequest | None = None  # of a new game; None: nothing is offered
        self._brain: Brain | None = None
        self._dismissed: set[str] = set()  # games
        self._words = ""
        self._words_at_s = float("-inf")
        session.game_opened.connect(self._take_game)
        session.bridge.progress_came.connect(self._take_progress)
        self._bar.chosen.connect(self._choose)
        self._bar.dismissed.connect(self._dismiss)

    def _take_game(self, info: GameInfo, request: OpenRequest) -> None:
        is_offered = request.snapshot is None and info.name not in self._dismissed
        self._request = request if is_offered else None
        self._words, self._words_at_s = "", float("-inf")
        brains = shipped_brains() if is_offered else ()
        self._brain = next((brain for brain in brains if brain.game == info.name), None)
        self._show()

    def _take_progress(self, progress: Progress) -> None:
        info = self._session.info
        if self._request is None or info is None:
            return
        words = expectation(info.name, info.title, self._request.settings, progress)
        is_new = bool(words) != bool(self._words)
        if is_new or self._clock() - self._words_at_s >= NEW_WORDS_EVERY_S:
            self._words, self._words_at_s = words, self._clock()
            self._show()

    def _show(self) -> None:
        if self._request is None or not (self._words or self._brain):
            self._bar.show_offer(None)
            return
        choices = []
        text = self._words
        if self._brain is not None:
            tip = f"Opens {self._brain.path.name}, trained for {self._brain.frames:,} frames"
            choices.append(Choosable(OPEN_BRAIN, "Open the trained brain", tip))
            text = text or f"A trained brain of {self._brain.title} comes with the program."
        if self._words and has_cheap_mode():
            tip = "Begins this game anew with an agent that needs no network (MFEC)"
            choices.append(Choosable(OPEN_CHEAP, "Begin anew in the cheap mode", tip))
        self._bar.show_offer(Offer(text, tuple(choices)))

    def _choose(self, name: str) -> None:
        if name == OPEN_BRAIN and self._brain is not None:
            self._session.open_brain(self._brain.path)
        elif name == OPEN_CHEAP and self._request is not None:
            self._session.open(rom=self._request.rom, agent=CHEAP)

    def _dismiss(self) -> None:
        if self._session.info is not None:
            self._dismissed.add(self._session.info.name)
        self._request = None
        self._show()
