"""What the colours of the map mean: a ramp with its numbers, or kinds with their names."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent, QResizeEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import DARK, Theme
from app.models.map.map_colours import NUM_LEVELS, Kind, Ramp
from nec_engine.messages import U32

SWATCH: Final = 9.0
GAP: Final = 10.0
RAMP_HEIGHT: Final = 7.0


class MapLegend(QWidget):
    """Painted; as high as its lines need. The tooltip has all of it in words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        self._legend: Ramp | tuple[Kind, ...] = ()
        self._palette = np.zeros(NUM_LEVELS, np.uint32)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("What the colours mean")
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_legend(self, legend: Ramp | tuple[Kind, ...], palette: U32, about: str) -> None:
        """Show what the colours of ``palette`` mean; ``about``: a sentence for the tooltip."""
        self._legend, self._palette = legend, palette
        words = self._words()
        self.setAccessibleDescription(words)
        self.setToolTip(f"{about}\n{words}" if words else about)
        self._fit()
        self.update()

    def _words(self) -> str:
        if isinstance(self._legend, Ramp):
            ends = (self._legend.low, self._legend.middle, self._legend.high)
            return " · ".join(text for text in ends if text)
        return " · ".join(kind.text for kind in self._legend)

    def _places(self) -> list[tuple[Kind, QPointF]]:
        """Where each kind's swatch stands: from left to right, in as many lines as it takes."""
        assert not isinstance(self._legend, Ramp)
        metrics = QFontMetricsF(self.font())
        places, x, y = [], 0.0, 0.0
        for kind in self._legend:
            width = SWATCH + 4 + metrics.horizontalAdvance(kind.text)
            if x > 0 and x + width > self.width():
                x, y = 0.0, y + metrics.lineSpacing()
            places.append((kind, QPointF(x, y)))
            x += width + GAP
        return places

    def _fit(self) -> None:
        line = QFontMetricsF(self.font()).lineSpacing()
        if isinstance(self._legend, Ramp):
            height = line + RAMP_HEIGHT + 2
        else:
            places = self._places()
            height = (places[-1][1].y() if places else 0.0) + line
        self.setFixedHeight(round(height) + 2)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        if isinstance(self._legend, Ramp):
            self._paint_ramp(painter, self._legend)
        else:
            self._paint_kinds(painter)
        painter.end()

    def _paint_ramp(self, painter: QPainter, legend: Ramp) -> None:
        row = self._palette.tobytes()
        image = QImage(row, len(self._palette), 1, len(row), QImage.Format.Format_RGB32)
        painter.drawImage(QRectF(0, 0, self.width(), RAMP_HEIGHT), image)
        metrics = QFontMetricsF(self.font())
        painter.setPen(QColor(self._theme.muted))
        baseline = RAMP_HEIGHT + 1 + metrics.ascent()
        for text, part in ((legend.low, 0.0), (legend.middle, 0.5), (legend.high, 1.0)):
            x = part * (self.width() - metrics.horizontalAdvance(text))
            painter.drawText(QPointF(x, baseline), text)

    def _paint_kinds(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self.font())
        for kind, place in self._places():
            top = place.y() + (metrics.height() - SWATCH) / 2
            colour = QColor.fromRgb(int(self._palette[kind.code]))
            painter.fillRect(QRectF(place.x(), top, SWATCH, SWATCH), colour)
            painter.setPen(QColor(self._theme.text))
            at = QPointF(place.x() + SWATCH + 4, place.y() + metrics.ascent())
            painter.drawText(at, kind.text)
