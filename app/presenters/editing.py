"""Edits of the memory: what is asked for, and what can be undone."""

from __future__ import annotations

from functools import partial

from PyQt6.QtCore import QObject

from app.actions import ENTRY_ACTIONS
from app.models.neighbours.neighbour_rows import entry_of
from app.session import Session
from app.views.memory.edit_popup import EditPopup, Scope
from app.window import MainWindow
from nec_engine.messages import (
    Answer,
    Decision,
    DeleteEntries,
    Entries,
    Entry,
    EntryAnswer,
    EntrySet,
    Event,
    JudgeAgain,
    ListedEntries,
    MemoryEdited,
    OfEpisode,
    PinEntries,
    RedoEdit,
    SameOrigin,
    SetValues,
    UndoEdit,
)


class Editing(QObject):
    """Sends edits of the selected memory, or of many, to the engine. Qt's thread."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._popup: EditPopup | None = None
        self._asked: Entry | None = None  # whose value the popup is to have when it is told
        actions = window.actions_by_name
        for name, do in (
            ("change_value", self._edit_selected),
            ("pin_selected", self._pin),
            ("delete_selected", self._delete),
            ("delete_episode", self._delete_episode),
            ("delete_origin", self._delete_origin),
            ("edit_listed", self._edit_listed),
            ("undo_edit", partial(session.send, UndoEdit())),
            ("redo_edit", partial(session.send, RedoEdit())),
        ):
            actions[name].triggered.connect(lambda _, done=do: done())
        others = [actions[name] for name in ENTRY_ACTIONS[1:]]
        window.panels.neighbours.cards.set_entry_actions(others)
        window.panels.map.edit_wanted.connect(self.edit)
        session.bridge.event_came.connect(self._take_event)
        session.bridge.answer_came.connect(self._take_answer)
        session.game_opened.connect(lambda *_: self._forget())
        session.state_changed.connect(lambda _: self._show_steps())
        self._steps = MemoryEdited("", "", "", 0, 0)
        self._show_steps()

    # --- for other views ---

    def delete(self, entries: Entries) -> None:
        """Take them out."""
        self._session.send(DeleteEntries(entries))

    def edit(self, entries: Entries, words: str) -> None:
        """Open the editor for these, called ``words``: "the 12 shown"."""
        self._open([Scope(words, entries)], None)

    # --- the selected memory ---

    @property
    def _entry(self) -> Entry | None:
        return self._window.selection.entry

    def _edit_selected(self) -> None:
        if (entry := self._entry) is not None:
            scopes = [
                Scope("the selected memory", EntrySet.of([entry])),
                Scope("all of its episode", OfEpisode(entry.moment.episode)),
                Scope("all of its origin", SameOrigin(entry)),
            ]
            self._open(scopes, self._value_of(entry))
            self._asked = entry

    def _value_of(self, entry: Entry) -> float | None:
        """As it was last told, in full or on a card; where neither is at hand it is asked for."""
        details = self._window.panels.memory.details
        if details.facts is not None and details.facts.entry.is_same(entry):
            return details.facts.value
        decision = self._window.panels.neighbours.shown_decision
        value = _value_in(decision, entry) if decision else None
        if value is None:
            details.ask()
        return value

    def _take_answer(self, answer: Answer) -> None:
        if self._popup is None or self._asked is None or not isinstance(answer, EntryAnswer):
            return
        if answer.facts is not None and answer.facts.entry.is_same(self._asked):
            self._popup.suggest(answer.facts.value)

    def _edit_listed(self) -> None:
        listed = self._window.panels.memory.shown
        if listed is None or not len(listed.order):
            self._window.panels.bring_forward("memory")
            self._session.tell("List the memories to edit in the table first")
            return
        words = f"all {len(listed.order):,} that are listed"
        self.edit(ListedEntries(listed.columns, listed.order), words)

    def _pin(self) -> None:
        if (entry := self._entry) is not None:
            self._session.send(PinEntries(EntrySet.of([entry])))

    def _delete(self) -> None:
        if (entry := self._entry) is not None:
            self.delete(EntrySet.of([entry]))
            self._window.selection.select(None)

    def _delete_episode(self) -> None:
        if (entry := self._entry) is not None:
            self.delete(OfEpisode(entry.moment.episode))
            self._window.selection.select(None)

    def _delete_origin(self) -> None:
        if (entry := self._entry) is not None:
            self.delete(SameOrigin(entry))
            self._window.selection.select(None)

    # --- the editor ---

    def _open(self, scopes: list[Scope], value: float | None) -> None:
        self._asked = None
        if self._popup is not None:
            self._popup.close()
        popup = EditPopup(scopes, value, self._window.theme, self._window)
        popup.value_chosen.connect(
            lambda entries, value: self._session.send(SetValues(entries, value))
        )
        popup.pin_chosen.connect(
            lambda entries, pinned: self._session.send(PinEntries(entries, pinned))
        )
        popup.delete_chosen.connect(self.delete)
        popup.destroyed.connect(partial(self._forget_popup, id(popup)))
        self._popup = popup
        popup.show_over(self._window)

    def _forget_popup(self, which: int) -> None:
        if self._popup is not None and id(self._popup) == which:
            self._popup = None

    # --- what was done ---

    def _take_event(self, event: Event) -> None:
        if isinstance(event, MemoryEdited):
            self._steps = event
            self._show_steps()
            self._session.send(JudgeAgain())

    def _forget(self) -> None:
        self._steps = MemoryEdited("", "", "", 0, 0)
        if self._popup is not None:
            self._popup.close()
        self._show_steps()

    def _show_steps(self) -> None:
        """Undo and redo say what they would do."""
        steps, actions = self._steps, self._window.actions_by_name
        has_game = self._session.info is not None
        for name, word, words, num in (
            ("undo_edit", "Undo", steps.undo_text, steps.num_undo),
            ("redo_edit", "Redo", steps.redo_text, steps.num_redo),
        ):
            actions[name].setText(f"{word} {words or 'the edit'}")
            actions.allow(name, has_game and num > 0)


def _value_in(decision: Decision, entry: Entry) -> float | None:
    """The entry's value where it is among the neighbours."""
    if entry.action < len(decision.evidence):
        evidence = decision.evidence[entry.action]
        for index, value in enumerate(evidence.values.tolist()):
            if entry.is_same(entry_of(evidence, index)):
                return float(value)
    return None
