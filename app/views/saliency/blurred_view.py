"""Blur and ask: the screen with a box to drag over it, and what changes without the region."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QRectF, QSize, pyqtSignal
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.look.theme import DARK, Theme
from app.models.saliency.blurred_change import HOW_TO, action_changes, change_sentence
from app.views.neighbours.card_pictures import grey_image
from app.views.saliency.change_bars import ChangeBars
from app.views.saliency.region_picker import RegionPicker
from app.views.widgets.fitted_label import SentenceLabel
from nec_engine.messages import BlurredAnswer, Box, Decision

LEAST_SIDE: Final = 70  # pixels of the picture


class BlurredView(QWidget):
    """The newest screen until a region is picked; then that screen blurred, in words and bars."""

    picked = pyqtSignal(object)  # Box

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture = _Screen()
        self.picker = RegionPicker(self.picture, lambda: self.picture.picture_rect)
        self.picker.picked.connect(self.picked)
        self.sentence = SentenceLabel(3)
        self.sentence.setAccessibleName("What changes without the region")
        self.bars = ChangeBars()
        right = QVBoxLayout()
        right.setSpacing(2)
        right.addWidget(self.sentence)
        right.addWidget(self.bars, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picture)
        layout.addLayout(right, 1)
        self.clear()

    def set_theme(self, theme: Theme) -> None:
        for part in (self.picture, self.picker, self.bars):
            part.set_theme(theme)

    def clear(self) -> None:
        """Say what to do."""
        self.sentence.show_text(HOW_TO)
        self.bars.show_rows(())

    def show_decision(self, decision: Decision | None) -> None:
        """The screen to pick a region of."""
        self.picture.show_image(None if decision is None else grey_image(decision.observation[-1]))

    def show_waiting(self, box: Box) -> None:
        """A region was picked, here or over the game; the answer is on its way."""
        self.picker.show_box(box)
        self.sentence.show_text("Blurring and asking…")

    def show_answer(self, answer: BlurredAnswer) -> None:
        self.picker.show_box(answer.box)
        self.picture.show_image(grey_image(answer.observation[-1]))
        self.sentence.show_text(change_sentence(answer))
        self.bars.show_rows(action_changes(answer))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self.picture.setFixedWidth(max(LEAST_SIDE, min(self.height(), self.width() * 2 // 5)))


class _Screen(QWidget):
    """One of the agent's screens, square."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = DARK
        self._image: QImage | None = None
        self.setMinimumSize(LEAST_SIDE, LEAST_SIDE)
        self.setAccessibleName("The agent's newest screen")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def picture_rect(self) -> QRectF:
        side = min(self.width(), self.height()) - 2
        return QRectF(1, 1, side, side)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_image(self, image: QImage | None) -> None:
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 120)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if self._image is not None:
            painter.drawImage(self.picture_rect, self._image)
        painter.setPen(QColor(self._theme.border))
        painter.drawRect(self.picture_rect)
        painter.end()
