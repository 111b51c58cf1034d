"""What the agent sees: its four screens, and beside each the same with the heat over it."""

from __future__ import annotations

from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPaintEvent
from PyQt6.QtWidgets import QWidget

from app.look.theme import DARK, Theme
from app.views.neighbours.card_pictures import grey_image, rgb_image
from app.views.saliency.heat import DIMMING, GLOW
from nec_engine.messages import F32, U8

GAP: Final = 4.0
SMOOTH: Final = QPainter.RenderHint.SmoothPixmapTransform
_WHEN: Final = ("3 steps ago", "2 steps ago", "1 step ago", "now")
_SHORT_WHEN: Final = ("−3", "−2", "−1", "now")


class ScreensView(QWidget):
    """Four screens in a row; below them, when there is room, the same four with heat."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._screens: tuple[QImage, ...] = ()
        self._heated: tuple[QImage, ...] = ()
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
            self._heated = ()
        else:
            pull = np.abs(gradient).astype(np.float32)
            strongest = float(pull.max())
            heat = pull / strongest if strongest > 0 else pull
            self._heated = tuple(
                rgb_image(_lit(screen, part, opacity))
                for screen, part in zip(observation, heat, strict=True)
            )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 200)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
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
            words = _WHEN[i] if metrics.horizontalAdvance(_WHEN[0]) <= side else _SHORT_WHEN[i]
            painter.setPen(QColor(self.theme.muted))
            middle = x + side / 2 - metrics.horizontalAdvance(words) / 2
            painter.drawText(QPointF(middle, lower.bottom() + 1.0 + metrics.ascent()), words)
        painter.end()

    def _paint_screen(
        self, painter: QPainter, rect: QRectF, images: tuple[QImage, ...], index: int
    ) -> None:
        if images:
            is_smaller = rect.width() * self.devicePixelRatioF() < images[index].width()
            painter.setRenderHint(SMOOTH, is_smaller)
            painter.drawImage(rect, images[index])
        else:
            painter.setPen(QColor(self.theme.border))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _lit(screen: U8, heat: F32, opacity: float) -> U8:
    """uint8[84, 84, 3]: a screen in the same light as the game's picture."""
    fine = heat[..., None]
    glow = 0.75 * opacity * fine
    dim = 1.0 - opacity * DIMMING * (1.0 - fine)
    lit: U8 = (screen[..., None] * dim * (1.0 - glow) + glow * GLOW).astype(np.uint8)
    return lit
