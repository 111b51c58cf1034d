"""Which news reaches which view: nothing is sent to, or computed for, what nobody sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from PyQt6.QtCore import QObject

from app.session import Session
from app.sound import Sound
from app.startup.request import OpenRequest
from app.window import MainWindow
from nec_engine.messages import (
    Answer,
    BrainsEnded,
    BrainsStep,
    Curves,
    Decision,
    Frame,
    GameInfo,
    LiveStatus,
    MapAnswer,
    PictureAnswer,
    PlacesAnswer,
    Progress,
    UmapEnded,
    WhatIfAnswer,
)

COUNTS_DECISIONS: Final = "lessons"  # a panel whose numbers the engine takes from decisions
ONLY_NOTE: Final = ("what_if", "brains")  # panels that keep the decision until they are asked


class DecisionView(Protocol):
    """A panel that is about the newest decision."""

    def show_decision(self, decision: Decision | None) -> None:
        """``decision`` is about what the screen shows; None: that is not known just now."""


class Feeding(QObject):
    """Passes the session's news to the window's views, and their questions back. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session, sound: Sound) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._sound = sound
        self._decision: Decision | None = None
        self._curves: Curves | None = None
        self._action: int | None = None
        self._plays_at_1x = True
        self._wanted: tuple[bool, bool] | None = None
        self._waiting: Callable[[Decision], None] | None = None  # for the next decision
        panels = window.panels
        self._decision_views: dict[str, DecisionView] = {
            "why": panels.why, "neighbours": panels.neighbours, "saliency": panels.saliency,
            "what_if": panels.what_if, "brains": panels.brains, "map": panels.map,
        }  # fmt: skip
        self._connect_news()
        self._connect_views()

    @property
    def decision(self) -> Decision | None:
        """The newest, about what the screen shows; None where nobody looked when it was made."""
        return self._decision

    def wait_for_decision(self, do: Callable[[Decision], None]) -> bool:
        """Have one decision made that no panel is about, and ``do`` called with it.

        False where none can be had so: the training game is watched, or decisions are made anyway
        and the first one is still to come. A later wish takes the place of an earlier one.
        """
        if self._decision is not None or self._wanted is None:
            return False
        if self._wanted[0] and self._waiting is None:
            return False
        self._waiting = do
        self._say_what_is_wanted()
        return self._waiting is not None

    def _connect_news(self) -> None:
        session, window = self._session, self._window
        bridge = session.bridge
        bridge.frame_came.connect(self._show_frame)
        bridge.decision_came.connect(self._show_decision)
        bridge.progress_came.connect(self._show_progress)
        bridge.status_came.connect(self._show_status)
        bridge.curves_came.connect(self._show_curves)
        bridge.answer_came.connect(self._show_answer)
        session.controls_changed.connect(lambda _: self._say_what_is_wanted())
        session.game_opened.connect(self._open_game)
        session.noted.connect(window.notes.show)
        session.logged.connect(window.panels.log.add)
        self._sound.problem_found.connect(session.tell)
        self._sound.changed.connect(self._say_what_is_wanted)

    def _connect_views(self) -> None:
        panels = self._window.panels
        panels.visibility_changed.connect(self._see_panels)
        panels.why.action_clicked.connect(self._choose_action)
        panels.neighbours.action_chosen.connect(self._choose_action)
        panels.neighbours.pictures_wanted.connect(self._session.ask)
        panels.neighbours.visit_wanted.connect(self._session.go_to)
        panels.saliency.overlay_changed.connect(self._window.central.game.set_overlay)
        panels.saliency.needs_changed.connect(self._see_saliency)
        panels.what_if.asked.connect(self._session.ask)
        panels.brains.asked.connect(self._session.ask)
        panels.map.question_asked.connect(self._session.ask)
        panels.map.visit_wanted.connect(self._session.go_to)
        panels.map.problem_found.connect(self._session.tell_problem)

    # --- news ---

    def _open_game(self, info: GameInfo, _request: OpenRequest) -> None:
        self._curves = self._wanted = self._waiting = None
        self._window.central.game.open_game(info)
        self._window.status_bar.open_game(info)
        self._forget_decision()
        self._window.panels.why.open_game()
        self._window.panels.neighbours.open_game()
        self._window.panels.what_if.open_game()
        self._window.panels.curves.show_curves(None)
        self._window.panels.brains.open_game(info)
        self._window.panels.map.open_game(info)
        self._choose_action(None)
        self._sound.tell_if_missing()
        self._say_what_is_wanted()

    def _show_frame(self, frame: Frame) -> None:
        self._window.central.game.show_frame(frame)
        self._window.status_bar.show_frame(frame)
        if self._plays_at_1x:
            self._sound.play(frame.audio)

    def _show_status(self, status: LiveStatus) -> None:
        self._window.central.game.show_status(status)
        self._window.status_bar.show_status(status)
        plays = status.speed == 1.0 and not status.is_paused
        if plays != self._plays_at_1x:
            self._plays_at_1x = plays
            self._sound.drop_waiting()
            self._say_what_is_wanted()

    def _show_decision(self, decision: Decision) -> None:
        if self._wanted is None or not self._wanted[0]:
            return  # it was on its way; when somebody looks again it would be about the past
        self._decision = decision
        for name in self._decision_views:
            self._feed(name)
        do, self._waiting = self._waiting, None
        if do is not None:
            do(decision)
            self._say_what_is_wanted()

    def _forget_decision(self) -> None:
        """None comes any more, and the game may go on: the last one is soon about the past."""
        self._decision = None
        for view in self._decision_views.values():
            view.show_decision(None)

    def _show_progress(self, progress: Progress) -> None:
        self._window.status_bar.show_progress(progress)

    def _show_curves(self, curves: Curves) -> None:
        self._curves = curves
        self._feed("curves")

    def _show_answer(self, answer: Answer) -> None:
        panels = self._window.panels
        match answer:
            case PictureAnswer():
                panels.neighbours.show_picture(answer)
                panels.map.show_picture(answer)
            case WhatIfAnswer():
                panels.what_if.show_what_if(answer)
            case BrainsStep():
                panels.brains.show_step(answer)
            case BrainsEnded():
                panels.brains.show_end(answer)
            case MapAnswer():
                panels.map.show_map(answer)
            case PlacesAnswer():
                panels.map.show_places(answer)
            case UmapEnded():
                panels.map.show_umap(answer)

    # --- what is seen ---

    def _feed(self, name: str) -> None:
        """Give the panel the newest there is, if anybody sees it."""
        panels = self._window.panels
        if name not in ONLY_NOTE and not self._is_wanted(name):
            return
        if name == "curves":
            if self._curves is not None:
                panels.curves.show_curves(self._curves)
        elif self._decision is not None:
            self._decision_views[name].show_decision(self._decision)

    def _is_wanted(self, name: str) -> bool:
        panels = self._window.panels
        if name == "saliency" and panels.saliency.works_unseen:
            return not panels.is_closed(name) and not self._window.isMinimized()
        return panels.is_seen(name)

    def _see_saliency(self) -> None:
        self._feed("saliency")
        self._say_what_is_wanted()

    def _see_panels(self) -> None:
        for name in (*self._decision_views, "curves"):
            self._feed(name)
        self._say_what_is_wanted()

    def _say_what_is_wanted(self) -> None:
        is_live_game_shown = not self._session.controls.is_watching_training
        if not is_live_game_shown:
            self._waiting = None
        names = (*self._decision_views, COUNTS_DECISIONS)
        is_any_seen = any(self._is_wanted(name) for name in names)
        wanted = (
            is_live_game_shown and (is_any_seen or self._waiting is not None),
            self._plays_at_1x and self._sound.is_heard,
        )
        if wanted != self._wanted and self._session.info is not None:
            before, self._wanted = self._wanted, wanted
            if before is not None and wanted[0] != before[0]:
                self._session.bridge.drop_decision()
                self._forget_decision()
            self._session.set_wanted(decisions=wanted[0], audio=wanted[1])

    def _choose_action(self, action: int | None) -> None:
        self._action = action
        self._window.panels.why.set_selected(action)
        self._window.panels.neighbours.set_action(action)
        self._window.panels.map.set_action(action)
