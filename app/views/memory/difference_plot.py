"""The differences of paired episodes as dots, with their mean and its interval, about zero."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import DARK, Theme
from app.models.memory.comparison_words import comparison_words, signed
from nec_engine.messages import ComparisonEnded

MARGIN: Final = 14.0
DOT: Final = 3.0


class DifferencePlot(QWidget):
    """One dot a pair, first less second; a bar for the interval, a thick line for the mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = DARK
        self._ended: ComparisonEnded | None = None
        self.setAccessibleName("Differences of the pairs")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_result(self, ended: ComparisonEnded | None) -> None:
        """None, or a comparison without a result, hides it."""
        self._ended = ended if ended is not None and ended.scores[0] else None
        if self._ended is not None:
            words = comparison_words(self._ended)
            self.setToolTip(f"{words}.\nA dot is a pair of episodes; the bar is the interval.")
        self.setVisible(self._ended is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 84)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        ended = self._ended
        if ended is None:
            return
        pairs = [a - b for a, b in zip(*ended.scores, strict=True)]
        most = max([1e-9, *(abs(number) for number in (*pairs, ended.low, ended.high))])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, middle = self.width() - 2 * MARGIN, self.height() / 2 - 4
        theme = self._theme

        def at(number: float) -> float:
            return MARGIN + width * (number / most + 1) / 2

        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(MARGIN, middle), QPointF(MARGIN + width, middle))
        painter.setPen(QPen(QColor(theme.muted), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at(0), 6), QPointF(at(0), self.height() - 20))
        interval = QColor(theme.accent)
        interval.setAlphaF(0.28)
        left, right = at(ended.low), at(ended.high)
        painter.fillRect(QRectF(left, middle - 9, max(2.0, right - left), 18), interval)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        for number, pair in enumerate(pairs):  # beside each other, so that equal ones are seen
            rise = (number % 5 - 2) * 4.0
            painter.drawEllipse(QPointF(at(pair), middle + rise), DOT, DOT)
        painter.setPen(QPen(QColor(theme.text), 3))
        mean = at(ended.difference)
        painter.drawLine(QPointF(mean, middle - 13), QPointF(mean, middle + 13))
        painter.setPen(QColor(theme.muted))
        metrics = QFontMetricsF(painter.font())
        line = QRectF(2, self.height() - 18, self.width() - 4, 16)
        first, second = ended.names
        for words, side in (
            (f"← {second}", Qt.AlignmentFlag.AlignLeft),
            (f"{first} →", Qt.AlignmentFlag.AlignRight),
        ):
            short = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, line.width() / 2 - 6)
            painter.drawText(line, side, short)
        painter.drawText(QRectF(2, 2, 90, 16), Qt.AlignmentFlag.AlignLeft, signed(-most))
        ends = QRectF(self.width() - 92, 2, 90, 16)
        painter.drawText(ends, Qt.AlignmentFlag.AlignRight, signed(most))
        painter.end()
