"""The line at the bottom: who plays, the game, its pace, training, memory, recording, saving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QPalette, QResizeEvent
from PyQt6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from app.look.theme import DARK, Theme
from app.models.frame.status_words import (
    Parts,
    fitting,
    game_parts,
    line_of,
    memory_parts,
    pace_parts,
    recording_words,
    training_parts,
)
from app.views.frame.video_progress import VideoProgress
from app.views.game.game_view import WHO
from nec_engine.messages import Frame, GameInfo, LiveStatus, Player, Progress

REFRESH_MS: Final = 100  # faster, numbers cannot be read
LABEL_MARGIN: Final = 6  # pixels on either side
SPACING: Final = 6  # that QStatusBar has between two widgets
OPENING_WIDTH: Final = 160  # pixels of a name, at most
WHO_SHORT: Final = {Player.AGENT: "AGENT", Player.PERSON: "YOU", Player.TRAINER: "TRAINING"}


class StatusBar(QStatusBar):
    """Fed with the newest values; writes a label only when its words changed.

    Where room is short whole parts are left out, the least telling first; the tooltips have all.
    Who plays and that a video is recorded always stay.
    """

    cancel_clicked = pyqtSignal()  # of a save
    cancel_opening_clicked = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._info: GameInfo | None = None
        self._frame: Frame | None = None
        self._status: LiveStatus | None = None
        self._progress: Progress | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)
        self.who = self._label("Who plays")
        self.game = self._label("The game: episode, step, score, best score of this session")
        self.pace = self._label("Frames a second, and the speed wanted")
        self.training = self._label("Training: speed, steps so far, exploration")
        self.memory = self._label(
            "Memory: entries of all there is room for, and how many of the true 50 nearest the "
            "index finds"
        )
        self.recording = self._label(
            "The video being recorded; it waits while the training game is watched"
        )
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
        self._tips = {
            label: label.toolTip() for label in (self.game, self.pace, self.training, self.memory)
        }
        for label in (self.who, *self._tips):
            self.addWidget(label)
        for label in self._tips:  # the window may become narrower before they are shortened
            label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            label.setMinimumWidth(1)
        late: tuple[QWidget, ...] = (
            self.recording, self.video, self.saving, self.cancel, self.opening, self.cancel_opening,
        )  # fmt: skip
        for widget in late:
            self.addPermanentWidget(widget)
        self._late = late
        self.show_saving(-1.0)
        self.show_opening("")
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
        self._soon()

    def show_opening(self, words: str) -> None:
        """What is being opened beside the game; empty: nothing."""
        name = self.opening.fontMetrics().elidedText(
            words, Qt.TextElideMode.ElideMiddle, OPENING_WIDTH
        )
        self.opening.setText(f"opening {name}…")
        self.opening.setToolTip(f"{words} is being opened; the game goes on meanwhile")
        self.opening.setVisible(bool(words))
        self.cancel_opening.setVisible(bool(words))
        self._soon()

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
        label.setContentsMargins(LABEL_MARGIN, 0, LABEL_MARGIN, 0)
        label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
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
        self._set(self.recording, recording_words(self._status))
        whole = (
            game_parts(self._info, self._frame),
            pace_parts(self._status),
            training_parts(self._progress),
            memory_parts(self._progress),
        )
        shown = fitting(whole, self._width_of, self._room())
        for (label, tip), parts, fits in zip(self._tips.items(), whole, shown, strict=True):
            self._set(label, line_of(fits))
            label.setToolTip(tip if fits == parts else f"{line_of(parts)}\n{tip}")

    def _room(self) -> int:
        """Pixels for the labels that can be shortened."""
        others = [widget for widget in (self.who, *self._late) if not widget.isHidden()]
        taken = sum(widget.sizeHint().width() + SPACING for widget in others)
        return self.width() - taken - 2 * SPACING

    def _width_of(self, labels: Sequence[Parts]) -> int:
        metrics = self.game.fontMetrics()
        texts = [line_of(parts) for parts in labels if parts]
        return sum(metrics.horizontalAdvance(text) + 2 * LABEL_MARGIN + SPACING for text in texts)

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

    # --- Qt ---

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._write()
