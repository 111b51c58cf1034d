"""Where the cards of a scrolling grid are: as many columns as fit, all of one height."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PyQt6.QtCore import QPointF, QRectF

SPACING: Final = 5


@dataclass(frozen=True, slots=True)
class CardGrid:
    """``num_cards`` in rows of a viewport that shows them from ``top`` on; lengths in pixels."""

    num_cards: int
    least_width: int  # of a card
    card_height: int
    view_width: int
    view_height: int
    top: int  # how far it is scrolled

    @property
    def num_columns(self) -> int:
        return max(1, (self.view_width + SPACING) // (self.least_width + SPACING))

    @property
    def pitch(self) -> int:
        """From one row to the next."""
        return self.card_height + SPACING

    @property
    def most_top(self) -> int:
        """How far it can be scrolled."""
        num_rows = -(-self.num_cards // self.num_columns)
        return max(num_rows * self.pitch - SPACING - self.view_height, 0)

    @property
    def seen(self) -> range:
        """Indices of the cards that are at least partly on the screen."""
        first = self.top // self.pitch * self.num_columns
        last = -(-(self.top + self.view_height) // self.pitch) * self.num_columns
        return range(min(first, self.num_cards), min(last, self.num_cards))

    def rect(self, index: int) -> QRectF:
        """Where a card is on the viewport."""
        row, column = divmod(index, self.num_columns)
        width = (self.view_width - (self.num_columns - 1) * SPACING) / self.num_columns
        left, top = column * (width + SPACING), row * self.pitch - self.top
        return QRectF(round(left), top, round(width), self.card_height)

    def at(self, position: QPointF) -> int | None:
        """The card there; None beside the cards."""
        return next((index for index in self.seen if self.rect(index).contains(position)), None)
