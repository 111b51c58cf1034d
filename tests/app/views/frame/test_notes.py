"""Passing notes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.note import Note
from app.views.frame import notes as notes_module
from app.views.frame.notes import NUM_NOTES, Notes


@pytest.fixture
def area(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


@pytest.fixture
def notes(area: QWidget) -> Iterator[Notes]:
    action = QAction("Save snapshot", area)
    made = Notes(area, lambda _: action)
    yield made
    made.clear()


def test_the_newest_stand_at_the_bottom_and_the_oldest_makes_room(notes: Notes) -> None:
    for number in range(NUM_NOTES + 2):
        notes.show(Note(f"note {number}"))
    assert notes.texts() == [f"note {number}" for number in range(2, NUM_NOTES + 2)]
    tops = [card.y() for card in notes._cards]
    assert tops == sorted(tops)


def test_a_note_goes_away_by_itself(
    qtbot: QtBot, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notes_module, "PASSING_MS", 10)
    notes.show(Note("hello"))
    qtbot.waitUntil(lambda: notes.texts() == [])


def test_what_is_said_again_at_once_stands_there_once(notes: Notes) -> None:
    notes.show(Note("Volume 60 %"))
    notes.show(Note("Volume 60 %"))
    assert notes.texts() == ["Volume 60 %"]


def test_a_problem_says_so_in_a_word_and_can_be_dismissed(notes: Notes) -> None:
    notes.show(Note("the disk is full", is_problem=True))
    (card,) = notes._cards
    assert card.accessibleName() == "Problem: the disk is full"
    card.findChildren(QToolButton)[-1].click()
    assert notes.texts() == []


def test_the_action_of_a_note_is_offered_and_done(notes: Notes, area: QWidget) -> None:
    done: list[bool] = []
    area.findChild(QAction).triggered.connect(done.append)
    notes.show(Note("the train thread ended", is_problem=True, action="save"))
    button = notes._cards[0].findChildren(QToolButton)[0]
    assert button.text() == "Save snapshot"
    button.click()
    assert done == [False]


def test_a_long_note_is_tall_enough_for_its_words_and_stays_inside(
    notes: Notes, area: QWidget
) -> None:
    notes.show(Note("a word and " * 40, is_problem=True))
    (card,) = notes._cards
    assert card.height() >= card._label.heightForWidth(card._label.width())
    assert area.rect().contains(card.geometry())
    area.resize(300, 600)
    assert area.rect().contains(card.geometry())
