"""A list in as many equal columns as fit."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QListView, QWidget

from app.views.start.choice_list import ChoiceList

COLUMN_WIDTH: Final = 172  # at least
ROW_HEIGHT: Final = 30


class GameGrid(ChoiceList):
    """Read row by row; scrolls up and down only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setWrapping(True)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def cell(self) -> QSize:
        """The size of an item now."""
        viewport = self.viewport()
        width = COLUMN_WIDTH if viewport is None else viewport.width() - 2
        return QSize(max(1, width // max(1, width // COLUMN_WIDTH)), ROW_HEIGHT)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        self.setGridSize(self.cell)
        super().resizeEvent(event)
