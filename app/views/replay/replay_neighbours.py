"""The memories behind a step of a replay, as cards with pictures."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.neighbours.neighbour_rows import (
    STEPS_BEFORE,
    entry_of,
    picture_wanted,
    place_of,
    why_no_cards,
)
from app.views.neighbours.card_list import CardList
from app.views.neighbours.picture_fetcher import PictureFetcher
from app.views.widgets.panel import Clock
from nec_engine.messages import ActionEvidence, Decision, Entry, PictureAnswer

PANEL: Final = "replay pictures"


class ReplayNeighbours(QWidget):
    """Cards of what the agent of now finds for the action that was played, or another.

    Pictures are asked for at a bounded rate while the replay runs, all at once when it stands.
    """

    pictures_wanted = pyqtSignal(object)  # AskPictures
    visit_wanted = pyqtSignal(object)  # GoTo
    entry_clicked = pyqtSignal(object)  # Entry
    replay_wanted = pyqtSignal(object)  # Entry: another one

    def __init__(self, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._decision: Decision | None = None
        self._action: int | None = None  # None: the one that was played
        self._pictures = PictureFetcher(PANEL, clock, self.isVisible, self)
        self._pictures.is_still = True
        self._pictures.asked.connect(self.pictures_wanted)
        self.cards = CardList(self._pictures.store)
        self._pictures.came.connect(self.cards.show_pictures)
        self.cards.setMinimumSize(180, 60)
        self.cards.scrolled.connect(self._ask)
        self.cards.entry_clicked.connect(self.entry_clicked)
        self.cards.replay_wanted.connect(
            lambda evidence, i: self.replay_wanted.emit(entry_of(evidence, i))
        )
        self.cards.visit_wanted.connect(lambda evidence, i: self._visit(evidence, i, 0))
        self.cards.before_wanted.connect(lambda evidence, i: self._visit(evidence, i, STEPS_BEFORE))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.cards)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self.cards.set_theme(theme)

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the selected entry where it is among the neighbours."""
        self.cards.set_selected(entry)

    def set_action(self, action: int | None) -> None:
        """Whose neighbours to show; None: those of the action that was played."""
        self._action = action
        self._show()

    def show_decision(self, decision: Decision | None, *, is_still: bool) -> None:
        """Show the neighbours of ``decision``; ``is_still``: nothing follows it soon."""
        self._pictures.is_still = is_still
        if decision is not self._decision:
            self._decision = decision
            self._show()
        else:
            self._ask()

    def show_picture(self, answer: PictureAnswer) -> None:
        """Keep a picture and put it on its card."""
        self._pictures.take(answer)

    def clear(self) -> None:
        """Forget all, as when another game is opened."""
        self._action = None
        self._pictures.clear()
        self.cards.card.clear_pictures()
        self.show_decision(None, is_still=True)

    def _show(self) -> None:
        decision = self._decision
        self.cards.show_neighbours(decision, self._shown_action, self._empty_texts())
        self._ask()

    def _empty_texts(self) -> tuple[str, str]:
        if self._decision is None:
            return "", "The memories that speak here appear when the replay stands at a step."
        return why_no_cards(self._decision, self._shown_action)

    @property
    def _shown_action(self) -> int:
        if self._decision is None:
            return 0
        num_actions = len(self._decision.evidence)
        is_chosen = self._action is not None and self._action < num_actions
        return self._action if is_chosen else self._decision.action  # type: ignore[return-value]  # mypy does not see through is_chosen

    def _ask(self) -> None:
        decision, seen = self._decision, self.cards.seen_cards()
        if decision is None:
            self._pictures.want(())
        else:
            evidence = decision.evidence[self._shown_action]
            self._pictures.want([picture_wanted(evidence, i) for i in seen])

    def _visit(self, evidence: ActionEvidence, index: int, steps_before: int) -> None:
        self.visit_wanted.emit(place_of(evidence, index, steps_before))
