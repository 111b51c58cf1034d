"""Two brains: the open agent and a saved one from the same start, in step."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from app.files import size_words
from app.look.theme import Theme
from app.models.experiments.brains_course import BrainsCourse
from app.views.experiments.brains_pictures import BrainsPictures
from app.views.widgets.fitted_label import ElidedLabel, SentenceLabel
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    AskSecondBrain,
    BrainsEnded,
    BrainsStep,
    Decision,
    GameInfo,
    PutSecondBrainAway,
)

PANEL: Final = "brains"
REFRESH_MS: Final = 60
STEP_MS: Final = 67  # as the game goes at 1x
NUM_STEPS: Final = 450  # 30 s
NO_BRAIN: Final = (
    "Choose another snapshot of this game: both agents then play from the same start, in step,"
    " and the first moment at which they disagree is found."
)


class BrainsView(Panel):
    """Asks for a course, plays it like a video, and stops where the two part."""

    asked = pyqtSignal(object)  # AskSecondBrain | PutSecondBrainAway
    choose_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Two brains", REFRESH_MS, parent, clock)
        self._info: GameInfo | None = None
        self._decision: Decision | None = None
        self._path: Path | None = None
        self._course: BrainsCourse | None = None
        self._shown = 0
        self._number = 0  # of the newest question
        self.sentence = SentenceLabel(3)
        self.sentence.setAccessibleName("Where the two brains part")
        self.brain_label = muted_label()
        self.choose_button = QPushButton("Choose a snapshot…")
        self.here_button = QPushButton("From here")
        self.start_button = QPushButton("From a new game")
        self.away_button = QPushButton("Put away")
        self.play_button = QPushButton("Play")
        self.parting_button = QPushButton("Where they part")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.pictures = BrainsPictures()
        self._play_timer = QTimer(self)
        self._play_timer.setInterval(STEP_MS)
        self._play_timer.timeout.connect(self._play_on)
        self._lay_out()
        self.set_theme(self.theme)
        self.refresh()

    # --- what the session tells ---

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.pictures.set_theme(theme)

    def open_game(self, info: GameInfo) -> None:
        """Another game or agent is open: what was compared is of the past."""
        self._info = info
        self._decision = None
        self.put_away()

    def show_decision(self, decision: Decision | None) -> None:
        """The newest decision: where "From here" begins; None: it is not known just now."""
        self._decision = decision
        if (decision is None) == self.here_button.isEnabled():
            self.request_refresh()

    def choose(self, path: Path) -> None:
        """The snapshot to compare with, and begin from here."""
        self._path = path
        self._ask(from_here=self._decision is not None)

    def show_step(self, step: BrainsStep) -> None:
        course = self._course
        if course is None or step.number != self._number:
            return  # of a question that was replaced
        course.add(step)
        if self._shown == 0 and not self._play_timer.isActive():
            self._set_playing(True)
        self.request_refresh()

    def show_end(self, ended: BrainsEnded) -> None:
        if self._course is not None and ended.number == self._number:
            self._course.ended = ended
            self.request_refresh()

    def put_away(self) -> None:
        """Forget the second brain, and give its memory back."""
        if self._path is not None:
            self.asked.emit(PutSecondBrainAway(PANEL))
        self._path = self._course = None
        self._shown = 0
        self._set_playing(False)
        self.request_refresh()

    # --- what it does with it ---

    def refresh(self) -> None:
        course = self._course
        num_steps = len(course.steps) if course else 0
        has_brain = self._path is not None
        self.here_button.setEnabled(has_brain and self._decision is not None)
        self.start_button.setEnabled(has_brain)
        self.away_button.setEnabled(has_brain)
        for part in (self.play_button, self.slider):
            part.setEnabled(num_steps > 0)
        self.parting_button.setEnabled(course is not None and course.parting is not None)
        self.slider.blockSignals(True)
        self.slider.setRange(min(1, num_steps), num_steps)
        self.slider.setValue(self._shown)
        self.slider.blockSignals(False)
        self.play_button.setText("Pause" if self._play_timer.isActive() else "Play")
        self.brain_label.show_text(_brain_words(self._path))
        self.sentence.show_text(course.sentence(self._shown) if course else NO_BRAIN)
        self.pictures.show_step(course, self._shown)

    def _ask(self, *, from_here: bool) -> None:
        if self._path is None or self._info is None:
            return
        decision = self._decision if from_here else None
        self._course = BrainsCourse(("open agent", self._path.name), self._info.action_names)
        self._shown = 0
        self._number += 1
        self._set_playing(False)
        self.asked.emit(
            AskSecondBrain(
                PANEL,
                self._path,
                None if decision is None else decision.moment,
                0 if decision is None else decision.state_hash,
                NUM_STEPS,
                self._number,
            )
        )
        self.request_refresh()

    def _play_on(self) -> None:
        course = self._course
        if course is None or not self.is_watched():
            self._set_playing(False)
        elif self._shown < len(course.steps):
            self._shown += 1
            if self._shown == course.parting:
                self._set_playing(False)
        elif course.ended is not None:
            self._set_playing(False)
        self.request_refresh()

    def _toggle_playing(self) -> None:
        course = self._course
        if course is not None and course.ended is not None and self._shown >= len(course.steps):
            self._shown = 0
        self._set_playing(not self._play_timer.isActive())

    def _set_playing(self, is_playing: bool) -> None:
        self._play_timer.start() if is_playing else self._play_timer.stop()
        self.request_refresh()

    def _go_to(self, number: int) -> None:
        self._shown = number
        self._set_playing(False)

    def _go_to_parting(self) -> None:
        if self._course is not None and self._course.parting is not None:
            self._go_to(self._course.parting)

    def _lay_out(self) -> None:
        for button, tip, do in (
            (self.choose_button, "Choose the snapshot to compare with", self.choose_clicked.emit),
            (self.here_button, "Let both play from the moment on the screen",
             lambda: self._ask(from_here=True)),
            (self.start_button, "Let both play from the start of a new game",
             lambda: self._ask(from_here=False)),
            (self.away_button, "Forget the second brain and give its memory back", self.put_away),
            (self.play_button, "Play the two games, or hold them", self._toggle_playing),
            (self.parting_button, "Go to the first step in which they act differently",
             self._go_to_parting),
        ):  # fmt: skip
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, do=do: do())
        self.slider.setAccessibleName("Step of the two games")
        self.slider.setToolTip("Drag to any step")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.valueChanged.connect(self._go_to)
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for row in (first, second, third):
            row.setSpacing(4)
        first.addWidget(self.choose_button)
        first.addWidget(self.brain_label, 1)
        for button in (self.here_button, self.start_button, self.away_button):
            second.addWidget(button)
        second.addStretch(1)
        third.addWidget(self.play_button)
        third.addWidget(self.slider, 1)
        third.addWidget(self.parting_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.sentence)
        layout.addWidget(self.pictures, 1)
        layout.addLayout(third)


def muted_label() -> ElidedLabel:
    """A second-rank line that ends in dots."""
    label = ElidedLabel()
    muted(label)
    return label


def _brain_words(path: Path | None) -> str:
    """Which snapshot, and what opening it takes."""
    if path is None:
        return "none"
    try:
        size = size_words(path.stat().st_size)
    except OSError:
        return path.name
    return f"{path.name}, takes about {size} of memory"
