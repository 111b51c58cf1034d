"""What is painted over the map: the live dot, its tail and neighbours, the selected entry.

Each has a shape of its own, in two colours, so that it stands out on any ground.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PyQt6.QtCore import QPointF, QRect, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.look.theme import Theme
from app.views.widgets.marks import faded

DOT: Final = 5.0  # radius, pixels
LARGEST_RING: Final = 9.0  # of a neighbour that has the whole share
SMALLEST_RING: Final = 2.5
LEAST_SHARE: Final = 0.01  # less is not drawn
CARD_MARGIN: Final = 6.0
CARD_GAP: Final = 12.0  # from the pointer
CARD_PICTURE: Final = (150, 104)


def draw_tail(painter: QPainter, points: Sequence[QPointF], theme: Theme) -> None:
    """The way of the last decisions, the older the thinner and paler."""
    for i in range(1, len(points)):
        part = i / len(points)
        for colour, more in ((theme.panel, 2.0), (theme.text, 0.0)):
            painter.setPen(QPen(faded(colour, 0.1 + 0.7 * part), 0.5 + 1.2 * part + more))
            painter.drawLine(points[i - 1], points[i])


def draw_neighbours(
    painter: QPainter, points: Sequence[QPointF], shares: Sequence[float], theme: Theme
) -> None:
    """A ring around each neighbour that has a say, the larger its share the larger."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for point, share in zip(points, shares, strict=True):
        if share < LEAST_SHARE:
            continue
        radius = SMALLEST_RING + (LARGEST_RING - SMALLEST_RING) * share**0.5
        for colour, width in ((theme.panel, 3.0), (theme.text, 1.2)):
            painter.setPen(QPen(QColor(colour), width))
            painter.drawEllipse(point, radius, radius)


def draw_dot(painter: QPainter, point: QPointF, theme: Theme) -> None:
    """Where the agent is now: a disc with a rim."""
    painter.setPen(QPen(QColor(theme.panel), 6.0))
    painter.setBrush(QColor(theme.accent))
    painter.drawEllipse(point, DOT, DOT)
    painter.setPen(QPen(QColor(theme.text), 2.0))
    painter.drawEllipse(point, DOT, DOT)


def draw_selected(painter: QPainter, point: QPointF, theme: Theme) -> None:
    """A square with a cross-hair through it: the entry that is selected in all views."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    square = QRectF(point.x() - 6, point.y() - 6, 12, 12)
    for colour, width in ((theme.panel, 4.0), (theme.text, 1.6)):
        painter.setPen(QPen(QColor(colour), width))
        painter.drawRect(square)
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(dx, dy)
            painter.drawLine(point + way * 6, point + way * 13)


def draw_lasso(painter: QPainter, polygon: QPolygonF, theme: Theme) -> None:
    """A dashed line around what is chosen."""
    painter.setBrush(faded(theme.accent, 0.15))
    for colour, width, style in (
        (theme.panel, 4.0, Qt.PenStyle.SolidLine),
        (theme.accent, 2.0, Qt.PenStyle.DashLine),
    ):
        painter.setPen(QPen(QColor(colour), width, style))
        painter.drawPolygon(polygon)
        painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_words(painter: QPainter, room: QRectF, words: tuple[str, str], theme: Theme) -> None:
    """A line and, below it, what to do: in place of a map."""
    line, more = words
    room = room.adjusted(12, 12, -12, -12)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    half = room.height() / 2
    painter.setPen(QColor(theme.text))
    painter.drawText(room.adjusted(0, 0, 0, -half), flags | Qt.AlignmentFlag.AlignBottom, line)
    painter.setPen(QColor(theme.muted))
    painter.drawText(room.adjusted(0, half + 6, 0, 0), flags | Qt.AlignmentFlag.AlignTop, more)


def draw_card(
    painter: QPainter,
    canvas: QRect,
    pointer: QPointF,
    image: QImage | None,
    instead: str,
    lines: Sequence[str],
    theme: Theme,
) -> None:
    """A picture, or words ``instead``, over some lines; beside the pointer, inside the canvas."""
    metrics = painter.fontMetrics()
    text_height = metrics.lineSpacing() * len(lines)
    width = min(CARD_PICTURE[0] + 2 * CARD_MARGIN, canvas.width())
    height = min(CARD_PICTURE[1] + text_height + 3 * CARD_MARGIN, canvas.height())
    x = pointer.x() + CARD_GAP
    if x + width > canvas.width():
        x = max(pointer.x() - CARD_GAP - width, 0)
    y = min(max(pointer.y() - height / 2, 0), canvas.height() - height)
    card = QRectF(x, y, width, height).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(QColor(theme.border), 1.0))
    painter.setBrush(QColor(theme.raised))
    painter.drawRoundedRect(card, 4, 4)
    inner = card.adjusted(CARD_MARGIN, CARD_MARGIN, -CARD_MARGIN, -CARD_MARGIN)
    picture = inner.adjusted(0, 0, 0, -text_height - CARD_MARGIN)
    painter.setPen(QColor(theme.muted))
    if image is None:
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(picture, flags, instead)
    else:
        shown = QRectF(QPointF(), image.deviceIndependentSize())
        shown.moveCenter(picture.center())
        painter.drawImage(shown.topLeft(), image)
    painter.setPen(QColor(theme.text))
    for i, line in enumerate(lines):
        baseline = inner.bottom() - text_height + i * metrics.lineSpacing() + metrics.ascent()
        text = metrics.elidedText(line, Qt.TextElideMode.ElideRight, round(inner.width()))
        painter.drawText(QPointF(inner.left(), baseline), text)
