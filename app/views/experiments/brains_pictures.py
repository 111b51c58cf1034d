"""Two games side by side, and below them the Q of each action on either side."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QWidget

from app.look.theme import DARK, Theme
from app.models.experiments.brains_course import BrainsCourse
from app.models.wording import action_text, level_text
from app.views.neighbours.card_pictures import rgb_image
from nec_engine.messages import BrainSide

GAP: Final = 8.0
PICTURE_ASPECT: Final = 320 / 210
CENTRE: Final = Qt.AlignmentFlag.AlignCenter
MIDDLE: Final = Qt.AlignmentFlag.AlignVCenter


class BrainsPictures(QWidget):
    """Paints one step of a course."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._course: BrainsCourse | None = None
        self._shown = 0
        self._images: tuple[QImage, ...] = ()
        self.setAccessibleName("Both games, and the Q of each action in them")
        self.setMinimumSize(220, 160)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_step(self, course: BrainsCourse | None, number: int) -> None:
        """Paint step ``number``, from 1, of the course; 0 paints the empty places."""
        self._course, self._shown, self._images = course, number, ()
        if course is not None and number:
            sides = course.steps[number - 1].sides
            self._images = tuple(rgb_image(side.picture.unpack()) for side in sides)
        self.update()

    def _paint_side(self, painter: QPainter, course: BrainsCourse, side: int, box: QRectF) -> None:
        theme = self.theme
        line = QFontMetricsF(self.font()).height()
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        self._write(painter, QRectF(box.left(), box.top(), box.width(), line), course.names[side])
        painter.setFont(self.font())
        picture = box.adjusted(0, line + 2, 0, -line - 2)
        painter.fillRect(picture, QColor("black"))
        if side < len(self._images):
            painter.drawImage(picture, self._images[side])
        parting = course.parting
        has_parted = parting is not None and self._shown >= parting
        if has_parted:
            painter.setPen(QPen(QColor(theme.accent), 2, Qt.PenStyle.DashLine))
        else:
            painter.setPen(QPen(QColor(theme.border), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(picture)
        painter.setPen(QColor(theme.text))
        below = QRectF(box.left(), picture.bottom() + 2, box.width(), line)
        self._write(painter, below, course.caption(side, self._shown))

    def _paint_q(self, painter: QPainter, course: BrainsCourse, box: QRectF) -> None:
        """A line an action: its Q left and right, the chosen one marked."""
        sides = course.steps[self._shown - 1].sides
        num = len(course.action_names)
        line = min(QFontMetricsF(self.font()).height(), box.height() / (num + 1))
        font = QFont(self.font())
        font.setPixelSize(max(8, round(line * 0.78)))
        painter.setFont(font)
        name_box = QRectF(box.center().x() - 55, box.top(), 110, line)
        painter.setPen(QColor(self.theme.muted))
        painter.drawText(name_box, CENTRE, "Q before it")
        for action in range(num):
            name_box.translate(0, line)
            painter.setPen(QColor(self.theme.text))
            painter.drawText(name_box, CENTRE, action_text(course.action_names[action]))
            for side, words, flag, left in (
                (sides[0], "{q}  ◂", Qt.AlignmentFlag.AlignRight, box.left()),
                (sides[1], "▸  {q}", Qt.AlignmentFlag.AlignLeft, name_box.right()),
            ):
                is_chosen = side.action == action
                rect = QRectF(left, name_box.top(), name_box.left() - box.left(), line)
                mark = words if is_chosen else words.replace("◂", "  ").replace("▸", "  ")
                painter.setPen(QColor(self.theme.accent if is_chosen else self.theme.muted))
                painter.drawText(rect, flag | MIDDLE, mark.format(q=_q_text(side, action)))

    @staticmethod
    def _write(painter: QPainter, rect: QRectF, words: str) -> None:
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, CENTRE, words)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    def paintEvent(self, _event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        course = self._course
        if course is not None:
            line = QFontMetricsF(self.font()).height()
            width = (self.width() - GAP) / 2
            height = min(width / PICTURE_ASPECT, 0.62 * self.height() - 2 * line) + 2 * line + 4
            for side in (0, 1):
                box = QRectF(side * (width + GAP), 0, width, height)
                self._paint_side(painter, course, side, box)
            if self._shown:
                rest = QRectF(0, height + GAP, self.width(), self.height() - height - GAP)
                self._paint_q(painter, course, rest)
        painter.end()


def _q_text(side: BrainSide, action: int) -> str:
    """As many decimals as tell this side's actions apart."""
    finite = side.q_values[np.isfinite(side.q_values)]
    span = float(finite.max() - finite.min()) if finite.size else 0.0
    return level_text(float(side.q_values[action]), span)
