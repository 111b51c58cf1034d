"""One picture of a recorded episode in its true shape, with words that say it is the past."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import DARK, Theme
from app.views.neighbours.card_pictures import NATIVE_WIDTH, rgb_image
from nec_engine.messages import U8

EDGE: Final = 3


class ReplayPicture(QWidget):
    """Paints the picture it is given; dots around it, a solid line at the memory itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._rgb: U8 | None = None
        self._words = ""
        self._is_memory = False
        self.setAccessibleName("Picture of the past")
        self.setMinimumSize(120, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def rgb(self) -> U8 | None:
        """What is shown, uint8[H, 160, 3]."""
        return self._rgb

    def show_picture(self, rgb: U8 | None, words: str, *, is_memory: bool) -> None:
        """Paint ``rgb`` (None: nothing came yet) under ``words``."""
        self._rgb, self._words, self._is_memory = rgb, words, is_memory
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(NATIVE_WIDTH, 210)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        theme = self._theme
        painter.fillRect(self.rect(), QColor(theme.background))
        if self._rgb is None:
            painter.setPen(QColor(theme.muted))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 8, -12, -8), flags, self._words)
            painter.end()
            return
        room = self.size() - QSize(2 * EDGE, 2 * EDGE)
        size = QSize(NATIVE_WIDTH, self._rgb.shape[0])
        size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(QRectF(self.rect()).center())
        painter.drawImage(box, rgb_image(self._rgb).convertToFormat(QImage.Format.Format_RGB32))
        style = Qt.PenStyle.SolidLine if self._is_memory else Qt.PenStyle.DotLine
        painter.setPen(QPen(QColor(theme.accent if self._is_memory else theme.muted), 2, style))
        painter.drawRect(box.adjusted(-1, -1, 1, 1))
        self._paint_words(painter, box)
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        metrics = painter.fontMetrics()
        chip = QRectF(box.left(), box.top(), metrics.horizontalAdvance(self._words) + 12, 0)
        chip.setHeight(metrics.height() + 2)
        backing = QColor(self._theme.panel)
        backing.setAlphaF(0.86)
        painter.fillRect(chip, backing)
        painter.setPen(QColor(self._theme.text))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._words)
