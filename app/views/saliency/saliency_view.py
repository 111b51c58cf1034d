"""Where the screens pull on what the agent makes of them: maps, and two ways to test them."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.saliency.saliency_requests import SaliencyRequests
from app.models.saliency.saliency_words import SELECT_FIRST, status_text
from app.views.game.screens_view import ScreensView
from app.views.saliency.blurred_view import BlurredView
from app.views.saliency.saliency_controls import BEST, LIKENESS, PLAYED, SaliencyControls
from app.views.saliency.sanity_view import SanityView
from app.views.widgets.fitted_label import ElidedLabel, SentenceLabel
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    AskBlurred,
    AskSanityCheck,
    BlurredAnswer,
    Box,
    Decision,
    Entry,
    GameInfo,
    SaliencyAnswer,
    SanityAnswer,
)

PANEL: Final = "saliency"  # a check asks in this name too: another map ends it
BLUR_PANEL: Final = "saliency blur"
REFRESH_MS: Final = 60
AGE_MS: Final = 200
LEAST_PAGE: Final = 76  # pixels high


class SaliencyView(Panel):
    """Asks for maps as fast as they come, shows them, and hands them to the game's picture.

    Maps are wanted while they can be seen here, or while the heat over the game is on; none while
    the map is being tested. The one who feeds it hears by ``needs_changed`` to go on, or to stop,
    while nobody sees it.
    """

    saliency_wanted = pyqtSignal(object)  # AskSaliency | AskBlurred | AskSanityCheck
    overlay_changed = pyqtSignal(object, float)  # heat float32[84, 84] or None, opacity 0 .. 1
    needs_changed = pyqtSignal()  # :attr:`works_unseen` is another
    blurring_changed = pyqtSignal(bool)  # boxes are wanted, from the game's picture too
    checking_changed = pyqtSignal(bool)
    box_changed = pyqtSignal(object)  # Box that was asked about, or None

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Saliency", REFRESH_MS, parent, clock)
        self._decision: Decision | None = None
        self._entry: Entry | None = None  # the selected one
        self._answer: SaliencyAnswer | None = None
        self._requests = SaliencyRequests(PANEL)
        self._explained: Decision | None = None  # the decision of the shown map
        self._blurred: Decision | None = None  # that was asked about with a region blurred
        self._tested: AskSanityCheck | None = None
        self._lit: tuple[SaliencyAnswer | None, float] = (None, 0.0)  # what the screens show
        self.controls = SaliencyControls()
        self.screens, self.blurred, self.sanity = ScreensView(), BlurredView(), SanityView()
        self.pages = QStackedWidget()
        self.status, self.method = ElidedLabel(), SentenceLabel(2)
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.timeout.connect(self._ask)
        self._age_timer = QTimer(self)
        self._age_timer.setInterval(AGE_MS)
        self._age_timer.timeout.connect(self._show_status)
        self._lay_out()
        self._connect()
        self.set_theme(self.theme)
        self._show_status()

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for page in (self.screens, self.blurred, self.sanity):
            page.set_theme(theme)

    def open_game(self, info: GameInfo) -> None:
        """Offer what this agent truly has; what was asked of another is of the past."""
        self.leave_modes()
        self.controls.set_methods(info.saliency_methods)

    def show_decision(self, decision: Decision | None) -> None:
        """Explain ``decision`` next; None: nothing, until there is another."""
        self._decision = decision
        if decision is None:
            self.set_blurring(False)
            self._requests.clear()
            self._answer = self._explained = None
            self._emit_overlay()
        else:
            self._requests.note_decision(decision, self.clock())
        self._ask()
        self.request_refresh()

    def show_saliency(self, answer: SaliencyAnswer) -> None:
        """Show a map, and ask for the next one."""
        about = self._requests.take(answer) if answer.panel == PANEL else None
        if about is None:
            return
        self._answer, self._explained = answer, about
        if not answer.problem:
            self.controls.note_time(answer.method, answer.took_s)
        self._emit_overlay()
        self._ask()
        self.request_refresh()

    def show_blurred(self, answer: BlurredAnswer) -> None:
        """What came of a blurred region, if it is the one that was asked about last."""
        asked = self._blurred
        if asked is not None and asked.number == answer.decision_number and self.is_blurring:
            self.blurred.show_answer(answer)

    def show_sanity(self, answer: SanityAnswer) -> None:
        """One more map of a network that forgets."""
        tested = self._tested
        if tested is not None and self.is_checking:
            asked = (tested.decision.number, tested.method)
            if asked == (answer.decision_number, answer.method):
                self.sanity.add(answer)

    def set_selected(self, entry: Entry | None) -> None:
        """The memory whose likeness can be explained."""
        self._entry = entry
        if self.controls.target_box.currentIndex() == LIKENESS:
            self._change_wish()

    # --- what a person does ---

    @property
    def is_blurring(self) -> bool:
        """Boxes are wanted."""
        return self.controls.blur_button.isChecked()

    @property
    def works_unseen(self) -> bool:
        """The newest decision is needed also behind another tab: heat and boxes are on the game."""
        return self.controls.overlay_box.isChecked() or self.is_blurring

    @property
    def is_checking(self) -> bool:
        """The map is being tested, or its test is shown."""
        return self.controls.check_button.isChecked()

    def set_overlay(self, is_on: bool) -> None:
        """Heat over the game, or none."""
        self.controls.overlay_box.setChecked(is_on)

    def set_blurring(self, is_on: bool) -> None:
        self.controls.blur_button.setChecked(is_on)

    def set_checking(self, is_on: bool) -> None:
        self.controls.check_button.setChecked(is_on)

    def leave_modes(self) -> bool:
        """Show maps again; False when that is what is shown."""
        was_in_one = self.is_blurring or self.is_checking
        self.set_blurring(False)
        self.set_checking(False)
        return was_in_one

    def ask_blurred(self, box: Box) -> None:
        """Ask about the newest decision with this region blurred."""
        decision = self._decision
        if decision is None or not self.is_blurring:
            return
        self._blurred = decision
        self.blurred.show_waiting(box)
        self.box_changed.emit(box)
        self.saliency_wanted.emit(AskBlurred(BLUR_PANEL, decision, box))

    def next_saliency(self) -> None:
        """Heat over the game: off, then of the played action, then of the best, then off."""
        overlay, target = self.controls.overlay_box, self.controls.target_box
        if not overlay.isChecked():
            target.setCurrentIndex(PLAYED)
            overlay.setChecked(True)
        elif target.currentIndex() == PLAYED:
            target.setCurrentIndex(BEST)
        else:
            overlay.setChecked(False)

    # --- what it does with it ---

    def refresh(self) -> None:
        decision, answer, explained = self._decision, self._answer, self._explained
        opacity = self.controls.opacity
        if decision is not None:
            self.controls.set_actions(decision.action_names, has_memory=decision.has_memory)
        self.screens.show_screens(decision.observation if decision else None)
        if self.is_blurring and self._blurred is None:
            self.blurred.show_decision(decision)
        if answer is None or explained is None:
            self._lit = (None, 0.0)
            self.screens.show_heat(None, None, 0.0)
        elif self._lit[0] is not answer or self._lit[1] != opacity:
            self._lit = (answer, opacity)
            self.screens.show_heat(explained.observation, answer.attribution, opacity)
        self._show_status()
        if answer is not None:
            self._age_timer.start()
        else:
            self._age_timer.stop()

    def _ask(self) -> None:
        decision, now_s = self._decision, self.clock()
        is_seen = self.is_watched() and not self.is_blurring
        is_wanted = is_seen or self.controls.overlay_box.isChecked()
        if decision is None or not is_wanted or self.is_checking:
            return
        target = self.controls.target(decision, self._entry)
        if target is None:
            return
        question = self._requests.ask(decision, target, self.controls.method, now_s)
        if question is not None:
            self.saliency_wanted.emit(question)
        elif self._requests.wait_s(now_s) > 0 and not self._ask_timer.isActive():
            self._ask_timer.start(round(self._requests.wait_s(now_s) * 1000) + 1)

    def _change_wish(self) -> None:
        """Another map is wanted: at once, whatever is being worked on."""
        self.set_checking(False)
        self._requests.hurry()
        self._ask()
        self.request_refresh()

    def _change_blurring(self, is_on: bool) -> None:
        if is_on:
            self.set_checking(False)
        self.needs_changed.emit()
        self._blurred = None
        self.blurred.clear()
        self.blurred.picker.set_active(is_on)
        self._show_page()
        if is_on and self.is_watched():
            self.blurred.picker.setFocus()
        self.box_changed.emit(None)
        self.blurring_changed.emit(is_on)
        self._ask()
        self.request_refresh()

    def _change_checking(self, is_on: bool) -> None:
        decision = self._decision
        target = None if decision is None else self.controls.target(decision, self._entry)
        if is_on and (decision is None or target is None):
            self.set_checking(False)
            return
        if is_on:
            assert decision is not None
            assert target is not None
            self.set_blurring(False)
            self.sanity.clear()
            self._tested = AskSanityCheck(PANEL, decision, target, self.controls.method)
            self.saliency_wanted.emit(self._tested)
        self._requests.hurry()
        self._show_page()
        self._ask()
        self.checking_changed.emit(is_on)

    def _show_page(self) -> None:
        page: QWidget = self.screens
        if self.is_blurring or self.is_checking:
            page = self.blurred if self.is_blurring else self.sanity
        self.pages.setCurrentWidget(page)
        for label in (self.status, self.method):
            label.setVisible(page is self.screens)  # the others need the room

    def _show_status(self) -> None:
        decision, answer = self._decision, self._answer
        if self._age_timer.isActive() and not self.is_watched():
            self._age_timer.stop()
            self.request_refresh()  # goes on when it is seen again
        if decision is None:
            self.status.show_text("No decision yet.")
        elif self.controls.target(decision, self._entry) is None:
            self.status.show_text(SELECT_FIRST)
        elif answer is None or answer.method is not self.controls.method:
            self.status.show_text(f"A map by {self.controls.method.value} is on its way.")
        else:
            age_s = self._requests.age_s(answer, self.clock())
            self.status.show_text(status_text(decision, answer, age_s))
        method = answer.method_words if answer else "a map is a hint, not a proof"
        self.method.show_text(f"Exploratory: {method}")

    def _emit_overlay(self) -> None:
        is_on = self.controls.overlay_box.isChecked()
        answer = self._answer
        heat = answer.heat if answer is not None and is_on and not answer.problem else None
        self.overlay_changed.emit(heat, self.controls.opacity)

    def _change_overlay(self) -> None:
        self.needs_changed.emit()  # where nobody saw the panel, the newest decision comes now
        if not self.is_watched() and self._explained is not self._decision:
            self._answer = self._explained = None  # the map of a moment that is past
        self._emit_overlay()
        self._ask()

    def _change_opacity(self) -> None:
        self._emit_overlay()
        self.request_refresh()

    # --- its parts ---

    def _connect(self) -> None:
        controls = self.controls
        controls.wish_changed.connect(self._change_wish)
        controls.overlay_toggled.connect(self._change_overlay)
        controls.opacity_changed.connect(self._change_opacity)
        controls.blur_toggled.connect(self._change_blurring)
        controls.check_toggled.connect(self._change_checking)
        self.blurred.picked.connect(self.ask_blurred)

    def _lay_out(self) -> None:
        self.screens.setToolTip(
            "The four screens the agent sees; below them, what pulls on what the map explains:"
            " bright pixels pull most.\nA map is a hint, not a proof; blur what it shows and ask."
        )
        for page in (self.screens, self.blurred, self.sanity):
            self.pages.addWidget(page)
        self.pages.setMinimumHeight(LEAST_PAGE)  # or the fullest page would take it from the others
        muted(self.status)
        muted(self.method)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addWidget(self.status)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.method)
