"""Compare: what edits, or two snapshots, are worth in play."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.look.theme import Theme
from app.models.memory.comparison_words import comparison_words, plan_words, progress_words, verdict
from app.views.memory.difference_plot import DifferencePlot
from app.views.widgets.flow_layout import FlowLayout
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import (
    CancelComparison,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    PlanComparison,
    Sides,
    StartComparison,
    TwoSnapshots,
    WithAndWithoutEdits,
)

REFRESH_MS: Final = 100
EPISODES: Final = 30
MOST_EPISODES: Final = 1000
EPSILON: Final = 0.05
NO_GAME: Final = "Open a game to compare what its agent remembers."
CHOOSE_TWO: Final = "Choose two snapshots of one game."


class CompareView(Panel):
    """Says what a comparison takes, starts and cancels it, and shows what came of it."""

    wanted = pyqtSignal(object)  # CompareCommand
    snapshots_wanted = pyqtSignal()  # let the person choose two

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Compare", REFRESH_MS, parent, clock)
        self._has_game = False
        self._snapshots: TwoSnapshots | None = None
        self._plan: ComparisonPlanned | None = None
        self._progress: ComparisonProgressed | None = None
        self._ended: ComparisonEnded | None = None
        self._is_starting = False  # it is asked for, and there is no news of it yet
        self.what_box = QComboBox()
        self.files_button = QPushButton("Choose two…")
        self.episodes_box, self.epsilon_box = QSpinBox(), QDoubleSpinBox()
        self.start_button, self.cancel_button = QPushButton("Compare"), QPushButton("Cancel")
        self.plan_label, self.result_label = QLabel(), QLabel()
        self.verdict_label = QLabel()
        self.bar = QProgressBar()
        self.plot = DifferencePlot()
        self._lay_out()
        self.set_theme(self.theme)
        self.refresh()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.plot.set_theme(theme)

    # --- what it is told ---

    def open_game(self, has_game: bool) -> None:
        """Another game is open: what was compared is another agent's."""
        self._has_game = has_game
        self._snapshots = self._plan = self._progress = self._ended = None
        self._is_starting = False
        self.what_box.setCurrentIndex(0)
        self.ask_plan()

    def set_snapshots(self, first: Path, second: Path) -> None:
        """What to compare when it is two snapshots."""
        self._snapshots = TwoSnapshots(first, second)
        self.ask_plan()

    def ask_plan(self) -> None:
        """Ask what it would take now, when somebody sees the panel."""
        self._plan = None
        self.request_refresh()

    def show_plan(self, plan: ComparisonPlanned) -> None:
        """What it takes, or why it cannot be done."""
        if plan.sides == self._sides:
            self._plan = plan
            self._show()

    def show_progress(self, progress: ComparisonProgressed) -> None:
        self._progress, self._is_starting = progress, False
        self.request_refresh()

    def show_result(self, ended: ComparisonEnded) -> None:
        self._progress, self._ended, self._is_starting = None, ended, False
        self.request_refresh()

    def refresh(self) -> None:
        sides = self._sides
        if self._plan is None and self._has_game and sides is not None and not self._is_busy:
            self.wanted.emit(PlanComparison(sides))
        self._show()

    # --- inside ---

    @property
    def _sides(self) -> Sides | None:
        return WithAndWithoutEdits() if self.what_box.currentIndex() == 0 else self._snapshots

    @property
    def _is_busy(self) -> bool:
        return self._is_starting or self._progress is not None

    def _start(self) -> None:
        sides = self._sides
        if sides is not None:
            self._ended, self._is_starting = None, True
            self.wanted.emit(
                StartComparison(sides, self.episodes_box.value(), self.epsilon_box.value())
            )
            self._show()

    def _show(self) -> None:
        is_running, ended, plan = self._progress is not None, self._ended, self._plan
        is_files = self.what_box.currentIndex() == 1
        self.files_button.setVisible(is_files)
        self.start_button.setVisible(not is_running)
        self.start_button.setEnabled(
            plan is not None and not plan.refusal and not self._is_starting
        )
        self.cancel_button.setVisible(is_running)
        for part in (self.what_box, self.files_button, self.episodes_box, self.epsilon_box):
            part.setEnabled(self._has_game and not self._is_busy)
        self.bar.setVisible(is_running)
        if self._progress is not None:
            self.bar.setRange(0, self._progress.num_all)
            self.bar.setValue(self._progress.num_done)
            self.plan_label.setText(progress_words(self._progress))
        else:
            self.plan_label.setText(self._words_before(is_files))
        self.result_label.setText(comparison_words(ended) + "." if ended else "")
        has_result = ended is not None and bool(ended.scores[0])
        self.verdict_label.setText(verdict(ended) if ended is not None and has_result else "")
        for label in (self.result_label, self.verdict_label):
            label.setVisible(bool(label.text()))
        self.plot.show_result(ended)

    def _words_before(self, is_files: bool) -> str:
        if not self._has_game:
            return NO_GAME
        if is_files and self._snapshots is None:
            return CHOOSE_TWO
        words = plan_words(self._plan) if self._plan is not None else ""
        if is_files and self._snapshots is not None:
            return f"{self._snapshots.first.name} and {self._snapshots.second.name}. {words}"
        return words

    def _change_what(self) -> None:
        self._plan = self._ended = None
        if self.what_box.currentIndex() == 1 and self._snapshots is None:
            self.snapshots_wanted.emit()
        self.refresh()

    def _lay_out(self) -> None:
        self.what_box.addItems(["The memory with and without its edits", "Two snapshots"])
        self.what_box.setAccessibleName("What to compare")
        self.what_box.setToolTip(
            "With and without the edits that can be undone, or two snapshots of one game"
        )
        self.what_box.activated.connect(lambda _: self._change_what())
        self.files_button.setToolTip("Choose the two snapshots to compare")
        self.files_button.setAccessibleName("Choose two snapshots")
        self.files_button.clicked.connect(self.snapshots_wanted)
        self.episodes_box.setRange(2, MOST_EPISODES)
        self.episodes_box.setValue(EPISODES)
        self.episodes_box.setAccessibleName("Episodes of each")
        self.episodes_box.setToolTip(
            "How many episodes each plays, from the same starts and with the same luck;\n"
            "an episode ends after five minutes of play at the latest"
        )
        self.epsilon_box.setRange(0.0, 1.0)
        self.epsilon_box.setDecimals(3)
        self.epsilon_box.setSingleStep(0.01)
        self.epsilon_box.setValue(EPSILON)
        self.epsilon_box.setAccessibleName("Epsilon")
        self.epsilon_box.setToolTip("The share of random actions, the same for both")
        self.start_button.setToolTip("Play both in a process of their own, at low priority")
        self.start_button.setAccessibleName("Compare")
        self.start_button.clicked.connect(lambda: self._start())
        self.cancel_button.setToolTip("Give the comparison up; nothing is left of it")
        self.cancel_button.setAccessibleName("Cancel the comparison")
        self.cancel_button.clicked.connect(lambda: self.wanted.emit(CancelComparison()))
        for box in (self.episodes_box, self.epsilon_box):
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.bar.setAccessibleName("How far the comparison has come")
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        for label in (self.plan_label, self.result_label, self.verdict_label):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        font = self.verdict_label.font()
        font.setBold(True)
        self.verdict_label.setFont(font)
        row, how = FlowLayout(), QWidget()
        of_episodes = QHBoxLayout(how)
        of_episodes.setContentsMargins(0, 0, 0, 0)
        of_episodes.addWidget(self.episodes_box)
        of_episodes.addWidget(muted(QLabel("episodes each, epsilon")))
        of_episodes.addWidget(self.epsilon_box)
        for part in (
            self.what_box, self.files_button, how, self.start_button, self.cancel_button,
        ):  # fmt: skip
            row.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 4)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(muted(self.plan_label))
        layout.addWidget(self.bar)
        layout.addWidget(self.verdict_label)
        layout.addWidget(self.result_label)
        layout.addWidget(self.plot)
        layout.addStretch(1)
