"""What the agent sees: its four screens, and beside each the same with the heat over it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from app.models.colour_map import heat_rgba
from app.theme import DARK, Theme
from app.views.card_pictures import grey_image
from nec_engine.messages import F32, U8

GAP: Final = 4.0
_WHEN: Final = ("3 steps ago", "2 steps ago", "1 step ago", "now")
_SHORT_WHEN: Final = ("−3", "−2", "−1", "now")


class ScreensView(QWidget):
    """Four screens in a row; below them, when there is room, the same four with heat."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._screens: tuple[QImage, ...] = ()
        self._heated: tuple[QImage, ...] = ()
        self._heats: tuple[QImage, ...] = ()
        self.setAccessibleName("What the agent sees: its four screens of 84 by 84, oldest first")
        self.setMinimumSize(200, 70)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_screens(self, observation: U8 | None) -> None:
        """``observation``: uint8[4, 84, 84], oldest first; None shows nothing."""
        self._screens = () if observation is None else tuple(grey_image(s) for s in observation)
        self.update()

    def show_heat(self, observation: U8 | None, gradient: F32 | None, opacity: float) -> None:
        """The screens a map was made of, with the pull of each pixel over them.

        ``gradient``: float32[4, 84, 84]; the hottest pixel of all four is 1.
        """
        if observation is None or gradient is None:
            self._heated = self._heats = ()
        else:
            pull = np.abs(gradient).astype(np.float32)
            strongest = float(pull.max())
            heat = pull / strongest if strongest > 0 else pull
            self._heated = tuple(grey_image(screen) for screen in observation)
            self._heats = tuple(_heat_image(heat_rgba(part, opacity)) for part in heat)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 200)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        metrics = QFontMetricsF(self.font())
        caption = metrics.height() + 1.0
        width = (self.width() - 3 * GAP) / 4
        num_rows = 2 if self.height() >= 2 * min(width, 60.0) + caption + GAP else 1
        side = min(width, (self.height() - caption - (num_rows - 1) * GAP) / num_rows)
        left = (self.width() - 4 * side - 3 * GAP) / 2
        for i in range(4):
            x = left + i * (side + GAP)
            upper = QRectF(x, 0.0, side, side)
            lower = QRectF(x, side + GAP, side, side) if num_rows == 2 else upper
            self._paint_screen(painter, upper, self._screens, i)
            if self._heated or num_rows == 2:
                self._paint_screen(painter, lower, self._heated, i)
                if self._heats:
                    painter.drawImage(lower, self._heats[i])
            words = _WHEN[i] if metrics.horizontalAdvance(_WHEN[0]) <= side else _SHORT_WHEN[i]
            painter.setPen(QColor(self.theme.muted))
            middle = x + side / 2 - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(middle, lower.bottom() + 1.0 + metrics.ascent()), words)
        painter.end()

    def _paint_screen(
        self, painter: QPainter, rect: QRectF, images: tuple[QImage, ...], index: int
    ) -> None:
        if images:
            painter.drawImage(rect, images[index])
        else:
            painter.setPen(QColor(self.theme.border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _heat_image(rgba: U8) -> QImage:
    height, width, _ = rgba.shape
    return QImage(rgba.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
