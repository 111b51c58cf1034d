"""The shapes of the action bars in words."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from app.look.theme import DARK, Theme
from app.views.widgets.marks import (
    draw_best_mark,
    draw_net_mark,
    draw_played_mark,
    draw_unfamiliar,
    rest_colour,
)

MARK_SIZE = 10.0
GAP = 12.0


class BarLegend(QWidget):
    """One line; leaves out what there is no room for, the tooltip has it all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        self.setFont(font)
        self.setFixedHeight(round(QFontMetricsF(font).height()) + 2)
        self.setAccessibleName("What the marks mean")
        self.setToolTip(
            "Filled triangle: the action that was played. Diamond: the best action.\n"
            "A bar is made of its neighbours' contributions (share × value), the eight largest"
            " one by one,\nthe rest as one pale piece, what is below zero to the left;"
            " the upright line stands where they add up: at Q.\n"
            "Hatched: unfamiliar, the say that no memory has because none is near,"
            " or because what you taught is nearer."
        )

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, self.height())

    def paintEvent(self, _: QPaintEvent | None) -> None:
        theme, painter = self._theme, QPainter(self)
        metrics = QFontMetricsF(self.font())
        x, top = 4.0, (self.height() - MARK_SIZE) / 2
        for words, draw in _entries(theme):
            width = MARK_SIZE + 4.0 + metrics.horizontalAdvance(words)
            if x + width > self.width():
                break
            draw(painter, QRectF(x, top, MARK_SIZE, MARK_SIZE))
            painter.setPen(QColor(theme.muted))
            painter.drawText(QPointF(x + MARK_SIZE + 4.0, top + MARK_SIZE - 1.0), words)
            x += width + GAP
        painter.end()


def _entries(theme: Theme) -> tuple[tuple[str, Callable[[QPainter, QRectF], None]], ...]:
    text = QColor(theme.text)
    return (
        ("played", lambda painter, rect: draw_played_mark(painter, rect, QColor(theme.accent))),
        ("best", lambda painter, rect: draw_best_mark(painter, rect, text)),
        ("Q", lambda painter, rect: draw_net_mark(painter, rect, rect.center().x(), text)),
        ("the rest", lambda painter, rect: painter.fillRect(rect, rest_colour(theme.positive))),
        ("unfamiliar", lambda painter, rect: draw_unfamiliar(painter, rect, theme)),
    )
