"""Bookmarks of the timeline: a shape each, told apart without colour."""

from __future__ import annotations

from functools import cache
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.look.theme import Theme
from nec_engine.messages import Mark, MarkKind

SIZE: Final = 9.0  # pixels
LEGEND: Final = (
    "▲ reward (▼ a negative one)   ✕ life lost   ■ you took over   ○ first far from all memories   "
    "◆ biggest fall of Q   ★ biggest surprise   ⚑ quick state\n"
    "Line: score. Dotted: you played. Band: familiarity, hatched where the agent was not asked. "
    "Below: courses that were left. Dashed: where an episode began. Ring: the selected memory."
)

_STAR: Final = (
    (0.5, 0.0), (0.62, 0.36), (1.0, 0.38), (0.69, 0.6), (0.81, 1.0),
    (0.5, 0.76), (0.19, 1.0), (0.31, 0.6), (0.0, 0.38), (0.38, 0.36),
)  # fmt: skip
_UP: Final = ((0.5, 0.1), (0.95, 0.9), (0.05, 0.9))
_DOWN: Final = ((0.5, 0.9), (0.95, 0.1), (0.05, 0.1))
_DIAMOND: Final = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))


def draw_mark(painter: QPainter, mark: Mark, x: float, top: float, theme: Theme) -> None:
    """The bookmark's shape, centred at ``x``."""
    device = painter.device()
    ratio = 1.0 if device is None else device.devicePixelRatioF()
    image = _image(mark.kind, mark.amount >= 0, theme, ratio)
    painter.drawImage(QPointF(x - SIZE / 2 - 1, top - 1), image)


@cache
def _image(kind: MarkKind, is_gain: bool, theme: Theme, ratio: float) -> QImage:
    """The shape, smooth, with a free pixel around; there may be hundreds of one kind."""
    side = round((SIZE + 2) * ratio)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_shape(painter, kind, is_gain, QRectF(1, 1, SIZE, SIZE), theme)
    painter.end()
    return image


def _draw_shape(
    painter: QPainter, kind: MarkKind, is_gain: bool, box: QRectF, theme: Theme
) -> None:
    match kind:
        case MarkKind.REWARD:
            colour = theme.positive if is_gain else theme.negative
            _polygon(painter, _UP if is_gain else _DOWN, box, colour)
        case MarkKind.LIFE_LOST:
            _pen(painter, theme.warning, 2.0)
            inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        case MarkKind.TAKEOVER:
            painter.fillRect(box.adjusted(1, 1, -1, -1), QColor(theme.origins[1]))
        case MarkKind.FAR:
            _pen(painter, theme.text, 1.6)
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        case MarkKind.FALL:
            _polygon(painter, _DIAMOND, box, theme.negative)
        case MarkKind.SURPRISE:
            _polygon(painter, _STAR, box.adjusted(-1, -1, 1, 1), theme.accent)


def draw_flag(painter: QPainter, slot: int, x: float, top: float, theme: Theme) -> None:
    """A quick state: a pole with the number of its slot."""
    painter.fillRect(QRectF(x - 0.5, top, 1.0, SIZE + 4), QColor(theme.text))
    cloth = QRectF(x, top, SIZE, SIZE)
    painter.fillRect(cloth, QColor(theme.text))
    painter.setPen(QColor(theme.panel))
    font = painter.font()
    font.setPixelSize(8)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(cloth, Qt.AlignmentFlag.AlignCenter, str(slot))


def _pen(painter: QPainter, colour: str, width: float) -> None:
    painter.setPen(QPen(QColor(colour), width))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _polygon(
    painter: QPainter, corners: tuple[tuple[float, float], ...], box: QRectF, colour: str
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(box.left() + x * box.width(), box.top() + y * box.height())
                for x, y in corners
            ]
        )
    )
