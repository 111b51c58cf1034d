"""The line at the bottom: who plays, the game, its pace, training, memory, recording, saving."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPalette
from PyQt6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from app.files import clock_words
from app.look.theme import DARK, Theme
from app.models.wording import episode_text
from app.presenters.controls import speed_words
from app.views.frame.video_progress import VideoProgress
from app.views.game.game_view import WHO
from nec_engine.messages import Frame, GameInfo, LiveStatus, Player, Progress

REFRESH_MS: Final = 100  # faster, numbers cannot be read
WHO_SHORT: Final = {Player.AGENT: "AGENT", Player.PERSON: "YOU", Player.TRAINER: "TRAINING"}


class StatusBar(QStatusBar):
    """Fed with the newest values; writes a label only when its words changed."""

    cancel_clicked = pyqtSignal()  # of a save
    cancel_opening_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._info: GameInfo | None = None
        self._frame: Frame | None = None
        self._status: LiveStatus | None = None
        self._progress: Progress | None = None
        self.who = self._label("Who plays")
        self.game = self._label("The game: episode, step, score, best score of this session")
        self.pace = self._label("Frames a second, and the speed wanted")
        self.training = self._label("Training: speed, steps so far, exploration")
        self.memory = self._label(
            "Memory: entries of all there is room for, and how many of the true 50 nearest the "
            "index finds"
        )
        self.recording = self._label("The video being recorded")
        self.saving = QProgressBar()
        self.saving.setMaximumWidth(120)
        self.saving.setFormat("saving %p%")
        self.saving.setAccessibleName("Saving")
        self.cancel = QToolButton()
        self.cancel.setText("Cancel")
        self.cancel.setToolTip("Stop saving; no file is left behind")
        self.cancel.clicked.connect(self.cancel_clicked)
        self.video = VideoProgress()
        self.opening = self._label("What is being opened; the game goes on meanwhile")
        self.cancel_opening = QToolButton()
        self.cancel_opening.setText("Cancel")
        self.cancel_opening.setToolTip("Do not open it; the game that is open stays")
        self.cancel_opening.clicked.connect(self.cancel_opening_clicked)
        self.setSizeGripEnabled(False)
        for label in (self.who, self.game, self.pace, self.training, self.memory):
            self.addWidget(label)
        late: tuple[QWidget, ...] = (
            self.recording, self.video, self.saving, self.cancel, self.opening, self.cancel_opening,
        )  # fmt: skip
        for widget in late:
            self.addPermanentWidget(widget)
        self.show_saving(-1.0)
        self.show_opening("")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)
        self.messageChanged.connect(self._take_message)
        self._write()

    def open_game(self, info: GameInfo) -> None:
        """Begin with another game."""
        self._info = info
        self._frame = self._status = self._progress = None
        self._write()

    def show_frame(self, frame: Frame) -> None:
        self._frame = frame
        self._soon()

    def show_status(self, status: LiveStatus) -> None:
        self._status = status
        self._soon()

    def show_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._soon()

    def show_saving(self, fraction: float) -> None:
        """How far a save has come, 0 .. 1; below 0 there is none."""
        is_saving = fraction >= 0
        self.saving.setVisible(is_saving)
        self.cancel.setVisible(is_saving)
        self.saving.setValue(round(100 * max(0.0, fraction)))

    def show_opening(self, words: str) -> None:
        """What is being opened beside the game; empty: nothing."""
        self.opening.setText(f"opening {words}…")
        self.opening.setVisible(bool(words))
        self.cancel_opening.setVisible(bool(words))

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        palette = self.recording.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(theme.warning))
        self.recording.setPalette(palette)
        self._paint_who()

    def _label(self, tip: str) -> QLabel:
        label = QLabel()
        label.setToolTip(tip)
        label.setAccessibleName(tip)
        label.setContentsMargins(6, 0, 6, 0)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        label.setMinimumWidth(1)
        return label

    def _take_message(self, text: str) -> None:
        """Write the labels again when a passing message has gone."""
        if not text:
            self._soon()

    def _soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start(REFRESH_MS)

    def _write(self) -> None:
        self._timer.stop()
        if self.currentMessage():  # what a menu's row does is told in the labels' place
            return
        player = Player.AGENT if self._frame is None else self._frame.player
        self._set(self.who, WHO_SHORT[player] if self._info is not None else "")
        self._set(self.game, _game_words(self._info, self._frame, self._status))
        self._set(self.pace, _pace_words(self._status))
        self._set(self.training, _training_words(self._progress))
        self._set(self.memory, _memory_words(self._progress))
        self._set(self.recording, _recording_words(self._status))

    def _set(self, label: QLabel, text: str) -> None:
        if label.text() != text or label.isHidden() == bool(text):
            label.setText(text)
            label.setVisible(bool(text))
            if label is self.who:
                self._paint_who()

    def _paint_who(self) -> None:
        player = Player.AGENT if self._frame is None else self._frame.player
        colour = {
            Player.AGENT: self._theme.origins[0],
            Player.PERSON: self._theme.origins[1],
            Player.TRAINER: self._theme.origins[3],
        }[player]
        palette = self.who.palette()
        palette.setColor(QPalette.ColorRole.WindowText, QColor(colour))
        self.who.setPalette(palette)
        font = self.font()
        font.setBold(True)
        self.who.setFont(font)
        self.who.setAccessibleDescription(WHO[player])


def _game_words(info: GameInfo | None, frame: Frame | None, status: LiveStatus | None) -> str:
    if info is None:
        return "No game is open"
    words = [info.title]
    if frame is not None and frame.is_past:
        words.append(episode_text(frame.moment.episode))  # status counts the one that is open
    elif frame is not None and frame.player is Player.TRAINER:
        words.append(f"ep {frame.moment.episode}")
    elif status is not None:
        words.append(f"ep {status.episode}")
    if frame is not None:
        words += [f"step {frame.moment.step:,}", f"score {_number(frame.score)}"]
        if frame.best_score is not None:
            words.append(f"best {_number(frame.best_score)}")
    return "  ".join(words)


def _recording_words(status: LiveStatus | None) -> str:
    if status is None or status.recording is None:
        return ""
    return f"● REC {clock_words(status.recording_s)}"


def _pace_words(status: LiveStatus | None) -> str:
    if status is None:
        return ""
    if status.is_past:
        return "the past"
    if status.is_paused:
        return "paused"
    words = f"{status.frames_per_s:.0f} fps  {speed_words(status.speed)}"
    return f"{words}, 60 drawn" if status.frames_per_s > 65 else words


def _training_words(progress: Progress | None) -> str:
    if progress is None:
        return ""
    if not progress.is_training:
        return f"training off  {progress.steps:,} steps"
    return (
        f"{progress.activity} {progress.steps_per_s:.0f} steps/s  "
        f"{progress.steps:,} steps  ε {progress.epsilon:.3g}"
    )


def _memory_words(progress: Progress | None) -> str:
    if progress is None:
        return ""
    if not progress.memory_sizes:
        return "no memory"
    room = progress.memory_capacity * len(progress.memory_sizes)
    words = f"memory {sum(progress.memory_sizes):,}/{room:,}"
    if progress.recall_at_50 is not None:
        words += f"  recall {progress.recall_at_50:.2f}"
    return words


def _number(value: float) -> str:
    return f"{value:,g}".replace("-", "−")
