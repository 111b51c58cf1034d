"""Small icons, drawn as shapes in the theme's text colour: sharp at any size, light or dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from app.look.theme import Theme

GRID: Final = 16.0  # the shapes below are drawn on a grid of 16 x 16
_SIZES: Final = (16, 20, 24, 32, 48, 64)


def icon(name: str, theme: Theme) -> QIcon:
    """The icon of an action; its checked state is drawn in the accent colour."""
    made = QIcon()
    for size in _SIZES:
        for mode, state, colour in (
            (QIcon.Mode.Normal, QIcon.State.Off, theme.text),
            (QIcon.Mode.Normal, QIcon.State.On, theme.accent),
            (QIcon.Mode.Disabled, QIcon.State.Off, theme.border),
            (QIcon.Mode.Disabled, QIcon.State.On, theme.border),
        ):
            is_on = state is QIcon.State.On
            shape = _WHEN_ON.get(name, _SHAPES[name]) if is_on else _SHAPES[name]
            made.addPixmap(_drawn(shape, size, QColor(colour)), mode, state)
    return made


def program_icon() -> QIcon:
    """The program's own: a memory's ring of points around a joystick."""
    made = QIcon()
    for size in (*_SIZES, 128, 256):
        made.addPixmap(_drawn(_program, size, QColor("#f0c04a")))
    return made


def _drawn(shape: Callable[[QPainter, QColor], None], size: int, colour: QColor) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / GRID, size / GRID)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    shape(painter, colour)
    painter.end()
    return pixmap


def _triangle(painter: QPainter, x: float, width: float = 8.0) -> None:
    painter.drawPolygon(QPolygonF([QPointF(x, 2.5), QPointF(x + width, 8), QPointF(x, 13.5)]))


def _outline(painter: QPainter, colour: QColor, width: float = 1.6) -> None:
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _pause(painter: QPainter, _: QColor) -> None:
    painter.drawRect(QRectF(3.5, 2.5, 3.2, 11))
    painter.drawRect(QRectF(9.3, 2.5, 3.2, 11))


def _play(painter: QPainter, _: QColor) -> None:
    _triangle(painter, 4.5, 9.0)


def _step(painter: QPainter, _: QColor) -> None:
    _triangle(painter, 2.5)
    painter.drawRect(QRectF(11.2, 2.5, 2.3, 11))


def _rewind(painter: QPainter, _: QColor) -> None:
    for x in (1.5, 8.0):
        painter.drawPolygon(QPolygonF([QPointF(x + 6.5, 3), QPointF(x, 8), QPointF(x + 6.5, 13)]))


def _record(painter: QPainter, _: QColor) -> None:
    painter.drawEllipse(QRectF(3, 3, 10, 10))


def _stop(painter: QPainter, _: QColor) -> None:
    painter.drawRect(QRectF(3.2, 3.2, 9.6, 9.6))


def _save(painter: QPainter, colour: QColor) -> None:
    # An arrow into a tray.
    painter.drawRect(QRectF(7, 1.5, 2, 6))
    painter.drawPolygon(QPolygonF([QPointF(3.8, 6.2), QPointF(12.2, 6.2), QPointF(8, 10.8)]))
    _outline(painter, colour)
    painter.drawPolyline(
        QPolygonF([QPointF(2, 10), QPointF(2, 14), QPointF(14, 14), QPointF(14, 10)])
    )


def _train(painter: QPainter, colour: QColor) -> None:
    # A curve that rises.
    _outline(painter, colour)
    painter.drawPolyline(QPolygonF([QPointF(2, 2), QPointF(2, 14), QPointF(14, 14)]))
    path = QPainterPath(QPointF(4, 11.5))
    path.cubicTo(QPointF(8, 11), QPointF(8, 4.5), QPointF(13.5, 3.5))
    painter.drawPath(path)


def _camera(painter: QPainter, colour: QColor) -> None:
    painter.drawRect(QRectF(5.5, 2.5, 5, 2.5))
    _outline(painter, colour)
    painter.drawRoundedRect(QRectF(1.8, 4.5, 12.4, 9), 1.5, 1.5)
    painter.drawEllipse(QRectF(5.6, 6.4, 4.8, 4.8))


def _program(painter: QPainter, colour: QColor) -> None:
    painter.setBrush(QColor("#1e2127"))
    painter.drawRoundedRect(QRectF(0, 0, GRID, GRID), 3.2, 3.2)
    painter.setBrush(QColor("#56b4e9"))
    for x, y, r in (
        (3.6, 5, 1.3),
        (6.2, 2.8, 0.9),
        (12.6, 4.4, 1.2),
        (3, 9.2, 0.8),
        (13.2, 8.6, 0.9),
    ):
        painter.drawEllipse(QPointF(x, y), r, r)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(3.5, 11, 9, 2.8), 1, 1)
    painter.setPen(QPen(colour, 1.5))
    painter.drawLine(QPointF(8, 11), QPointF(8.6, 7))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QPointF(8.7, 6.2), 1.9, 1.9)


_SHAPES: Final[dict[str, Callable[[QPainter, QColor], None]]] = {
    "pause": _pause,
    "step": _step,
    "rewind": _rewind,
    "record": _record,
    "save": _save,
    "train": _train,
    "screenshot": _camera,
}
_WHEN_ON: Final[dict[str, Callable[[QPainter, QColor], None]]] = {"pause": _play, "record": _stop}
