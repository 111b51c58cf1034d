"""What a person taught the agent: how much there is, how much it counts, files, forgetting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QComboBox, QLabel, QToolButton, QVBoxLayout, QWidget

from app.models.memory.lesson_sums import (
    NO_GAME,
    NO_MEMORY,
    WEIGHTS,
    leaning_text,
    taught_text,
    weight_text,
)
from app.views.widgets.flow_layout import FlowLayout
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import GameInfo, LiveStatus, Progress

REFRESH_MS: Final = 250
LEANING_TIP: Final = (
    "The agent’s decisions in this episode in which taught memories had at least half of the say "
    "in the chosen action, of those that were shown with their evidence"
)
WEIGHT_TIP: Final = (
    "How much a taught memory counts beside one of the agent’s at the same distance, from the "
    "next decision on; 4 × keeps an agent to a lesson that training makes it leave"
)
HINT: Final = (
    "Where a lesson is the nearest thing known, the agent follows it; where it knows as much "
    "itself, the higher value decides."
)


class LessonsView(Panel):
    """Two sentences, the weight, and the buttons of the actions it is given."""

    weight_chosen = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Lessons", REFRESH_MS, parent, clock)
        self._info: GameInfo | None = None
        self._progress: Progress | None = None
        self._status: LiveStatus | None = None
        self.taught, self.leaning, self.hint = QLabel(), QLabel(), muted(QLabel(HINT))
        self.weight_label, self.weight_box = QLabel("A lesson counts"), QComboBox()
        self._row = FlowLayout()
        self._lay_out()
        self.set_theme(self.theme)
        self.open_game(None)

    def set_actions(self, actions: Sequence[QAction]) -> None:
        """Give each of these a button."""
        for action in actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._row.addWidget(button)

    def open_game(self, info: GameInfo | None) -> None:
        """Another run, of which nothing is told yet; None: no game is open."""
        self._info, self._progress, self._status = info, None, None
        self.request_refresh()

    def show_progress(self, progress: Progress) -> None:
        """What the memory holds now."""
        before, self._progress = self._progress, progress
        if before is None or _memory_facts(before) != _memory_facts(progress):
            self.request_refresh()

    def show_status(self, status: LiveStatus) -> None:
        """How the agent plays now."""
        before, self._status = self._status, status
        if before is None or _play_facts(before) != _play_facts(status):
            self.request_refresh()

    def refresh(self) -> None:
        has_memory = self._info is not None and self._info.has_memory
        progress, status = self._progress, self._status
        if self._info is None:
            self.taught.setText(NO_GAME)
        elif not has_memory:
            self.taught.setText(NO_MEMORY)
        elif progress is not None:
            is_teaching = status is None or status.is_teaching
            self.taught.setText(taught_text(progress, is_teaching=is_teaching))
            place = self._place_of(progress.lesson_weight)
            if place >= 0 and not self.weight_box.hasFocus():
                self.weight_box.setCurrentIndex(place)
        has_lessons = has_memory and progress is not None and progress.num_taught > 0
        self.leaning.setText(leaning_text(status))
        for widget in (self.leaning, self.hint):
            widget.setVisible(has_lessons)
        for control in (self.weight_label, self.weight_box):
            control.setEnabled(has_memory)

    @staticmethod
    def _place_of(weight: float) -> int:
        return WEIGHTS.index(weight) if weight in WEIGHTS else -1

    def _lay_out(self) -> None:
        for label in (self.taught, self.leaning, self.hint):
            label.setWordWrap(True)
        self.leaning.setToolTip(LEANING_TIP)
        self.taught.setToolTip("Memories that were made or visited while you played, or loaded")
        self.weight_box.addItems([weight_text(weight) for weight in WEIGHTS])
        self.weight_box.setCurrentIndex(WEIGHTS.index(1.0))
        self.weight_box.setToolTip(WEIGHT_TIP)
        self.weight_box.setAccessibleName("Weight of lessons")
        self.weight_box.activated.connect(lambda place: self.weight_chosen.emit(WEIGHTS[place]))
        self.weight_label.setBuddy(self.weight_box)
        self.weight_label.setMinimumHeight(self.weight_box.sizeHint().height())
        self._row.addWidget(self.weight_label)
        self._row.addWidget(self.weight_box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        layout.addLayout(self._row)
        layout.addWidget(self.taught)
        layout.addWidget(self.leaning)
        layout.addWidget(self.hint)
        layout.addStretch(1)


def _memory_facts(progress: Progress) -> tuple[object, ...]:
    """What the panel says of the memory."""
    num = sum(progress.memory_sizes) if progress.num_taught else 0
    return progress.num_taught, progress.num_by_origin[1:], progress.lesson_weight, num


def _play_facts(status: LiveStatus) -> tuple[object, ...]:
    """What the panel says of the play."""
    return status.num_judged, status.num_leaning, status.is_teaching
