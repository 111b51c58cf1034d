"""The picture of a replay, the bars and the cards; in a low panel bars or cards by turns."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QSplitter, QToolButton, QVBoxLayout, QWidget

from app.views.why.bar_layout import SMALLEST_ROW
from app.views.widgets.scrolling import scrolling

LOW: Final = 330  # pixels; below there is no room for bars and cards at once
SCREEN_HEIGHT: Final = 240  # at first, its controls included
BARS_HEIGHT: Final = 130  # at most at first
LEAST_BARS_HEIGHT: Final = 60
CARDS_HEIGHT: Final = 100
AXIS_HEIGHT: Final = 20


class ReplayPanes(QWidget):
    """Gives each part its height. In a low panel a button changes between bars and cards."""

    def __init__(self, screen: QWidget, bars: QWidget, cards: QWidget) -> None:
        super().__init__()
        self._bars = bars
        self._bars_area = scrolling(bars)
        self._cards = cards
        self.switch = QToolButton()
        self.switch.setText("Memories")
        self.switch.setCheckable(True)
        self.switch.setAccessibleName("Memories in place of the bars")
        self.switch.setToolTip("Show the memories behind this step in place of the bars of Q")
        self.switch.toggled.connect(self._choose)
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._splitter.setChildrenCollapsible(False)
        for part, stretch in ((screen, 5), (self._bars_area, 2), (cards, 3)):
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(self._splitter.count() - 1, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self.fit_actions(0)
        self._choose()

    @property
    def is_low(self) -> bool:
        """There is room for the bars or the cards alone."""
        return self.height() < LOW

    def fit_actions(self, num_actions: int) -> None:
        """Begin with heights for so many bars; what has no room scrolls."""
        height = int(SMALLEST_ROW * num_actions) + AXIS_HEIGHT
        self._bars.setMinimumSize(180, height)
        self._bars_area.setMinimumHeight(min(height, LEAST_BARS_HEIGHT))
        self._splitter.setSizes([SCREEN_HEIGHT, min(height, BARS_HEIGHT), CARDS_HEIGHT])

    def _choose(self) -> None:
        is_low, wants_cards = self.is_low, self.switch.isChecked()
        self.switch.setVisible(is_low)
        self._bars_area.setVisible(not is_low or not wants_cards)
        self._cards.setVisible(not is_low or wants_cards)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)  # low, with either of them

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._choose()
