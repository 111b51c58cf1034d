"""Where the rows of the memory browser stay, and which is selected."""

from __future__ import annotations

import dataclasses

import pytest
from made_entries import made_answer, made_columns
from memory_hand import cell, click_header, row_point
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QCursor
from pytestqt.qtbot import QtBot

from app.views.memory.memory_view import MemoryView
from nec_engine.messages import (
    AskEntries,
    Column,
    Entry,
    Moment,
)


def test_a_row_far_down_stays_in_its_place_while_new_entries_come_in_above(
    opened: MemoryView, asked: list[AskEntries]
) -> None:
    opened.table.verticalScrollBar().setValue(30)
    top = opened.table.table.entry(opened.table.rowAt(0))
    opened.read_anew()
    order = [50, 51, 52, *range(50)]  # three more than before stand above it
    opened.show_entries(made_answer(asked[-1], opened.table.table.answer.columns, order))
    assert opened.table.table.entry(opened.table.rowAt(0)) == top


def test_the_row_under_the_mouse_does_not_jump(
    opened: MemoryView, asked: list[AskEntries], monkeypatch: pytest.MonkeyPatch
) -> None:
    area = opened.table.viewport()
    assert area is not None
    point = row_point(opened, 3)
    pointed = opened.table.table.entry(3)
    monkeypatch.setattr(area, "underMouse", lambda: True)
    monkeypatch.setattr(opened.table, "viewport", lambda: area)
    monkeypatch.setattr(QCursor, "pos", lambda: area.mapToGlobal(point))
    columns = made_columns()
    opened.read_anew()
    opened.show_entries(made_answer(asked[-1], columns, [59, 58, *range(58)]))
    assert opened.table.table.entry(opened.table.rowAt(point.y())) == pointed


def test_who_looks_at_the_top_sees_what_comes_in_there(
    opened: MemoryView, asked: list[AskEntries], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        opened.table.viewport(), "underMouse", lambda: False
    )  # wherever it was left
    monkeypatch.setattr(opened.table, "hasFocus", lambda: False)
    opened.read_anew()
    opened.show_entries(made_answer(asked[-1], order=[59, *range(59)]))
    assert cell(opened, opened.table.rowAt(0)) == "590"


def test_a_click_or_an_arrow_key_selects_and_another_order_keeps_it_marked(
    opened: MemoryView, asked: list[AskEntries], qtbot: QtBot
) -> None:
    chosen: list[Entry] = []
    opened.entry_chosen.connect(chosen.append)
    table = opened.table
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row_point(opened, 2))
    qtbot.keyClick(table, Qt.Key.Key_Down)
    columns = table.table.answer.columns
    assert chosen == [columns.entry(2), columns.entry(3)]
    click_header(opened, Column.STEP)
    opened.show_entries(made_answer(asked[-1], columns, [5, 4, 3]))
    assert {index.row() for index in table.selectedIndexes()} == {2}
    assert len(chosen) == 2
    opened.set_selected(columns.entry(9))  # not in the list
    assert table.selectedIndexes() == []


def test_a_selection_of_another_view_is_brought_in_sight(opened: MemoryView) -> None:
    columns = opened.table.table.answer.columns
    opened.set_selected(columns.entry(47))
    (place,) = {index.row() for index in opened.table.selectedIndexes()}
    assert place == 47
    assert opened.table.viewport().rect().contains(row_point(opened, 47))


def test_a_double_click_goes_there(opened: MemoryView, qtbot: QtBot) -> None:
    wanted: list[Entry] = []
    opened.visit_wanted.connect(wanted.append)
    qtbot.mouseClick(opened.table.viewport(), Qt.MouseButton.LeftButton, pos=row_point(opened, 1))
    qtbot.mouseDClick(opened.table.viewport(), Qt.MouseButton.LeftButton, pos=row_point(opened, 1))
    assert wanted == [opened.table.table.entry(1)]


def test_a_memory_that_is_written_again_does_not_move_the_table(opened: MemoryView) -> None:
    entry = opened.table.table.entry(50)
    assert entry is not None
    opened.set_selected(entry)
    bar = opened.table.verticalScrollBar()
    assert bar is not None
    bar.setValue(0)
    opened.set_selected(dataclasses.replace(entry, moment=Moment(41, 7)))
    assert bar.value() == 0


def test_the_keyboard_coming_to_the_table_selects_nothing_and_an_arrow_key_does(
    opened: MemoryView, qtbot: QtBot
) -> None:
    chosen: list[Entry] = []
    opened.entry_chosen.connect(chosen.append)
    opened.activateWindow()
    opened.table.setFocus()
    qtbot.waitUntil(opened.table.hasFocus)
    assert chosen == []
    qtbot.keyClick(opened.table, Qt.Key.Key_Down)
    assert chosen == [opened.table.table.entry(0)]
