"""One row per action: its Q as a bar of contributions, painted as a single widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PyQt6.QtWidgets import QToolTip, QWidget

from app.look.theme import DARK, Theme
from app.models.why.bar_tooltip import row_tooltip
from app.models.why.evidence_bars import Segment, SegmentKind, bar_limits, bar_segments
from app.models.why.value_scale import ValueScale
from app.models.wording import level_text, percent_text, value_text
from app.views.why.bar_layout import BarLayout, bar_layout
from app.views.widgets.marks import (
    draw_best_mark,
    draw_net_mark,
    draw_played_mark,
    draw_unfamiliar,
    faded,
    rest_colour,
)
from nec_engine.messages import Decision

SHADES: Final = (1.0, 0.87, 0.78, 0.71, 0.66, 0.62, 0.58, 0.55)  # opacity by size, largest first
SMALLEST_SEGMENT: Final = 0.15  # pixels; what is smaller leaves no trace
CENTRE: Final = Qt.AlignmentFlag.AlignVCenter


class ActionBars(QWidget):
    """Paints the bars of one decision; a click on a row, or up and down, selects its action."""

    action_clicked = pyqtSignal(object)  # int, or None when the selected row is clicked again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self.scale = ValueScale()
        self.decision: Decision | None = None
        self.segments: tuple[tuple[Segment, ...], ...] = ()
        self.selected: int | None = None
        self._hovered: int | None = None
        self._colours = _colours(self.theme)
        self._layout: BarLayout | None = None
        self._has_prior = False
        self.setAccessibleName("Q of each action")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(220, 120)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._colours = _colours(theme)
        self.update()

    def forget(self) -> None:
        """Another game: neither its scale nor its actions are those of the former."""
        self.scale, self._layout = ValueScale(), None
        self.show_decision(None, 0.0)
        self.set_selected(None)

    def set_selected(self, action: int | None) -> None:
        """Outline the row of ``action``; None outlines none."""
        self.selected = action
        self.update()

    def show_decision(self, decision: Decision | None, now_s: float) -> None:
        """Paint the bars of ``decision`` from now on; None empties the widget."""
        has_prior = decision is not None and any(e.prior_share > 0 for e in decision.evidence)
        if _names(decision) != _names(self.decision):
            self._layout, self._has_prior = None, has_prior
        elif has_prior and not self._has_prior:
            self._layout, self._has_prior = None, True
        self.decision = decision
        evidence = decision.evidence if decision else ()
        self.segments = tuple(bar_segments(part) for part in evidence)
        limits = [bar_limits(segments) for segments in self.segments]
        if limits:
            low, high = min(low for low, _ in limits), max(high for _, high in limits)
            if self.scale.fit(low, high, now_s):
                self._layout = None
        self.update()

    def geometry_of_rows(self) -> BarLayout:
        """Where everything is painted at the present size."""
        if self._layout is None:
            names = _names(self.decision)
            self._layout = bar_layout(
                self.width(), self.height(), self.font(), names, self._widest_number(),
                self._has_prior,
            )  # fmt: skip
        return self._layout

    def x_of(self, value: float) -> float:
        """Where a value lies, in pixels from the left of the widget."""
        layout = self.geometry_of_rows()
        return layout.bar_left + self.scale.position(value) * layout.bar_width

    def segment_at(self, position: QPointF) -> Segment | None:
        """The piece of a bar under the pointer."""
        action = self.geometry_of_rows().action_at(position.y())
        for segment in self.segments[action] if action is not None else ():
            ends = sorted((self.x_of(segment.start), self.x_of(segment.end)))
            if ends[0] <= position.x() < ends[1]:
                return segment
        return None

    def _widest_number(self) -> str:
        """The longest number that the present scale can ask for."""
        span = self.scale.high - self.scale.low
        widest = max(self.scale.high, -self.scale.low)
        return level_text(-widest, span)

    def _click(self, action: int | None) -> None:
        self.set_selected(None if action == self.selected else action)
        self.action_clicked.emit(self.selected)

    def _paint_rows(self, painter: QPainter, decision: Decision, layout: BarLayout) -> None:
        colours, span = self._colours, self.scale.high - self.scale.low
        for action, evidence in enumerate(decision.evidence):
            row = layout.row(action)
            if action == self._hovered:
                painter.fillRect(row, colours.raised)
            is_played = action == decision.action
            size = min(11.0, layout.row_height - 3.0)
            top = row.center().y() - size / 2
            if is_played:
                draw_played_mark(painter, QRectF(3.0, top, size, size), colours.accent)
            if action == decision.best_action:
                draw_best_mark(painter, QRectF(16.0, top, size, size), colours.text)
            painter.setFont(layout.bold if is_played else layout.font)
            is_known = len(evidence.slots) or evidence.network_share
            painter.setPen(colours.text if is_played or is_known else colours.muted)
            painter.drawText(
                layout.name(action), CENTRE | Qt.AlignmentFlag.AlignLeft, layout.names[action]
            )
            number = level_text(evidence.q, span)
            painter.drawText(layout.number(action), CENTRE | Qt.AlignmentFlag.AlignRight, number)
            if evidence.prior_share > 0 and layout.unfamiliar_width > 0:
                self._paint_unfamiliar(painter, layout, action, evidence.prior_share)
            self._paint_bar(painter, layout.bar(action), self.segments[action])
            self._paint_net(painter, layout.bar(action), self.x_of(evidence.q))
            if action == self.selected:
                painter.setPen(QPen(colours.accent, 1.5))
                painter.drawRect(row.adjusted(0.75, 0.75, -0.75, -0.75))

    def _paint_bar(self, painter: QPainter, bar: QRectF, segments: tuple[Segment, ...]) -> None:
        colours = self._colours
        zero, per_unit = self.x_of(0.0), bar.width() / (self.scale.high - self.scale.low)
        for rank, segment in enumerate(segments):
            start, end = zero + segment.start * per_unit, zero + segment.end * per_unit
            width = abs(end - start)
            if width < SMALLEST_SEGMENT:
                continue
            rect = QRectF(min(start, end), bar.top(), width, bar.height())
            if width > 3.0:
                rect.setWidth(width - 1.0)
            if segment.kind is SegmentKind.UNFAMILIAR:
                draw_unfamiliar(painter, rect, self.theme)
            else:
                shades = colours.positive if segment.amount >= 0 else colours.negative
                shade = {SegmentKind.REST: -1, SegmentKind.NETWORK: 0}.get(segment.kind, rank)
                painter.fillRect(rect, shades[shade])

    def _paint_net(self, painter: QPainter, bar: QRectF, x: float) -> None:
        """Q on a halo, so that it shows on any segment."""
        room = bar.adjusted(0.0, -1.0, 0.0, 1.0)
        painter.fillRect(QRectF(x - 2.0, room.top(), 4.0, room.height()), self._colours.panel)
        draw_net_mark(painter, room, x, self._colours.text)

    def _paint_unfamiliar(
        self, painter: QPainter, layout: BarLayout, action: int, share: float
    ) -> None:
        """The prior's share, which pulls Q even when its own value is zero."""
        column = layout.unfamiliar(action)
        size = min(9.0, layout.row_height - 3.0)
        top = column.center().y() - size / 2
        draw_unfamiliar(painter, QRectF(column.left(), top, size, size), self.theme)
        painter.setFont(layout.small)
        painter.setPen(self._colours.muted)
        painter.drawText(
            column.adjusted(size + 4.0, 0, 0, 0),
            CENTRE | Qt.AlignmentFlag.AlignLeft,
            percent_text(share),
        )

    def _paint_axis(self, painter: QPainter, layout: BarLayout) -> None:
        painter.setFont(layout.small)
        metrics = QFontMetricsF(layout.small)
        for value in [*sorted({self.scale.low, self.scale.high}), 0.0]:
            x = self.x_of(value)
            line = self._colours.border if value else self._colours.muted
            painter.fillRect(QRectF(x - 0.5, 0.0, 1.0, layout.bottom + 3.0), line)
            text = value_text(value) if value else "0"
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, 0.0), layout.width - width)
            is_crowded = value and abs(x - self.x_of(0.0)) < width
            if not is_crowded:
                painter.setPen(self._colours.muted)
                painter.drawText(QPointF(left, layout.bottom + 3.0 + metrics.ascent()), text)

    def sizeHint(self) -> QSize:
        return QSize(380, 260)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        if self.decision is None:
            return
        painter = QPainter(self)
        layout = self.geometry_of_rows()
        self._paint_axis(painter, layout)
        self._paint_rows(painter, self.decision, layout)
        painter.end()

    def resizeEvent(self, _: QResizeEvent | None) -> None:
        self._layout = None

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.FontChange:
            self._layout = None
        super().changeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self._hover(self.geometry_of_rows().action_at(event.position().y()))

    def leaveEvent(self, _: QEvent | None) -> None:
        self._hover(None)

    def _hover(self, action: int | None) -> None:
        if action != self._hovered:
            self._hovered = action
            self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is None or event.button() is not Qt.MouseButton.LeftButton:
            return
        action = self.geometry_of_rows().action_at(event.position().y())
        if action is not None:
            self._click(action)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event is None or not self.segments or event.key() not in steps:
            super().keyPressEvent(event)
            return
        present = self.selected if self.selected is not None else self.decision.best_action  # type: ignore[union-attr]  # a key comes to a row
        self._click((present + steps[Qt.Key(event.key())]) % len(self.segments))

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            action = self.geometry_of_rows().action_at(event.pos().y())
            if self.decision is not None and action is not None:
                segment = self.segment_at(QPointF(event.pos()))
                QToolTip.showText(
                    event.globalPos(), row_tooltip(self.decision, action, segment), self
                )
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


@dataclass(frozen=True, slots=True)
class _Colours:
    panel: QColor
    raised: QColor
    border: QColor
    text: QColor
    muted: QColor
    accent: QColor
    positive: tuple[QColor, ...]  # by size of the contribution, the rest last
    negative: tuple[QColor, ...]


def _colours(theme: Theme) -> _Colours:
    return _Colours(
        QColor(theme.panel), QColor(theme.raised), QColor(theme.border), QColor(theme.text),
        QColor(theme.muted), QColor(theme.accent), _shades(theme.positive), _shades(theme.negative),
    )  # fmt: skip


def _shades(colour: str) -> tuple[QColor, ...]:
    return (*(faded(colour, opacity) for opacity in SHADES), rest_colour(colour))


def _names(decision: Decision | None) -> tuple[str, ...]:
    return decision.action_names if decision else ()
