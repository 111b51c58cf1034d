"""A list whose rows are opened: by one click, or with Enter."""

from __future__ import annotations

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QKeyEvent
from PyQt6.QtWidgets import QListView, QWidget


class ChoiceList(QListView):
    """``chosen`` once for each click and each Enter.

    Qt's ``activated`` comes with a click in some desktops and with a double-click in others, in
    both beside ``clicked``: what is chosen would be opened twice.
    """

    chosen = pyqtSignal(QModelIndex)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self.chosen)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        assert event is not None
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
