"""Where the screen pulls on a Q: the heat over the agent's screens, and over the game."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.models.saliency_requests import SaliencyRequests
from app.models.wording import action_text, seconds_ago_text, value_text
from app.theme import Theme
from app.views.fitted_label import ElidedLabel
from app.views.panel import Clock, Panel, muted
from app.views.screens_view import ScreensView
from nec_engine.messages import Decision, SaliencyAnswer

PANEL: Final = "saliency"
REFRESH_MS: Final = 60
AGE_MS: Final = 200
STANDS_STILL_S: Final = 0.5  # no new decision for so long: the newest is what is on the screen
PLAYED, BEST = 0, 1  # places in the target box; actions follow
NUM_FIXED_TARGETS: Final = 2


class SaliencyView(Panel):
    """Asks for maps as fast as they come, shows them, and hands them to the game's picture.

    Maps are wanted while the panel is watched, or while the heat over the game is on.
    """

    saliency_wanted = pyqtSignal(object)  # AskSaliency
    overlay_changed = pyqtSignal(object, float)  # heat float32[84, 84] or None, opacity 0 .. 1

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Saliency", REFRESH_MS, parent, clock)
        self._decision: Decision | None = None
        self._answer: SaliencyAnswer | None = None
        self._requests = SaliencyRequests(PANEL)
        self._asked_about: Decision | None = None
        self._explained: Decision | None = None  # the decision of the shown map
        self._lit: tuple[SaliencyAnswer | None, float] = (None, 0.0)  # what the screens show
        self.screens = ScreensView()
        self.overlay_box = QCheckBox("Heat over the game")
        self.target_box = QComboBox()
        self.opacity_slider = QSlider(Qt.Orientation.Horizontal)
        self.status, self.method = ElidedLabel(), ElidedLabel()
        self._ask_timer = QTimer(self)
        self._ask_timer.setSingleShot(True)
        self._ask_timer.timeout.connect(self._ask)
        self._age_timer = QTimer(self)
        self._age_timer.setInterval(AGE_MS)
        self._age_timer.timeout.connect(self._show_status)
        self._lay_out()
        self.set_theme(self.theme)
        self._show_status()

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.screens.set_theme(theme)

    def show_decision(self, decision: Decision | None) -> None:
        """Explain ``decision`` next; None when no game is open."""
        self._decision = decision
        if decision is None:
            self._requests.clear()
            self._answer = self._explained = self._asked_about = None
            self._emit_overlay()
        else:
            self._requests.note_decision(decision, self.clock())
        self._ask()
        self.request_refresh()

    def show_saliency(self, answer: SaliencyAnswer) -> None:
        """Show a map, and ask for the next one."""
        if answer.panel != PANEL:
            return
        self._requests.note_answer()
        asked = self._asked_about
        if asked is None or asked.number != answer.decision_number:
            return
        self._answer, self._explained = answer, asked
        self._emit_overlay()
        self._ask()
        self.request_refresh()

    def next_saliency(self) -> None:
        """Heat over the game: off, then of the played action, then of the best, then off."""
        if not self.overlay_box.isChecked():
            self.target_box.setCurrentIndex(PLAYED)
            self.overlay_box.setChecked(True)
        elif self.target_box.currentIndex() == PLAYED:
            self.target_box.setCurrentIndex(BEST)
        else:
            self.overlay_box.setChecked(False)

    # --- what it does with it ---

    @property
    def opacity(self) -> float:
        """0 .. 1."""
        return self.opacity_slider.value() / 100

    def refresh(self) -> None:
        decision, answer, explained = self._decision, self._answer, self._explained
        self._fill_target_box(decision)
        self.screens.show_screens(decision.observation if decision else None)
        if answer is None or explained is None:
            self._lit = (None, 0.0)
            self.screens.show_heat(None, None, 0.0)
        elif self._lit[0] is not answer or self._lit[1] != self.opacity:
            self._lit = (answer, self.opacity)
            self.screens.show_heat(explained.observation, answer.gradient, self.opacity)
        self._show_status()
        if answer is not None:
            self._age_timer.start()
        else:
            self._age_timer.stop()

    def _ask(self) -> None:
        decision, now_s = self._decision, self.clock()
        if decision is None or not (self.is_watched() or self.overlay_box.isChecked()):
            return
        question = self._requests.ask(decision, self._target(decision), now_s)
        if question is not None:
            self._asked_about = decision
            self.saliency_wanted.emit(question)
        elif self._requests.wait_s(now_s) > 0 and not self._ask_timer.isActive():
            self._ask_timer.start(round(self._requests.wait_s(now_s) * 1000) + 1)

    def _target(self, decision: Decision) -> int:
        place = self.target_box.currentIndex()
        if place >= NUM_FIXED_TARGETS:
            return min(place - NUM_FIXED_TARGETS, len(decision.evidence) - 1)
        return decision.best_action if place == BEST else decision.action

    def _show_status(self) -> None:
        decision, answer = self._decision, self._answer
        if self._age_timer.isActive() and not self.is_watched():
            self._age_timer.stop()
            self.request_refresh()  # goes on when it is seen again
        if decision is None:
            self.status.show_text("No decision yet.")
        elif answer is None:
            self.status.show_text("The first map is on its way.")
        else:
            self.status.show_text(self._status_text(decision, answer))
        method = answer.method if answer else "gradient of Q through the memory read; exploratory"
        self.method.show_text("Method: " + method)

    def _status_text(self, decision: Decision, answer: SaliencyAnswer) -> str:
        """Whose Q the map explains, how old the map is, and that it is empty when it is."""
        name = action_text(decision.action_names[answer.action])
        q = f"Q of {name} = {value_text(answer.q)}"
        age_s = self._requests.age_s(answer, self.clock())
        is_of_newest = answer.decision_number == decision.number
        if age_s is None or (is_of_newest and age_s >= STANDS_STILL_S):
            age = "map of now"
        else:
            age = f"map of {seconds_ago_text(age_s)}"
        if answer.heat.any():
            return f"{q}, {age}"
        return f"The gradient vanishes: no pixel moves {q} ({age}), as with few or equal memories"

    def _emit_overlay(self) -> None:
        heat = self._answer.heat if self._answer and self.overlay_box.isChecked() else None
        self.overlay_changed.emit(heat, self.opacity)

    def _change_overlay(self) -> None:
        self._emit_overlay()
        self._ask()

    def _change_opacity(self) -> None:
        self._emit_overlay()
        self.request_refresh()

    # --- controls ---

    def _fill_target_box(self, decision: Decision | None) -> None:
        names = decision.action_names if decision else ()
        texts = ["Played action", "Best action", *(action_text(name) for name in names)]
        box = self.target_box
        if texts != [box.itemText(i) for i in range(box.count())]:
            place = max(box.currentIndex(), 0)
            box.blockSignals(True)
            box.clear()
            box.addItems(texts)
            box.setCurrentIndex(min(place, len(texts) - 1))
            box.blockSignals(False)

    def _lay_out(self) -> None:
        self.overlay_box.setToolTip(
            "Paint the heat over the game's picture, too (V).\n"
            "It stays on while this panel is behind another tab."
        )
        self.overlay_box.toggled.connect(self._change_overlay)
        self.target_box.setAccessibleName("Saliency of which action's Q")
        self.target_box.setToolTip("Whose Q the heat explains (V: off, played, best)")
        self.target_box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fill_target_box(None)
        self.target_box.currentIndexChanged.connect(self._ask)
        self.opacity_slider.setRange(5, 100)
        self.opacity_slider.setValue(70)
        self.opacity_slider.setAccessibleName("Opacity of the heat")
        self.opacity_slider.setToolTip("How strongly the heat covers the picture")
        self.opacity_slider.valueChanged.connect(self._change_opacity)
        opacity_label = muted(QLabel("opacity"))
        opacity_label.setBuddy(self.opacity_slider)
        self.screens.setToolTip(
            "The four screens the agent sees; below them, what pulls on its Q: bright pixels are"
            " those whose grey level moves it most,\nby the gradient through the network and the"
            " memory read. A gradient is a hint, not a proof."
        )
        muted(self.status)
        muted(self.method)
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.target_box, 1)
        first.addWidget(self.overlay_box)
        second.addWidget(opacity_label)
        second.addWidget(self.opacity_slider, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.status)
        layout.addWidget(self.screens, 1)
        layout.addWidget(self.method)
