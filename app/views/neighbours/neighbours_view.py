"""The memories behind one action: cards with pictures, the difference to now, and a freeze."""

from __future__ import annotations

from functools import partial
from typing import Final

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from app.models.neighbours.neighbour_rows import (
    STEPS_BEFORE,
    entry_of,
    picture_wanted,
    place_of,
    shown_action,
    whose_text,
    why_no_cards,
)
from app.models.wording import action_text
from app.views.neighbours.card_list import CardList
from app.views.neighbours.card_pictures import CardMode
from app.views.neighbours.picture_fetcher import PictureFetcher
from app.views.widgets.fitted_label import ElidedLabel
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import ActionEvidence, Decision, Entry, PictureAnswer

PANEL: Final = "neighbours"
REFRESH_MS: Final = 60
FLICKER_MS: Final = 400  # below three flashes a second
_MODE_TIPS: Final = {
    CardMode.PICTURE: "Picture: what the screen looked like then, in full colour,\n"
    "rebuilt from the recorded game.",
    CardMode.DIFFERENCE: "Difference: light where the memory's screen was brighter than now,\n"
    "dark where it was darker, dim grey where both are alike.",
    CardMode.FLICKER: "Flicker: then and now in turn, so that what differs jumps.",
}


class NeighboursView(Panel):
    """Cards of the neighbours of the best action, or of the chosen one."""

    pictures_wanted = pyqtSignal(object)  # AskPictures
    visit_wanted = pyqtSignal(object)  # GoTo: a card was double-clicked
    entry_clicked = pyqtSignal(object)  # Entry
    replay_wanted = pyqtSignal(object)  # Entry
    action_chosen = pyqtSignal(object)  # int, or None for the best: picked in this panel
    frozen_changed = pyqtSignal(bool)  # by this panel's button

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Neighbours", REFRESH_MS, parent, clock)
        self._newest: Decision | None = None
        self._shown: Decision | None = None
        self._action: int | None = None
        self._is_paused = self._is_frozen = False
        self._pictures = PictureFetcher(PANEL, self.clock, self._may_ask, self)
        self._pictures.asked.connect(self.pictures_wanted)
        self._pictures.came.connect(self._show_pictures)
        self._flicker_timer = QTimer(self)
        self._flicker_timer.setInterval(FLICKER_MS)
        self._flicker_timer.timeout.connect(self._flicker)
        self.cards = CardList(self._pictures.store)
        self.cards.scrolled.connect(self._ask_for_pictures)
        self.cards.visit_wanted.connect(partial(self._visit, steps_before=0))
        self.cards.before_wanted.connect(partial(self._visit, steps_before=STEPS_BEFORE))
        self.cards.entry_clicked.connect(self.entry_clicked)
        self.cards.replay_wanted.connect(self._replay)
        self.action_box = QComboBox()
        self.freeze_button = QToolButton()
        self.mode_buttons: dict[CardMode, QToolButton] = {}
        self._whose = ElidedLabel()
        muted(self._whose)
        self._lay_out()
        self.setFocusProxy(self.cards)
        self.set_theme(self.theme)
        self.show_decision(None)

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.cards.set_theme(theme)

    def open_game(self) -> None:
        """Forget the memories of the game before."""
        self._pictures.clear()
        self.cards.card.clear_pictures()
        self._shown = self._newest = None
        self.request_refresh()

    def show_decision(self, decision: Decision | None) -> None:
        """Show the neighbours of ``decision``, unless frozen; None: of none, for the present."""
        if decision is None and not self._is_frozen:
            self._shown = None
        self._newest = decision
        self.request_refresh()

    def set_action(self, action: int | None) -> None:
        """Show the neighbours of ``action``; None: always those of the best one."""
        self._action = action
        self.request_refresh()

    def show_picture(self, answer: PictureAnswer) -> None:
        """Keep a picture and put it on its card."""
        self._pictures.take(answer)

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the selected entry where it is among the neighbours."""
        self.cards.set_selected(entry)

    def set_frozen(self, is_frozen: bool) -> None:
        """Keep what is shown, or follow the game again."""
        self._is_frozen = is_frozen
        self.freeze_button.setChecked(is_frozen)
        self.request_refresh()

    def set_paused(self, is_paused: bool) -> None:
        """The game stands still, so all pictures can be asked for at once."""
        self._is_paused = is_paused
        self._ask_for_pictures()

    # --- what it does with it ---

    @property
    def shown_decision(self) -> Decision | None:
        """Whose neighbours are on the cards: the newest, or the one that was frozen."""
        return self._shown

    def refresh(self) -> None:
        if not (self._is_frozen and self._shown is not None):
            self._shown = self._newest
        decision = self._shown
        self._fill_action_box(decision)
        self._whose.show_text(whose_text(decision, self._action) if decision else "")
        self.cards.show_neighbours(
            decision,
            shown_action(decision, self._action) if decision else 0,
            why_no_cards(decision, self._action),
        )
        if self.cards.mode is CardMode.FLICKER and not self._flicker_timer.isActive():
            self._flicker_timer.start()
        self._ask_for_pictures()

    def _ask_for_pictures(self) -> None:
        """Of the cards that are seen first; where nothing follows soon, of the others too."""
        decision = self._shown
        if decision is None or not self._may_ask():
            self._pictures.want(())
            return
        evidence = decision.evidence[shown_action(decision, self._action)]
        self._pictures.is_still = self._is_paused or self._is_frozen
        cards = list(self.cards.seen_cards())
        if self._pictures.is_still:
            cards += [i for i in range(self.cards.num_cards) if i not in cards]
        self._pictures.want([picture_wanted(evidence, i) for i in cards])

    def _may_ask(self) -> bool:
        """Whether anybody sees the cards; else all goes on when they are seen again."""
        if not self.is_watched():
            self.request_refresh()
        return self.is_watched()

    def _show_pictures(self) -> None:
        if self.is_watched():
            self.cards.show_pictures()

    @property
    def nearest_entry(self) -> Entry | None:
        """The first memory on the cards, if anybody sees them."""
        if self._shown is None or not self.cards.num_cards or not self.is_watched():
            return None
        return entry_of(self._shown.evidence[shown_action(self._shown, self._action)], 0)

    def _replay(self, evidence: ActionEvidence, index: int) -> None:
        self.replay_wanted.emit(entry_of(evidence, index))

    def _visit(self, evidence: ActionEvidence, index: int, steps_before: int = 0) -> None:
        self.visit_wanted.emit(place_of(evidence, index, steps_before))

    def _set_mode(self, mode: CardMode) -> None:
        self.cards.set_mode(mode)
        if mode is not CardMode.FLICKER:
            self._flicker_timer.stop()
        self.request_refresh()

    def _flicker(self) -> None:
        if self.is_watched():
            self.cards.set_now_phase(not self.cards.is_now_phase)
        else:
            self._flicker_timer.stop()
            self.request_refresh()  # goes on when it is seen again

    def _freeze(self, is_frozen: bool) -> None:
        self.set_frozen(is_frozen)
        self.frozen_changed.emit(is_frozen)

    def _pick_action(self, index: int) -> None:
        action = None if index <= 0 else index - 1
        self.set_action(action)
        self.action_chosen.emit(action)

    # --- controls ---

    def _fill_action_box(self, decision: Decision | None) -> None:
        names = decision.action_names if decision else ()
        texts = ["Best action", *(action_text(name) for name in names)]
        if texts != [self.action_box.itemText(i) for i in range(self.action_box.count())]:
            self.action_box.clear()
            self.action_box.addItems(texts)
        self.action_box.setCurrentIndex(0 if self._action is None else self._action + 1)

    def _lay_out(self) -> None:
        self.action_box.setAccessibleName("Neighbours of which action")
        self.action_box.setToolTip(
            "Whose memories to show: those of the best action, or always those of one.\n"
            "A click on a bar in Why this action chooses, too."
        )
        self.action_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.action_box.activated.connect(self._pick_action)
        self.freeze_button.setText("Freeze")
        self.freeze_button.setCheckable(True)
        self.freeze_button.setAccessibleName("Freeze the neighbours")
        self.freeze_button.setToolTip("Keep these cards while the game goes on (N)")
        self.freeze_button.toggled.connect(self._show_freeze)
        self.freeze_button.clicked.connect(self._freeze)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.action_box, 1)
        top.addWidget(self.freeze_button)
        modes = QHBoxLayout()
        modes.setSpacing(4)
        group = QButtonGroup(self)
        for mode in CardMode:
            button = QToolButton()
            button.setText(mode.value)
            button.setCheckable(True)
            button.setChecked(mode is CardMode.PICTURE)
            button.setToolTip(_MODE_TIPS[mode])
            button.setAccessibleName(f"{mode.value} on the cards")
            button.clicked.connect(lambda _, mode=mode: self._set_mode(mode))
            group.addButton(button)
            modes.addWidget(button)
            self.mode_buttons[mode] = button
        modes.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addLayout(modes)
        layout.addWidget(self._whose)
        layout.addWidget(self.cards, 1)

    def _show_freeze(self, is_frozen: bool) -> None:
        self.freeze_button.setText("Frozen" if is_frozen else "Freeze")
