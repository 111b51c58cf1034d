"""The rows of the what-if panel: an action, its Q, what came of it, pictures on the way."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QEvent, QRectF, QSize, Qt
from PyQt6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QImage,
    QPainter,
    QPaintEvent,
    QPen,
)
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.look.theme import DARK, Theme
from app.models.experiments.what_if_rows import WhatIfRow
from app.views.neighbours.card_pictures import rgb_image

PADDING: Final = 6.0
GAP: Final = 4.0
PICTURE_WIDTH: Final = 76.0
PICTURE_ASPECT: Final = 320 / 210
WIDE: Final = 560  # pixels; from here on the pictures stand beside the words


class WhatIfList(QWidget):
    """Paints the rows it is given; as high as they need."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.rows: tuple[WhatIfRow, ...] = ()
        self._pictures: list[tuple[tuple[int, QImage], ...]] = []
        self.setAccessibleName("What came of each action")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_rows(self, rows: tuple[WhatIfRow, ...]) -> None:
        """Paint these from now on; pictures of rows that stay are not unpacked again."""
        known = {
            id(row.shots): pictures for row, pictures in zip(self.rows, self._pictures, strict=True)
        }
        self._pictures = [
            known.get(id(row.shots))
            or tuple((shot.step, rgb_image(shot.picture.unpack())) for shot in row.shots)
            for row in rows
        ]
        self.rows = rows
        self.setAccessibleDescription("; ".join(row.spoken for row in rows))
        self.setMinimumHeight(round(self.row_height * len(rows)) + 2)
        self.updateGeometry()
        self.update()

    @property
    def row_height(self) -> float:
        """Of every row at the present width."""
        words, pictures = 3 * self._line, self._picture_height
        if self.width() >= WIDE:
            return max(words, pictures) + 2 * PADDING + GAP
        return words + pictures + 2 * PADDING + 2 * GAP

    @property
    def _line(self) -> float:
        return QFontMetricsF(self.font()).height()

    @property
    def _picture_height(self) -> float:
        return self._picture_width / PICTURE_ASPECT + 0.8 * self._line

    @property
    def _picture_width(self) -> float:
        return min(PICTURE_WIDTH, (self.width() - 2 * PADDING - 5 * GAP) / 4)

    def _row_at(self, y: float) -> WhatIfRow | None:
        place = int(y // self.row_height)
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def _paint_row(self, painter: QPainter, rect: QRectF, place: int) -> None:
        theme, row = self.theme, self.rows[place]
        painter.setPen(QPen(QColor(theme.accent if row.is_best else theme.border), 1.0))
        painter.setBrush(QColor(theme.raised))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        inner = rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        pictures_width = 4 * self._picture_width + 3 * GAP
        if self.width() >= WIDE:
            words = inner.adjusted(0, 0, -pictures_width - 2 * GAP, 0)
            start = inner.right() - pictures_width, inner.top()
        else:
            words = inner
            start = inner.left(), inner.top() + 3 * self._line + GAP
        self._paint_words(painter, words, row)
        self._paint_pictures(painter, *start, place)

    def _paint_words(self, painter: QPainter, rect: QRectF, row: WhatIfRow) -> None:
        theme, plain = self.theme, self.font()
        bold = QFont(plain)
        bold.setBold(True)
        line = QRectF(rect.left(), rect.top(), rect.width(), self._line)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, row.action)
        left = QFontMetricsF(bold).horizontalAdvance(row.action + "  ")
        painter.setFont(plain)
        painter.setPen(QColor(theme.accent if row.is_best else theme.muted))
        self._write(painter, line.adjusted(left, 0, 0, 0), row.marks)
        line.translate(0, self._line)
        painter.setPen(QColor(theme.text))
        self._write(painter, line, f"Q said {row.said}, played out {row.found}")
        line.translate(0, self._line)
        painter.setPen(QColor(theme.muted))
        self._write(painter, line, row.outcome)

    def _paint_pictures(self, painter: QPainter, left: float, top: float, place: int) -> None:
        width = self._picture_width
        painter.setPen(QColor(self.theme.muted))
        for step, image in self._pictures[place]:
            box = QRectF(left, top, width, width / PICTURE_ASPECT)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, image)
            below = QRectF(left, box.bottom(), width, 0.8 * self._line)
            self._write(painter, below, f"+{step}")
            left += width + GAP

    @staticmethod
    def _write(painter: QPainter, rect: QRectF, words: str) -> None:
        metrics = QFontMetricsF(painter.font())
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(300, round(self.row_height * len(self.rows)) + 2)

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent):
            row = self._row_at(event.pos().y())
            QToolTip.showText(event.globalPos(), row.spoken if row else "", self)
            return True
        if event is not None and event.type() == QEvent.Type.Resize:
            self.setMinimumHeight(round(self.row_height * len(self.rows)) + 2)
        return super().event(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        seen = event.rect() if event is not None else self.rect()
        for place in range(len(self.rows)):
            rect = QRectF(0, place * self.row_height, self.width(), self.row_height - GAP)
            if rect.intersects(QRectF(seen)):
                self._paint_row(painter, rect, place)
        painter.end()
