"""A hand at the memory browser's table."""

from __future__ import annotations

from PyQt6.QtCore import QPoint

from app.models.memory.entry_words import TABLE_COLUMNS
from app.views.memory.memory_view import MemoryView
from nec_engine.messages import (
    Column,
)


def cell(view: MemoryView, place: int, column: Column = Column.AGE) -> str:
    words: str = view.table.table.index(place, TABLE_COLUMNS.index(column)).data()
    return words


def click_header(view: MemoryView, column: Column) -> None:
    header = view.table.horizontalHeader()
    assert header is not None
    header.sectionClicked.emit(TABLE_COLUMNS.index(column))


def row_point(view: MemoryView, place: int) -> QPoint:
    return view.table.visualRect(view.table.table.index(place, 0)).center()
