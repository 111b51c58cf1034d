"""The timeline as it is painted, without what moves: marks, score, familiarity, branches."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Final

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QBrush, QColor, QPainter, QPen, QPolygonF

from app.models.timeline_columns import Columns
from app.models.timeline_ruler import NUM_LANES, Ruler
from app.theme import Theme
from app.views.timeline_marks import ORDER, SIZE, draw_flag, draw_mark
from nec_engine.messages import F32, Mark, QuickState

MARKS: Final = SIZE + 4  # pixels: the lane of the bookmarks
BAND: Final = 6  # the familiarity band
LANE: Final = 6  # a branch below
GAP: Final = 2


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A bookmark and where it is."""

    place: int
    mark: Mark


@dataclass(frozen=True, slots=True)
class Lanes:
    """Where things are in a strip of this size."""

    width: int
    height: int

    @property
    def marks(self) -> QRectF:
        return QRectF(0, 0, self.width, MARKS)

    @property
    def plot(self) -> QRectF:
        bottom = self.height - NUM_LANES * LANE - BAND - 2 * GAP
        return QRectF(0, MARKS, self.width, max(8.0, bottom - MARKS))

    @property
    def band(self) -> QRectF:
        return QRectF(0, self.plot.bottom() + GAP, self.width, BAND)

    def branch(self, lane: int) -> QRectF:
        return QRectF(0, self.band.bottom() + GAP + lane * LANE, self.width, LANE)


def marks_on(ruler: Ruler) -> tuple[PlacedMark, ...]:
    """The bookmarks of what is on the ruler itself, the rarest kinds last."""
    placed = [
        PlacedMark(stretch.place + mark.step - stretch.first_step, mark)
        for stretch in ruler.stretches
        for mark in stretch.episode.marks
        if 0 <= mark.step - stretch.first_step < max(1, stretch.num_steps)
    ]
    return tuple(sorted(placed, key=lambda item: ORDER.index(item.mark.kind)))


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
    _paint_band(painter, lanes, columns, theme)
    _paint_score(painter, lanes, columns, theme)
    painter.setPen(QPen(QColor(theme.border), 1, Qt.PenStyle.DashLine))
    for stretch in ruler.stretches[1:]:  # where an episode began
        x = round(stretch.place * per_place) + 0.5
        painter.drawLine(QPointF(x, lanes.plot.top()), QPointF(x, lanes.band.bottom()))
    _paint_branches(painter, lanes, ruler, per_place, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for item in marks:
        draw_mark(painter, item.mark, item.place * per_place, 1.0, theme)
    for state in quick_states:
        place = ruler.place_of(state.moment)
        if place is not None:
            draw_flag(painter, state.slot, place * per_place, 0.0, theme)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_score(painter: QPainter, lanes: Lanes, columns: Columns, theme: Theme) -> None:
    plot = lanes.plot
    painter.fillRect(plot, QColor(theme.raised))
    for first, last in _runs(columns.is_person):
        if columns.is_person[first]:
            person = QRectF(first, plot.top(), last - first, plot.height())
            painter.fillRect(person, QBrush(QColor(theme.origins[1]), Qt.BrushStyle.Dense6Pattern))
    if not columns.scores.size:
        return
    low, high = columns.score_range
    inner = plot.adjusted(0, 2, 0, -2)
    ys = inner.bottom() - (columns.scores - low) / (high - low) * inner.height()
    points, before = [], float(ys[0])
    for x, y in enumerate(ys.tolist()):  # stairs
        if y != before:
            points.append(QPointF(x, before))
        points.append(QPointF(x, y))
        before = y
    points.append(QPointF(len(ys), before))
    painter.setPen(QPen(QColor(theme.curves[0]), 1.6))
    painter.drawPolyline(QPolygonF(points))


def _paint_band(painter: QPainter, lanes: Lanes, columns: Columns, theme: Theme) -> None:
    """High where the agent knows its way, low where it is far; hatched where nobody asked."""
    band = lanes.band
    unknown = QBrush(QColor(theme.border), Qt.BrushStyle.BDiagPattern)
    levels = np.nan_to_num(np.ceil(columns.familiarity * BAND), nan=-1.0)
    painter.fillRect(band, QColor(theme.raised))
    for first, last in _runs(levels):
        level = float(levels[first])
        if level < 0:
            painter.fillRect(QRectF(first, band.top(), last - first, BAND), unknown)
        else:
            known = QRectF(first, band.bottom() - level, last - first, level)
            painter.fillRect(known, QColor(theme.curves[3]))


def _runs(values: F32) -> list[tuple[int, int]]:
    """Where equal values stand side by side: first and one past the last."""
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), len(values)]
    return [(a, b) for a, b in itertools.pairwise(bounds) if b > a]


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
