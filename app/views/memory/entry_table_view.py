"""The table of entries: a row stays under the mouse while others come and go around it."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QCursor, QFocusEvent, QFontMetrics
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from app.models.memory.entry_table import EntryTable
from app.models.memory.entry_words import TABLE_COLUMNS, WORDS
from app.models.wording import action_text
from nec_engine.messages import Column, EntriesAnswer, Entry

LEAST_LINES: Final = 3  # in sight below the titles
CELL_PADDING: Final = 14
HEADER_PADDING: Final = 24  # room for the arrow of the order
FALLING_FIRST: Final = (Column.VALUE, Column.RETRIEVALS, Column.UPDATES)  # the largest on top


class EntryTableView(QTableView):
    """Rows of an :class:`EntryTable`. Sorting is asked for, not done, here."""

    sort_wanted = pyqtSignal(object, bool)  # Column, is_descending
    entry_chosen = pyqtSignal(object)  # Entry: by mouse or keyboard
    visit_wanted = pyqtSignal(object)  # Entry: double-clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: Entry | None = None
        self._is_placing = False  # the current row is moved by us, not by the person
        self.table = EntryTable(self)
        self.setModel(self.table)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setAccessibleName("Entries of the memory")
        self.setToolTip("Click a title to sort; double-click a memory to go there")
        rows = self.verticalHeader()
        assert rows is not None
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        line = QFontMetrics(self.font()).height() + 4
        rows.setDefaultSectionSize(line)
        self.setMinimumHeight((LEAST_LINES + 1) * line)
        header = self._header()
        header.setSectionsClickable(True)
        header.setHighlightSections(False)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort_by)
        for column in TABLE_COLUMNS:
            self._fit(column, [WORDS[column].widest])
        self.setColumnHidden(TABLE_COLUMNS.index(Column.DISTANCE), True)
        self.doubleClicked.connect(self._visit)

    def set_action_names(self, names: tuple[str, ...]) -> None:
        """Of the game that is open; no entries are shown until they come."""
        self.table.set_action_names(names)
        self.show_answer(None)
        self._fit(Column.ACTION, [action_text(name) for name in names])

    def show_answer(self, answer: EntriesAnswer | None) -> None:
        """Show these entries; that under the mouse, or the first in sight, stays where it is."""
        if answer is not None and self.table.is_same(answer):
            return
        before = self.table.answer
        is_refreshed = (
            answer is not None
            and before is not None
            and (answer.question.sort, answer.question.is_descending, answer.question.filter)
            == (before.question.sort, before.question.is_descending, before.question.filter)
            and answer.question.like == before.question.like
        )
        anchor = self._anchor() if is_refreshed else None
        self._is_placing = True
        self.table.show_answer(answer)
        self._is_placing = False
        has_distances = answer is not None and answer.distances_sq is not None
        self.setColumnHidden(TABLE_COLUMNS.index(Column.DISTANCE), not has_distances)
        if anchor is not None:
            entry, lines_down = anchor
            place = self.table.place_of(entry)
            if place is not None:
                self._scroll_to_line(place - lines_down)
        elif not is_refreshed:
            self._scroll_to_line(0)
        self._mark_selected()

    def show_sort(self, column: Column, is_descending: bool) -> None:
        """Point the arrow in the header."""
        order = Qt.SortOrder.DescendingOrder if is_descending else Qt.SortOrder.AscendingOrder
        self._header().setSortIndicator(TABLE_COLUMNS.index(column), order)

    def set_selected(self, entry: Entry | None) -> None:
        """Mark the row of ``entry``, if it is in the table, and bring it in sight."""
        if entry == self._selected:
            return
        is_other = entry is None or not entry.is_same(self._selected)
        self._selected = entry
        place = self._mark_selected()
        if place is not None and is_other:  # one that was only written again moves nothing
            self.scrollTo(self.table.index(place, 0))

    # --- inside ---

    def _fit(self, column: Column, texts: list[str]) -> None:
        metrics = QFontMetrics(self.font())
        widths = [metrics.horizontalAdvance(text) + CELL_PADDING for text in texts]
        title = metrics.horizontalAdvance(WORDS[column].title) + HEADER_PADDING
        self.setColumnWidth(TABLE_COLUMNS.index(column), max([title, *widths]))

    def _mark_selected(self) -> int | None:
        place = self.table.place_of(self._selected)
        self._is_placing = True
        if place is None:
            self.clearSelection()
        else:
            bar = self.verticalScrollBar()
            value = 0 if bar is None else bar.value()
            self.selectRow(place)
            if bar is not None:
                bar.setValue(value)
        self._is_placing = False
        return place

    def _anchor(self) -> tuple[Entry, int] | None:
        """The entry that must not move, and how many lines below the top it is."""
        area = self.viewport()
        assert area is not None
        top = self.rowAt(0)
        if top < 0:
            return None
        pointed = area.mapFromGlobal(QCursor.pos())
        place = self.rowAt(pointed.y()) if area.underMouse() else -1
        if place < 0:
            place = self.currentIndex().row() if self.hasFocus() else -1
        if not top <= place <= top + self._num_lines():
            if top == 0:
                return None  # who looks at the top wants to see what comes in there
            place = top
        entry = self.table.entry(place)
        return None if entry is None else (entry, place - top)

    def _num_lines(self) -> int:
        area = self.viewport()
        assert area is not None
        return max(area.height() // max(self.rowHeight(0), 1), 1)

    def _scroll_to_line(self, line: int) -> None:
        bar = self.verticalScrollBar()
        assert bar is not None
        self.updateGeometries()  # the range is that of the rows there are now
        bar.setValue(max(line, 0))

    def _sort_by(self, section: int) -> None:
        column = TABLE_COLUMNS[section]
        answer = self.table.answer
        is_descending = column in FALLING_FIRST
        if answer is not None and answer.question.sort is column:
            is_descending = not answer.question.is_descending
        self.sort_wanted.emit(column, is_descending)

    def _visit(self, index: QModelIndex) -> None:
        entry = self.table.entry(index.row())
        if entry is not None:
            self.visit_wanted.emit(entry)

    def _header(self) -> QHeaderView:
        header = self.horizontalHeader()
        assert header is not None
        return header

    # --- Qt ---

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if self._is_placing or not current.isValid():
            return
        entry = self.table.entry(current.row())
        if entry is not None:
            self._selected = entry
            self.entry_chosen.emit(entry)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Qt would make the first row the current one, and so select a memory nobody chose."""
        has_current = self.currentIndex().isValid()
        self._is_placing = True
        super().focusInEvent(event)
        if not has_current:
            self.setCurrentIndex(QModelIndex())
        self._is_placing = False

    def keyboardSearch(self, search: str | None) -> None:
        """Nothing: looking through millions of rows for a letter would take seconds."""
