"""The entries as a table, a few and three million."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from made_entries import made_answer, made_columns
from made_news import NAMES
from PyQt6.QtCore import QModelIndex, Qt

from app.models.memory.entry_table import EntryTable
from app.models.memory.entry_words import TABLE_COLUMNS, WORDS
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    AskEntries,
    Column,
    EntryColumns,
    EntryFilter,
    LikeMoment,
    Moment,
)


@pytest.fixture
def table() -> EntryTable:
    table = EntryTable()
    table.set_action_names(NAMES)
    return table


def enlarged(columns: EntryColumns, num: int) -> EntryColumns:
    """The same over and over, but each with a hash and an age of its own."""
    repeated: dict[str, Any] = {
        name: np.resize(getattr(columns, name), num)
        for name in ("values", "stamps", "num_retrievals", "num_updates", "origins", "episodes",
                     "steps")
    }  # fmt: skip
    return dataclasses.replace(
        columns,
        starts=np.array([0, num]),
        clocks=columns.clock - 10 * np.arange(num),
        state_hashes=np.arange(num).astype(np.uint64),
        **repeated,
    )


def text(table: EntryTable, place: int, column: Column) -> str:
    words: str = table.data(table.index(place, TABLE_COLUMNS.index(column)))
    return words


def test_cells_say_in_words_and_digits_what_is_kept(table: EntryTable) -> None:
    columns = made_columns(
        values=np.full(60, -0.5, np.float32), num_retrievals=np.full(60, 1203, np.int32),
        stamps=np.full(60, 88_800), num_updates=np.full(60, 4, np.int32),
        origins=np.full(60, 1, np.uint8), episodes=np.full(60, FIRST_LIVE_EPISODE + 2),
        steps=np.full(60, 1234, np.int32),
    )  # fmt: skip
    table.show_answer(made_answer(columns=columns, order=[59, 12]))
    assert table.rowCount() == 2
    told = {column: text(table, 0, column) for column in TABLE_COLUMNS}
    assert told == {
        Column.ACTION: "LEFT FIRE", Column.ORIGIN: "person", Column.VALUE: "−0.50",
        Column.DISTANCE: "", Column.AGE: "590", Column.RETRIEVALS: "1,203",
        Column.IDLE: "1.2k ago", Column.UPDATES: "4", Column.EPISODE: "live 3",
        Column.STEP: "1,234",
    }  # fmt: skip
    assert text(table, 1, Column.ACTION) == "FIRE"


def test_distances_are_plain_and_stand_beside_the_entry_they_are_of(table: EntryTable) -> None:
    like = LikeMoment(Moment(3, 4))
    question = AskEntries("memory", EntryFilter(), Column.DISTANCE, like=like)
    table.show_answer(made_answer(question, order=[5, 9], distances_sq=[0.0, 4.0]))
    assert [text(table, place, Column.DISTANCE) for place in (0, 1)] == ["0", "2.00"]


def test_an_entry_is_found_in_the_row_in_which_it_stands(table: EntryTable) -> None:
    assert table.entry(0) is None
    answer = made_answer(order=[30, 10, 20])
    table.show_answer(answer)
    entry = table.entry(1)
    assert entry == answer.columns.entry(10)
    assert table.place_of(entry) == 1
    assert table.place_of(answer.columns.entry(11)) is None  # filtered out
    assert table.place_of(None) is None
    assert table.entry(3) is None


def test_headers_say_what_a_column_is_and_how_to_sort(table: EntryTable) -> None:
    for section, column in enumerate(TABLE_COLUMNS):
        across = Qt.Orientation.Horizontal
        assert table.headerData(section, across) == WORDS[column].title
        tip = table.headerData(section, across, Qt.ItemDataRole.ToolTipRole)
        assert WORDS[column].tip in tip
    assert table.headerData(0, Qt.Orientation.Vertical) is None
    assert table.data(QModelIndex()) is None


def test_what_changes_nothing_is_known_as_such(table: EntryTable) -> None:
    answer = made_answer(order=[3, 1])
    table.show_answer(answer)
    assert table.is_same(made_answer(columns=answer.columns, order=[3, 1]))
    assert not table.is_same(made_answer(columns=answer.columns, order=[1, 3]))
    assert not table.is_same(made_answer(order=[3, 1]))


def test_three_million_entries_are_shown_without_touching_one_that_is_not_asked_for(
    table: EntryTable,
) -> None:
    num = 3_000_000
    order = np.arange(num, dtype=np.int32)[::-1].copy()
    columns = enlarged(made_columns(), num)
    table.show_answer(made_answer(columns=columns, order=order))
    assert table.rowCount() == num
    assert text(table, num - 1, Column.AGE) == "0"
    assert text(table, 0, Column.AGE) == "30.0M"
    assert table.place_of(columns.entry(0)) == num - 1
