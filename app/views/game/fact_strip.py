"""Six numbers with their names in two lines; what each means is told to the pointer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.look.theme import DARK, Theme

NUM_COLUMNS: Final = 3
NUM_LINES: Final = 2
GAP: Final = 8.0
SMALLER: Final = (0.9, 0.84, 0.78, 0.72)  # of the panel's font; the first that fits


@dataclass(frozen=True, slots=True)
class Fact:
    """What one number is called, and what it means."""

    name: str
    explanation: str


class FactStrip(QWidget):
    """Painted, because its numbers change fifteen times a second."""

    def __init__(
        self, facts: tuple[Fact, ...], widths: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        """``widths``: parts of the whole width, one for each of the ``NUM_COLUMNS`` columns."""
        super().__init__(parent)
        self.theme: Theme = DARK
        self.texts: dict[str, str] = {fact.name: "–" for fact in facts}
        self._facts = facts
        self._widths = widths
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(round(NUM_LINES * QFontMetricsF(self._font(SMALLER[0])).height()) + 2)
        self.setAccessibleName("The decision in numbers")

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.update()

    def show_facts(self, texts: dict[str, str]) -> None:
        """Show one text for each fact, by name."""
        self.texts = texts
        self.setAccessibleDescription(", ".join(f"{name} {text}" for name, text in texts.items()))
        self.update()

    def cell(self, index: int) -> QRectF:
        """Where fact ``index`` is painted."""
        line, column = divmod(index, NUM_COLUMNS)
        room = self.width() - (NUM_COLUMNS - 1) * GAP
        before = room * sum(self._widths[:column]) / sum(self._widths) + column * GAP
        width = room * self._widths[column] / sum(self._widths)
        height = self.height() / NUM_LINES
        return QRectF(before, line * height, width, height)

    def _font(self, part: float) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * part)
        return font

    def _fitting_font(self) -> QFont:
        """One size for all, so that a growing number does not change its own."""
        for part in SMALLER:
            font = self._font(part)
            metrics = QFontMetricsF(font)
            if all(
                metrics.horizontalAdvance(f"{fact.name} {self.texts[fact.name]}")
                <= self.cell(i).width()
                for i, fact in enumerate(self._facts)
            ):
                break
        return font

    def sizeHint(self) -> QSize:
        return QSize(260, self.height())

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        font = self._fitting_font()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for i, fact in enumerate(self._facts):
            cell = self.cell(i)
            baseline = cell.top() + metrics.ascent()
            painter.setPen(QColor(self.theme.muted))
            painter.drawText(QPointF(cell.left(), baseline), fact.name)
            left = cell.left() + metrics.horizontalAdvance(fact.name + " ")
            text = metrics.elidedText(
                self.texts[fact.name], Qt.TextElideMode.ElideRight, cell.right() - left + GAP
            )
            painter.setPen(QColor(self.theme.text))
            painter.drawText(QPointF(left, baseline), text)
        painter.end()

    def event(self, event: QEvent | None) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().toPointF()
            for i, fact in enumerate(self._facts):
                if self.cell(i).contains(place):
                    QToolTip.showText(event.globalPos(), fact.explanation, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)
