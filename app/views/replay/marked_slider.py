"""A slider over the steps of an episode, with a mark and a range painted on it."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PyQt6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QWidget

from app.look.theme import DARK, Theme

PAGE_STEPS: Final = 10
MARK: Final = 5.0  # half the width of the mark, in pixels


class MarkedSlider(QSlider):
    """A click jumps to where it is. Left and Right go one step, Page Up and Down ten."""

    play_pressed = pyqtSignal()  # Space

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = DARK
        self._mark: int | None = None
        self._range: tuple[int, int] | None = None
        self.setPageStep(PAGE_STEPS)
        self.setMinimumHeight(26)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_mark(self, value: int | None) -> None:
        """Paint a small arrow over ``value``; None: no arrow."""
        self._mark = value
        self.update()

    def set_range(self, ends: tuple[int, int] | None) -> None:
        """Paint a line under the values from the first to the second; None: no line."""
        self._range = ends
        self.update()

    def x_of(self, value: int) -> float:
        """Where the middle of the handle is at ``value``, in pixels."""
        handle = self._handle_width()
        span = max(1, self.maximum() - self.minimum())
        part = (value - self.minimum()) / span
        return handle / 2 + part * (self.width() - handle)

    def _value_at(self, x: float) -> int:
        handle = self._handle_width()
        part = (x - handle / 2) / max(1, self.width() - handle)
        return round(self.minimum() + part * (self.maximum() - self.minimum()))

    def _handle_width(self) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        style = self.style()
        assert style is not None
        return style.pixelMetric(QStyle.PixelMetric.PM_SliderLength, option, self)

    def sizeHint(self) -> QSize:
        return QSize(200, 26)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() is Qt.MouseButton.LeftButton:
            self.setValue(self._value_at(event.position().x()))
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.play_pressed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._range is not None:
            left, right = (self.x_of(value) for value in self._range)
            line = QRectF(left, self.height() - 4.0, max(2.0, right - left), 3.0)
            painter.fillRect(line, QColor(self._theme.positive))
        if self._mark is not None:
            x = self.x_of(self._mark)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.accent))
            corners = [QPointF(x - MARK, 0), QPointF(x + MARK, 0), QPointF(x, 1.4 * MARK)]
            painter.drawPolygon(QPolygonF(corners))
        painter.end()
