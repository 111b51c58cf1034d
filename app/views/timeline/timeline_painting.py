"""The timeline as it is painted: marks, score, familiarity, branches; the cursor over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from app.look.theme import Theme
from app.models.timeline.timeline_columns import Columns
from app.models.timeline.timeline_marks import PlacedMark
from app.models.timeline.timeline_ruler import Ruler
from app.views.timeline.timeline_marks import SIZE, draw_flag, draw_mark
from nec_engine.messages import QuickState

MARKS: Final = round(SIZE) + 4  # pixels: the lane of the bookmarks
BAND: Final = 6  # the familiarity band
LANE: Final = 6  # a branch below
GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where things are in a strip of this size."""

    width: int
    height: int
    num_branches: int  # lanes of them

    @property
    def marks(self) -> QRectF:
        return QRectF(0, 0, self.width, MARKS)

    @property
    def plot(self) -> QRectF:
        bottom = self.height - self.num_branches * LANE - BAND - 2 * GAP
        return QRectF(0, MARKS, self.width, max(8, bottom - MARKS))

    @property
    def band(self) -> QRectF:
        return QRectF(0, self.plot.bottom() + GAP, self.width, BAND)

    def branch(self, lane: int) -> QRectF:
        return QRectF(0, self.band.bottom() + GAP + lane * LANE, self.width, LANE)


def paint_ground(
    painter: QPainter,
    lanes: Lanes,
    ruler: Ruler,
    columns: Columns,
    marks: tuple[PlacedMark, ...],
    quick_states: tuple[QuickState, ...],
    theme: Theme,
) -> None:
    """Everything but the cursor."""
    per_place = lanes.width / ruler.span
    _paint_columns(painter, lanes, columns, theme)
    _paint_score(painter, lanes, columns, theme)
    painter.setPen(QPen(QColor(theme.border), 1, Qt.PenStyle.DashLine))
    # Where an episode began; of many on the same pixel one line.
    for pixel in sorted({round(stretch.place * per_place) for stretch in ruler.stretches[1:]}):
        x = pixel + 0.5
        painter.drawLine(QPointF(x, lanes.plot.top()), QPointF(x, lanes.band.bottom()))
    _paint_branches(painter, lanes, ruler, per_place, theme)
    for item in marks:
        draw_mark(painter, item.mark, item.place * per_place, 1.0, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for state in quick_states:
        place = ruler.place_of(state.moment)
        if place is not None:
            draw_flag(painter, state.slot, place * per_place, 0.0, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_cursor(painter: QPainter, lanes: Lanes, x: int | None, colour: str) -> None:
    """An upright line with a head; nothing where ``x`` is None."""
    if x is None:
        return
    top, bottom = lanes.plot.top() - 2, lanes.band.bottom()
    at = min(x, lanes.width - 1) + 0.5
    painter.setPen(QColor(colour))
    painter.drawLine(QPointF(at, top), QPointF(at, bottom))
    painter.setBrush(QColor(colour))
    head = [QPointF(at - 4, top - 3), QPointF(at + 4, top - 3), QPointF(at, top + 3)]
    painter.drawPolygon(QPolygonF(head))


def _paint_score(painter: QPainter, lanes: Lanes, columns: Columns, theme: Theme) -> None:
    if not columns.scores.size:
        return
    low, high = columns.score_range
    inner = lanes.plot.adjusted(0, 2, 0, -2)
    ys = inner.bottom() - (columns.scores - low) / (high - low) * inner.height()
    turns = [0, *(np.flatnonzero(np.diff(ys)) + 1).tolist()]
    points = []
    for turn, after in zip(turns, [*turns[1:], len(ys)], strict=True):  # stairs
        points += [QPointF(turn, ys[turn]), QPointF(after, ys[turn])]
    painter.setPen(QPen(QColor(theme.curves[0]), 2))
    painter.drawPolyline(QPolygonF(points))


def _paint_columns(painter: QPainter, lanes: Lanes, columns: Columns, theme: Theme) -> None:
    """Behind the score dots where a person played; below it the familiarity.

    High where the agent knows its way, low where it is far; hatched where nobody asked. Pixel by
    pixel as an array: hundreds of rectangles would take longer than a frame.
    """
    top, bottom = round(lanes.plot.top()), round(lanes.band.bottom())
    raised, panel = _rgb32(theme.raised), _rgb32(theme.panel)
    pixels = np.full((bottom - top, lanes.width), panel, np.uint32)
    plot_height = round(lanes.plot.height())
    pixels[:plot_height] = raised
    width = len(columns.is_person)
    y, x = np.mgrid[0:plot_height, 0:width]
    dots = (columns.is_person > 0) & ((x + 2 * y) % 4 == 0)
    pixels[:plot_height, :width][dots] = _rgb32(theme.origins[1])
    band = pixels[-BAND:]
    band[:] = raised
    y, x = np.mgrid[0:BAND, 0:width]
    level = np.ceil(columns.familiarity * BAND)
    band[:, :width][BAND - y <= level] = _rgb32(theme.curves[3])
    band[:, :width][np.isnan(level) & ((x + y) % 3 == 0)] = _rgb32(theme.muted)
    height = bottom - top
    image = QImage(pixels.tobytes(), lanes.width, height, QImage.Format.Format_RGB32)
    painter.drawImage(0, top, image)


def _rgb32(colour: str) -> int:
    return QColor(colour).rgb()


def _paint_branches(
    painter: QPainter, lanes: Lanes, ruler: Ruler, per_place: float, theme: Theme
) -> None:
    """A line for each course that was left, from where it parted."""
    for branch in ruler.branches:
        y = lanes.branch(branch.lane).center().y()
        first, last = branch.stretch.place * per_place, branch.stretch.end * per_place
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawLine(QPointF(first, lanes.band.bottom()), QPointF(first, y))
        painter.setPen(QPen(QColor(theme.muted), 2))
        painter.drawLine(QPointF(first, y), QPointF(max(last, first + 2), y))
