"""The selected memory, one in every view, and the memory browser's questions and answers."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject

from app.actions import ENTRY_ACTIONS
from app.session import Session
from app.startup.request import OpenRequest
from app.window import MainWindow
from nec_engine.messages import (
    Answer,
    EntriesAnswer,
    Entry,
    EntryAnswer,
    EpisodeEnded,
    EpisodesAnswer,
    Event,
    Frame,
    GameInfo,
    GoTo,
    MemoryEdited,
    Moment,
    PictureAnswer,
    ScoreAnswer,
)


class Browsing(QObject):
    """Connects the selection to the views that show it and to its actions. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._now: Moment | None = None  # what the screen shows
        selection, actions = window.selection, window.actions_by_name
        memory, neighbours = window.panels.memory, window.panels.neighbours
        memory.set_actions(
            [actions["like_now"], actions["edit_listed"]],
            [actions[name] for name in ENTRY_ACTIONS],
        )
        for view in (neighbours.entry_clicked, memory.entry_chosen, window.panels.map.entry_picked):
            view.connect(selection.select)
        episodes = window.panels.episodes
        for wanted in (
            episodes.episodes_wanted,
            episodes.scores_wanted,
            memory.entries_wanted, memory.details.facts_wanted, memory.details.pictures_wanted,
        ):  # fmt: skip
            wanted.connect(session.ask)
        memory.visit_wanted.connect(self._visit)
        episodes.episode_chosen.connect(self._list_episode)
        selection.changed.connect(self._show_selected)
        session.bridge.frame_came.connect(self._note_frame)
        session.bridge.event_came.connect(self._note_event)
        session.bridge.answer_came.connect(self._show_answer)
        session.game_opened.connect(self._open_game)
        session.state_changed.connect(lambda _: self._enable_actions())
        self._on("visit_selected", self._visit)
        self._on("like_selected", self._list_like_selected)
        actions["like_now"].triggered.connect(lambda: self._list_like_now())
        self._enable_actions()

    # --- news ---

    def _open_game(self, info: GameInfo, _request: OpenRequest) -> None:
        self._now = None
        self._window.selection.select(None)
        self._window.panels.memory.open_game(info)
        self._window.panels.episodes.open_game(info)

    def _note_frame(self, frame: Frame) -> None:
        self._now = frame.moment
        self._window.panels.episodes.note_frame(frame)

    def _note_event(self, event: Event) -> None:
        if isinstance(event, EpisodeEnded):
            self._window.panels.episodes.note_ended(event)
        elif isinstance(event, MemoryEdited) and not event.is_problem:
            self._window.panels.memory.read_anew()
            self._window.panels.episodes.request_refresh()

    def _show_answer(self, answer: Answer) -> None:
        memory, episodes = self._window.panels.memory, self._window.panels.episodes
        if isinstance(answer, EntriesAnswer):
            memory.show_entries(answer)
        elif isinstance(answer, EntryAnswer):
            memory.details.show_facts(answer)
            self._follow(answer)
        elif isinstance(answer, PictureAnswer):
            memory.details.show_picture(answer)
        elif isinstance(answer, EpisodesAnswer):
            episodes.show_episodes(answer)
        elif isinstance(answer, ScoreAnswer):
            episodes.show_score(answer)

    def _follow(self, answer: EntryAnswer) -> None:
        """Name the selected memory by its newest moment: games of older ones are forgotten."""
        facts = answer.facts
        if facts is not None and answer.entry == self._window.selection.entry:
            self._window.selection.select(facts.entry)

    def _show_selected(self, entry: Entry | None) -> None:
        panels = self._window.panels
        for view in (
            panels.neighbours, panels.memory, panels.episodes, panels.map, panels.timeline,
        ):  # fmt: skip
            view.set_selected(entry)
        self._enable_actions()

    # --- doing ---

    def _visit(self, entry: Entry) -> None:
        self._session.go_to(GoTo(entry.moment, entry.state_hash))

    def _list_like_selected(self, entry: Entry) -> None:
        self._window.panels.bring_forward("memory")
        self._window.panels.memory.show_like_entry(entry)

    def _list_episode(self, episode: int) -> None:
        self._window.panels.bring_forward("memory")
        self._window.panels.memory.show_episode(episode)

    def _list_like_now(self) -> None:
        if self._now is not None:
            self._window.panels.bring_forward("memory")
            self._window.panels.memory.show_like_moment(self._now)

    # --- inside ---

    def _on(self, name: str, do: Callable[[Entry], None]) -> None:
        """Let an action do something with the selected memory."""

        def do_with_selected() -> None:
            if (entry := self._window.selection.entry) is not None:
                do(entry)

        self._window.actions_by_name[name].triggered.connect(lambda: do_with_selected())

    def _enable_actions(self) -> None:
        has_entry = self._window.selection.entry is not None and self._session.info is not None
        for name in ENTRY_ACTIONS:
            self._window.actions_by_name.allow(name, has_entry)
