"""Each action's Q with a region and without it, as bars that reach from one to the other."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.look.theme import DARK, Theme
from app.models.saliency.blurred_change import ActionChange
from app.models.wording import value_text

GAP: Final = 6.0
BAR: Final = 6.0  # thickness
ARROW: Final = 5.0


class ChangeBars(QWidget):
    """A row for each action, as many as there is room for; the newest choice stands first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._rows: tuple[ActionChange, ...] = ()
        self.setAccessibleName("Q of each action before and after the blur")
        self.setMinimumSize(120, 30)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_rows(self, rows: tuple[ActionChange, ...]) -> None:
        self._rows = rows
        self.setAccessibleDescription(", ".join(_spoken(row) for row in rows))
        self.setToolTip("\n".join(_spoken(row) for row in rows))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 110)

    def paintEvent(self, _: QPaintEvent | None) -> None:
        if not self._rows:
            return
        painter = QPainter(self)
        metrics = QFontMetricsF(_bold(self.font()))
        line = metrics.height() + 2
        num = max(1, int(self.height() / line))
        rows = self._rows if len(self._rows) <= num else self._rows[: max(1, num - 1)]
        names = max(metrics.horizontalAdvance(self._name(row)) for row in rows) + 4
        numbers = max(metrics.horizontalAdvance(_numbers(row)) for row in rows) + 2
        field = QRectF(names + GAP, 0, max(20.0, self.width() - names - numbers - 2 * GAP), line)
        ends = [q for row in self._rows for q in (row.before, row.after)]
        low, span = min(ends), max(max(ends) - min(ends), 1e-9)
        for place, row in enumerate(rows):
            field.moveTop(place * line)
            self._paint_row(painter, field, row, low, span)
        if len(rows) < min(num, len(self._rows)):
            painter.setPen(QColor(self.theme.muted))
            left = len(self._rows) - len(rows)
            rest = QRectF(0, len(rows) * line, self.width(), line)
            painter.drawText(rest, f"and {left} more that change less")
        painter.end()

    def _paint_row(
        self, painter: QPainter, field: QRectF, row: ActionChange, low: float, span: float
    ) -> None:
        theme = self.theme
        painter.setFont(_bold(self.font()) if row.is_best else self.font())
        painter.setPen(QColor(theme.text if row.is_best or row.was_best else theme.muted))
        centre = Qt.AlignmentFlag.AlignVCenter
        left, right = QRectF(field), QRectF(field)
        left.setLeft(0.0)
        right.setLeft(field.right() + GAP)
        right.setRight(self.width())
        painter.drawText(left, centre, self._name(row))
        painter.drawText(right, centre, _numbers(row))
        painter.setFont(self.font())
        x_before, x_after = (
            field.left() + ARROW + (q - low) / span * (field.width() - 2 * ARROW)
            for q in (row.before, row.after)
        )
        y = field.center().y()
        colour = QColor(theme.positive if row.after >= row.before else theme.negative)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(
            QRectF(QPointF(x_before, y - BAR / 2), QPointF(x_after, y + BAR / 2)), colour
        )
        painter.setPen(QPen(QColor(theme.text), 1.5))
        painter.drawLine(QPointF(x_before, y - BAR), QPointF(x_before, y + BAR))  # where it was
        way = 0.0 if x_after == x_before else (1.0 if x_after > x_before else -1.0)
        if way:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x_after + way * ARROW, y),
                        QPointF(x_after, y - ARROW),
                        QPointF(x_after, y + ARROW),
                    ]
                )
            )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @staticmethod
    def _name(row: ActionChange) -> str:
        return ("▶ " if row.is_best else "") + row.short_name


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


def _numbers(row: ActionChange) -> str:
    return f"{value_text(row.before)} → {value_text(row.after)}"


def _spoken(row: ActionChange) -> str:
    words = f"{row.name}: Q {_numbers(row)}"
    if row.num_neighbours:
        words += f", {row.num_new} of {row.num_neighbours} neighbours are others"
    if row.was_best:
        words += ", was the choice"
    if row.is_best:
        words += ", is the choice now"
    return words
