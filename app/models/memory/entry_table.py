"""The entries as a table: millions of rows, each made into text only where it is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from app.models.memory.entry_words import LEFT_ALIGNED, TABLE_COLUMNS, WORDS, cell_text
from app.models.wording import moment_text
from nec_engine.messages import EntriesAnswer, Entry

Role = Qt.ItemDataRole
_NO_INDEX = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class EntryTable(QAbstractTableModel):
    """Reads the arrays of an :class:`EntriesAnswer`; a row costs nothing until it is painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answer: EntriesAnswer | None = None
        self._action_names: tuple[str, ...] = ()

    @property
    def answer(self) -> EntriesAnswer | None:
        """What is shown."""
        return self._answer

    def set_action_names(self, names: tuple[str, ...]) -> None:
        """Of the game that is open."""
        self._action_names = names

    def show_answer(self, answer: EntriesAnswer | None) -> None:
        """Have these rows from now on."""
        self.beginResetModel()
        self._answer = answer
        self.endResetModel()

    def is_same(self, answer: EntriesAnswer) -> bool:
        """Whether ``answer`` would change nothing."""
        shown = self._answer
        return (
            shown is not None
            and shown.columns is answer.columns
            and (shown.distances_sq is None) == (answer.distances_sq is None)
            and shown.question.like == answer.question.like
            and np.array_equal(shown.order, answer.order)
        )

    def entry(self, place: int) -> Entry | None:
        """The entry in the row ``place`` of the table."""
        if self._answer is None or not 0 <= place < len(self._answer.order):
            return None
        return self._answer.columns.entry(int(self._answer.order[place]))

    def place_of(self, entry: Entry | None) -> int | None:
        """In which row of the table ``entry`` is; about a millisecond among three million."""
        if self._answer is None or entry is None:
            return None
        row = self._answer.columns.row_of(entry)
        if row is None:
            return None
        found = np.flatnonzero(self._answer.order == row)
        return int(found[0]) if len(found) else None

    # --- Qt ---

    def rowCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        if parent.isValid() or self._answer is None:
            return 0
        return len(self._answer.order)

    def columnCount(self, parent: QModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(TABLE_COLUMNS)

    def data(self, index: QModelIndex, role: int = Role.DisplayRole) -> Any:
        answer = self._answer
        if answer is None or not index.isValid():
            return None
        column = TABLE_COLUMNS[index.column()]
        if role == Role.TextAlignmentRole:
            return _LEFT if column in LEFT_ALIGNED else _RIGHT
        if role not in (Role.DisplayRole, Role.ToolTipRole):
            return None
        place = index.row()
        row = int(answer.order[place])
        if role == Role.ToolTipRole:
            entry = answer.columns.entry(row)
            return f"{moment_text(entry.moment)}\nDouble-click: the game goes on from there."
        distance_sq = None if answer.distances_sq is None else float(answer.distances_sq[place])
        return cell_text(column, answer.columns, row, self._action_names, distance_sq)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(TABLE_COLUMNS):
            return None
        words = WORDS[TABLE_COLUMNS[section]]
        match role:
            case Role.DisplayRole:
                return words.title
            case Role.ToolTipRole:
                return f"{words.tip}\nClick: sort by it; again: the other way round."
            case Role.TextAlignmentRole:
                return _LEFT if TABLE_COLUMNS[section] in LEFT_ALIGNED else _RIGHT
        return None
