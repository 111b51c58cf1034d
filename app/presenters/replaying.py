"""Replay of a memory: the ways into the panel, its questions, and what comes back."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from app.models.neighbours.neighbour_rows import entry_of
from app.presenters.feeding import Feeding
from app.presenters.videos import Videos
from app.session import Session
from app.window import MainWindow
from nec_engine.messages import (
    Answer,
    Decision,
    Entry,
    Event,
    GameInfo,
    GoTo,
    HindsightAnswer,
    MemoryEdited,
    PictureAnswer,
    ReplayPart,
)


class Replaying(QObject):
    """Connects the replay panel to the session, the selection and the videos. Qt's thread."""

    def __init__(
        self, window: MainWindow, session: Session, videos: Videos, feeding: Feeding
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._feeding = feeding
        panels, actions = window.panels, window.actions_by_name
        self._view = view = panels.replay
        view.replay_wanted.connect(session.ask)
        view.hindsight_wanted.connect(session.ask)
        view.pictures_wanted.connect(session.ask)
        view.visit_wanted.connect(session.go_to)
        view.entry_clicked.connect(window.selection.select)
        view.video_wanted.connect(videos.save_range)
        view.controls.add_overlay_switch(actions["record_overlay"])
        window.selection.changed.connect(view.set_selected)
        panels.neighbours.replay_wanted.connect(self.replay)
        panels.visibility_changed.connect(view.request_refresh)
        actions["visit"].triggered.connect(lambda: self._with_nearest(self._visit, "go to"))
        actions["replay_nearest"].triggered.connect(
            lambda: self._with_nearest(self.replay, "replay")
        )
        actions["replay_selected"].triggered.connect(lambda: self._replay_selected())
        session.bridge.answer_came.connect(self._show_answer)
        session.bridge.event_came.connect(self._take_event)
        session.game_opened.connect(self._open_game)

    def replay(self, entry: Entry) -> None:
        """Show the panel in front, and in it the episode of ``entry`` from a little before."""
        self._window.selection.select(entry)
        self._window.panels.bring_to_front("replay")
        self._view.open_entry(entry)

    def _visit(self, entry: Entry) -> None:
        self._session.go_to(GoTo(entry.moment, entry.state_hash))

    def _with_nearest(self, do: Callable[[Entry], None], what_for: str) -> None:
        """The first memory on the cards; where nobody sees them, the selected one, if any is.

        Else that of the newest decision, which may be seen in another panel; where no panel is
        about decisions, one is waited for.
        """
        entry = (
            self._window.panels.neighbours.nearest_entry
            or self._window.selection.entry
            or nearest_of(self._feeding.decision)
        )
        if entry is not None:
            do(entry)
        elif self._session.info is not None and not self._session.info.has_memory:
            self._session.tell_briefly(f"This agent keeps no memories: there is none to {what_for}")
        elif not self._feeding.wait_for_decision(lambda _: self._with_nearest(do, what_for)):
            self._session.tell_briefly(
                f"There is no memory to {what_for} yet: select one, or wait until the agent of the"
                " live game has decided with one"
            )

    def _replay_selected(self) -> None:
        entry = self._window.selection.entry
        if entry is not None:
            self.replay(entry)

    def _show_answer(self, answer: Answer) -> None:
        if isinstance(answer, ReplayPart):
            self._view.show_part(answer)
        elif isinstance(answer, HindsightAnswer):
            self._view.show_hindsight(answer)
        elif isinstance(answer, PictureAnswer):
            self._view.show_picture(answer)

    def _take_event(self, event: Event) -> None:
        if isinstance(event, MemoryEdited) and not event.is_problem:
            self._view.think_again()

    def _open_game(self, info: GameInfo) -> None:
        self._view.open_game(info.action_names, has_memory=info.has_memory)


def nearest_of(decision: Decision | None) -> Entry | None:
    """The nearest memory of the best action; None where there is none."""
    if decision is None:
        return None
    evidence = decision.evidence[decision.best_action]
    return entry_of(evidence, 0) if len(evidence.slots) else None
