"""The one entry that is looked at: what the cards, the table, the map and the timeline share."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from nec_engine.messages import Entry


class Selection(QObject):
    """Which entry is selected, in every view at once. Qt's thread."""

    changed = pyqtSignal(object)  # Entry | None

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entry: Entry | None = None

    @property
    def entry(self) -> Entry | None:
        return self._entry

    def select(self, entry: Entry | None) -> None:
        """Make this the selected entry; views that show it hear of it once."""
        if entry != self._entry:
            self._entry = entry
            self.changed.emit(entry)
