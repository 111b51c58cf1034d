"""The memory browser: what it asks, and what it lists."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from made_entries import made_answer, made_columns, made_facts
from made_messages import Clock, picture_of
from made_news import game_info
from memory_hand import cell, click_header
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.memory.entry_words import TABLE_COLUMNS
from app.views.memory.entry_details import FACTS, PICTURES
from app.views.memory.memory_view import MemoryView
from nec_engine.messages import (
    AskEntries,
    AskEntry,
    AskPictures,
    Column,
    Entry,
    LetEntriesGo,
    LikeEntry,
    LikeMoment,
    Limits,
    Moment,
    PictureAnswer,
)


def test_the_newest_entries_are_asked_for_and_listed_with_their_number(
    view: MemoryView, asked: list[AskEntries]
) -> None:
    assert asked == []
    assert "Open a game" in view.hint.text()
    view.open_game(game_info())
    (question,) = asked
    assert (question.sort, question.is_descending, question.like) == (Column.AGE, False, None)
    assert "Reading" in view.hint.text()
    view.show_entries(made_answer(question, order=np.arange(20)))
    assert view.count.text() == "20 of 60 entries"
    assert [cell(view, place) for place in (0, 1)] == ["0", "10"]


def test_a_hidden_panel_asks_nothing_until_it_is_seen(
    opened: MemoryView, asked: list[AskEntries], qtbot: QtBot, clock: Clock
) -> None:
    opened.hide()
    asked.clear()
    opened.read_anew()  # as its timer does
    clock.now_s += 10
    opened.set_selected(Entry(2, 1, Moment(3, 4), 1021))
    assert asked == []
    opened.show()
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert asked[0].most_age_s == 0.0


def test_what_nobody_has_looked_at_for_a_while_is_let_go_and_read_anew_when_seen(
    opened: MemoryView, asked: list[AskEntries], qtbot: QtBot, clock: Clock
) -> None:
    opened._read_again()
    opened._let_go()
    assert opened.shown is not None  # somebody looks
    asked.clear()
    opened.hide()
    opened._read_again()
    assert opened._unseen.isActive()
    assert opened.shown is not None  # who comes back at once finds it as it was
    opened._unseen.timeout.emit()
    assert opened.shown is None
    assert asked == [LetEntriesGo("memory")]
    clock.now_s += 1
    opened.show()
    qtbot.waitUntil(lambda: len(asked) == 2)
    opened.show_entries(made_answer(asked[1]))
    assert opened.shown is not None
    assert not opened._unseen.isActive()


def test_a_click_on_a_title_sorts_by_it_and_another_the_other_way_round(
    opened: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    for column, is_descending in ((Column.VALUE, True), (Column.VALUE, False), (Column.AGE, False)):
        click_header(opened, column)
        assert (asked[-1].sort, asked[-1].is_descending) == (column, is_descending)
        assert asked[-1].most_age_s > 0  # those just read will do
        opened.show_entries(made_answer(asked[-1]))
        clock.now_s += 1


def test_only_the_answer_to_the_newest_question_is_listed(
    opened: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    click_header(opened, Column.VALUE)
    older = asked[-1]
    clock.now_s += 1
    click_header(opened, Column.STEP)
    opened.show_entries(made_answer(older, order=[1]))
    assert opened.table.table.rowCount() == 60
    opened.show_entries(made_answer(asked[-1], order=[2, 3]))
    assert opened.table.table.rowCount() == 2


def test_conditions_are_chosen_from_lists_and_written_as_ranges(
    opened: MemoryView, asked: list[AskEntries], qtbot: QtBot, clock: Clock
) -> None:
    row = opened.filter_row
    row.action_box.setCurrentIndex(3)
    row.action_box.activated.emit(3)
    assert asked[-1].filter.limits == {Column.ACTION: Limits(2, 2)}
    clock.now_s += 1
    assert row.low_field.placeholderText() == "−2.50"
    row.low_field.setFocus()
    qtbot.keyClicks(row.low_field, "-1")
    qtbot.keyClick(row.low_field, Qt.Key.Key_Return)
    assert asked[-1].filter.limits[Column.VALUE] == Limits(low=-1)
    clock.now_s += 1
    row.column_box.setCurrentIndex(row.column_box.findText("Episode"))
    assert row.low_field.text() == ""
    for field in (row.low_field, row.high_field):
        field.setText("live 1")
    row.high_field.editingFinished.emit()
    assert set(asked[-1].filter.limits) == {Column.ACTION, Column.VALUE, Column.EPISODE}
    assert row.column_box.itemText(0) == "• Value"
    clock.now_s += 1
    opened.show_entries(made_answer(asked[-1], order=[]))
    assert opened.count.text() == "0 of 60: RIGHT, value from −1.00, live game 1"
    assert "Clear" in opened.hint.text()
    row.clear_button.click()
    assert asked[-1].filter.limits == {}
    assert row.action_box.currentIndex() == 0


def test_a_range_stays_as_it_was_written_however_short_it_is_shown(
    opened: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    row = opened.filter_row
    place = row.column_box.findText("Found")
    row.column_box.setCurrentIndex(place)
    row.low_field.setText("61234")
    row.low_field.editingFinished.emit()
    assert asked[-1].filter.limits == {Column.RETRIEVALS: Limits(low=61234)}
    row.column_box.setCurrentIndex(0)
    row.column_box.setCurrentIndex(place)
    assert row.low_field.text() == "61.2k"
    asked.clear()
    clock.now_s += 1
    row.low_field.editingFinished.emit()
    assert asked == []
    row.high_field.setText("90k")
    row.high_field.editingFinished.emit()
    assert asked[-1].filter.limits == {Column.RETRIEVALS: Limits(low=61234, high=90_000)}


def test_what_is_no_number_changes_nothing_and_is_struck_out(
    opened: MemoryView, asked: list[AskEntries]
) -> None:
    asked.clear()
    field = opened.filter_row.low_field
    field.setText("lots")
    field.editingFinished.emit()
    assert asked == []
    assert field.font().strikeOut()
    assert "no number" in field.toolTip()


def test_the_list_can_begin_with_what_is_most_like_a_memory_or_a_moment(
    opened: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    distance = TABLE_COLUMNS.index(Column.DISTANCE)
    assert opened.table.isColumnHidden(distance)
    entry = Entry(2, 1, Moment(3, 4), 1021)
    opened.show_like_entry(entry)
    assert (asked[-1].like, asked[-1].sort) == (LikeEntry(entry), Column.DISTANCE)
    opened.show_entries(made_answer(asked[-1]))
    assert not opened.table.isColumnHidden(distance)
    assert "episode 3, step 4" in opened.like_button.text()
    clock.now_s += 1
    opened.show_like_moment(Moment(5, 6))
    assert asked[-1].like == LikeMoment(Moment(5, 6))
    clock.now_s += 1
    opened.like_button.click()
    assert (asked[-1].like, asked[-1].sort) == (None, Column.AGE)
    assert opened.like_button.isHidden()


def test_a_comparison_that_cannot_be_made_is_said(
    opened: MemoryView, asked: list[AskEntries]
) -> None:
    opened.show_like_entry(Entry(2, 1, Moment(3, 4), 1021))
    opened.show_entries(made_answer(asked[-1], problem="The memory is gone."))
    assert opened.count.text() == "The memory is gone."
    assert opened.like_button.isHidden()


def test_the_entries_of_one_game_are_listed_as_they_were_played(
    opened: MemoryView, asked: list[AskEntries]
) -> None:
    opened.show_episode(40)
    assert asked[-1].filter.limits == {Column.EPISODE: Limits(40, 40)}
    assert asked[-1].sort is Column.EPISODE


def test_the_selected_memory_is_told_in_full_with_its_picture(opened: MemoryView) -> None:
    details = opened.details
    facts: list[AskEntry] = []
    pictures: list[AskPictures] = []
    details.facts_wanted.connect(facts.append)
    details.pictures_wanted.connect(pictures.append)
    assert "No memory" in details.title.text()
    entry = Entry(2, 1, Moment(3, 4), 1021)
    opened.set_selected(entry)
    assert (facts[0].panel, pictures[0].panel) == (FACTS, PICTURES)
    assert pictures[0].moments == (entry.moment,)
    details.show_facts(made_facts(facts[0]))
    assert details.title.text() == "RIGHT, value 1.50"
    before = opened.grab().toImage()
    picture = picture_of(entry.moment)
    details.show_picture(
        PictureAnswer(PICTURES, picture.moment, picture.rgb, picture.screen, is_exact=True)
    )
    assert opened.grab().toImage() != before
    opened.set_selected(Entry(2, 2, Moment(3, 9), 1022))
    opened.set_selected(entry)
    assert len(pictures) == 2  # the first is kept
    details.show_facts(type(made_facts(facts[0]))(FACTS, entry, None))
    assert "gone" in details.text.text()


@pytest.mark.parametrize("size", [(1200, 240), (500, 480), (420, 200)])
def test_every_state_is_painted_in_both_themes(opened: MemoryView, size: tuple[int, int]) -> None:
    opened.resize(*size)
    for theme in (LIGHT, DARK):
        opened.set_theme(theme)
        for entry in (None, Entry(2, 1, Moment(3, 4), 1021)):
            opened.set_selected(entry)
            QApplication.processEvents()
            assert not opened.grab().isNull()


def test_an_agent_without_a_memory_and_an_empty_one_say_so(
    view: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    info: Any = game_info()
    view.open_game(type(info)(**{
        **{name: getattr(info, name) for name in type(info).__slots__}, "has_memory": False,
    }))  # fmt: skip
    assert asked == []
    assert "keeps no memories" in view.hint.text()
    assert not view.details.isVisible()
    clock.now_s += 1
    view.open_game(info)
    view.show_entries(made_answer(asked[-1], made_columns(0)))
    assert "Nothing is remembered yet" in view.hint.text()
    assert view.details.isVisible()


def test_every_control_has_a_tooltip_and_a_name(opened: MemoryView) -> None:
    controls: list[Any] = []
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        controls += opened.findChildren(kind)
    ours = [c for c in controls if type(c).__name__ != "QAbstractButton"]  # Qt's own corner
    assert len(ours) >= 9
    for control in ours:
        assert control.toolTip(), control
        assert control.accessibleName(), control


def test_after_an_edit_what_is_read_last_is_listed(
    opened: MemoryView, asked: list[AskEntries], clock: Clock
) -> None:
    opened.read_anew()
    clock.now_s += 1
    opened.read_anew()  # an edit, before the answer has come
    first, second = asked[-2:]
    opened.show_entries(made_answer(first))
    opened.show_entries(made_answer(second, made_columns(num=59)))
    assert opened.count.text() == "59 of 59 entries"


def test_an_agent_without_a_memory_is_never_said_to_be_read(opened: MemoryView) -> None:
    opened.read_anew()
    opened.open_game(dataclasses.replace(game_info(), has_memory=False))
    assert not opened._busy.isActive()


@pytest.mark.parametrize("points", [10, 13])
def test_its_controls_wrap_where_letters_are_large(
    opened: MemoryView, qtbot: QtBot, points: int
) -> None:
    font = opened.font()
    font.setPointSize(points)
    opened.setFont(font)
    opened.resize(460, 400)
    qtbot.wait(20)
    assert opened.width() <= 470
    row = opened.filter_row
    for part in (row.action_box, row.low_field, row.high_field, row.clear_button):
        right = part.mapTo(opened, part.rect().topRight()).x()
        assert right <= opened.width()
        bottom = part.mapTo(row, part.rect().bottomLeft()).y()
        assert bottom <= row.height()
