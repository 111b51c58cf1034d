"""Where rows, names, bars and numbers of the action bars lie, worked out once per size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QFont, QFontMetricsF

from app.models.wording import action_text, short_action_text

MARKS_WIDTH: Final = 29.0
GAP: Final = 6.0
MARK_ROOM: Final = 15.0  # a small mark and the space after it
UNFAMILIAR_FROM_WIDTH: Final = 310.0  # narrower, only the tooltip tells the prior's share
SMALLEST_ROW: Final = 9.0
LARGEST_ROW: Final = 40.0
LARGEST_NAME_PART: Final = 0.34  # of the width


@dataclass(frozen=True, slots=True)
class BarLayout:
    """Geometry in logical pixels and the fonts that fit it."""

    width: float
    row_height: float
    names: tuple[str, ...]  # as painted, shortened where they must be
    name_width: float
    bar_left: float
    bar_width: float
    font: QFont
    bold: QFont
    small: QFont
    small_height: float
    unfamiliar_width: float  # of the column with the prior's shares; 0 without one

    @property
    def bottom(self) -> float:
        """Where the last row ends and the axis begins."""
        return self.row_height * len(self.names)

    def row(self, action: int) -> QRectF:
        return QRectF(0.0, action * self.row_height, self.width, self.row_height)

    def name(self, action: int) -> QRectF:
        return QRectF(MARKS_WIDTH, action * self.row_height, self.name_width, self.row_height)

    def bar(self, action: int) -> QRectF:
        inset = 2.0 if self.row_height < 20 else 4.0
        top = action * self.row_height + inset
        return QRectF(self.bar_left, top, self.bar_width, self.row_height - 2 * inset)

    def unfamiliar(self, action: int) -> QRectF:
        left = self.bar_left + self.bar_width + GAP
        return QRectF(left, action * self.row_height, self.unfamiliar_width, self.row_height)

    def number(self, action: int) -> QRectF:
        left = self.bar_left + self.bar_width + GAP + self.unfamiliar_width
        return QRectF(left, action * self.row_height, self.width - left - 4.0, self.row_height)

    def action_at(self, y: float) -> int | None:
        """Whose row lies at this height; None below the last."""
        action = int(y // self.row_height) if y >= 0 else -1
        return action if 0 <= action < len(self.names) else None


def bar_layout(
    width: float,
    height: float,
    font: QFont,
    action_names: tuple[str, ...],
    widest_number: str,
    has_prior: bool,
) -> BarLayout:
    """One row for each action in ``width`` x ``height``, its text as large as fits."""
    small = QFont(font)
    small.setPixelSize(max(round(QFontMetricsF(font).height() * 0.64), 9))
    small_height = QFontMetricsF(small).height()
    room = (height - small_height - 5.0) / max(len(action_names), 1)
    row_height = min(max(room, SMALLEST_ROW), LARGEST_ROW)
    row_font = QFont(font)
    if row_height < QFontMetricsF(font).height():
        row_font.setPixelSize(max(int(row_height * 0.82), 8))
    bold = QFont(row_font)
    bold.setBold(True)
    metrics = QFontMetricsF(bold)
    texts = [action_text(name) for name in action_names]
    widest = _widest(metrics, texts)
    if widest > width * LARGEST_NAME_PART:
        texts = [short_action_text(name) for name in action_names]
        widest = _widest(metrics, texts)
    name_width = min(widest + 1.0, width * LARGEST_NAME_PART)
    names = tuple(
        metrics.elidedText(text, Qt.TextElideMode.ElideRight, name_width) for text in texts
    )
    number_width = metrics.horizontalAdvance(widest_number) + 4.0
    bar_left = MARKS_WIDTH + name_width + GAP
    unfamiliar_width = 0.0
    if has_prior and width >= UNFAMILIAR_FROM_WIDTH:
        unfamiliar_width = QFontMetricsF(small).horizontalAdvance(">99 %") + MARK_ROOM
    bar_width = max(width - bar_left - unfamiliar_width - number_width - GAP, 20.0)
    return BarLayout(
        width, row_height, names, name_width, bar_left, bar_width,
        row_font, bold, small, small_height, unfamiliar_width,
    )  # fmt: skip


def _widest(metrics: QFontMetricsF, texts: list[str]) -> float:
    return max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
