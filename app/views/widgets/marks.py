"""Small shapes that tell things apart without colour, painted and drawn in legends alike."""

from __future__ import annotations

from functools import cache
from typing import Final

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.look.theme import Theme
from nec_engine.messages import Origin

REST_OPACITY: Final = 0.33


def draw_played_mark(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A filled triangle pointing right: this action was played."""
    _fill(painter, _path(((0.15, 0.05), (0.95, 0.5), (0.15, 0.95))), rect, colour)


def draw_best_mark(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """A hollow diamond: this action has the highest Q."""
    inner = rect.adjusted(0.8, 0.8, -0.8, -0.8)
    path = _path(((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)))
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(inner.topLeft())
    painter.scale(inner.width(), inner.height())
    pen = QPen(colour, 1.6)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)
    painter.restore()


def draw_origin_mark(painter: QPainter, rect: QRectF, origin: int, theme: Theme) -> None:
    """The origin of an entry: circle agent, triangle person, square imported, diamond edited."""
    _fill(painter, _origin_path(Origin(origin)), rect, QColor(theme.origins[origin]))


def draw_net_mark(painter: QPainter, rect: QRectF, x: float, colour: QColor) -> None:
    """Where Q stands: an upright line at ``x`` with a head and a foot."""
    painter.fillRect(QRectF(x - 1.0, rect.top(), 2.0, rect.height()), colour)
    painter.fillRect(QRectF(x - 3.0, rect.top(), 6.0, 2.0), colour)
    painter.fillRect(QRectF(x - 3.0, rect.bottom() - 2.0, 6.0, 2.0), colour)


def draw_unfamiliar(painter: QPainter, rect: QRectF, theme: Theme) -> None:
    """The hatching that stands for the unfamiliar (the prior) wherever it is painted."""
    colour = QColor(theme.unfamiliar)
    painter.fillRect(rect, QBrush(colour, Qt.BrushStyle.BDiagPattern))
    painter.setPen(colour)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def rest_colour(colour: str) -> QColor:
    """The pale fill of what is counted together."""
    return faded(colour, REST_OPACITY)


def faded(colour: str, opacity: float) -> QColor:
    """``colour`` (#rrggbb) with ``opacity`` 0 .. 1."""
    result = QColor(colour)
    result.setAlphaF(opacity)
    return result


@cache
def _origin_path(origin: Origin) -> QPainterPath:
    if origin is Origin.AGENT:
        path = QPainterPath()
        path.addEllipse(QRectF(0.05, 0.05, 0.9, 0.9))
        return path
    corners = {
        Origin.PERSON: ((0.5, 0.0), (1.0, 0.95), (0.0, 0.95)),
        Origin.IMPORTED: ((0.08, 0.08), (0.92, 0.08), (0.92, 0.92), (0.08, 0.92)),
        Origin.EDITED: ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)),
    }
    return _path(corners[origin])


@cache
def _path(corners: tuple[tuple[float, float], ...]) -> QPainterPath:
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    return path


def _fill(painter: QPainter, path: QPainterPath, rect: QRectF, colour: QColor) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width(), rect.height())
    painter.fillPath(path, colour)
    painter.restore()
