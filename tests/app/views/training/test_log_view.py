"""The log."""

from __future__ import annotations

import re

import pytest
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.training.log_view import LogView


@pytest.fixture
def log(qtbot: QtBot) -> LogView:
    made = LogView()
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


def test_each_line_has_its_time_and_a_problem_its_word(log: LogView) -> None:
    log.add("Opening Pong")
    log.add("the disk is full", is_problem=True)
    first, second = log.toPlainText().splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  Opening Pong", first)
    assert second.endswith("Problem: the disk is full")


def test_the_newest_line_is_kept_in_view_unless_one_scrolled_away(log: LogView) -> None:
    for number in range(50):
        log.add(f"line {number}")
    bar = log.verticalScrollBar()
    assert bar is not None
    assert bar.value() == bar.maximum()
    bar.setValue(0)
    log.add("one more")
    assert bar.value() == 0


def test_another_theme_keeps_the_lines(log: LogView) -> None:
    log.set_theme(DARK)
    log.add("one")
    log.add("two", is_problem=True)
    text = log.toPlainText()
    log.set_theme(LIGHT)
    assert log.toPlainText() == text
