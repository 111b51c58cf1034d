from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fake_engine import FakeEngine
from made_messages import Clock, make_decision, show_panel
from pytestqt.qtbot import QtBot

from app.views.experiments.brains_view import BrainsView
from nec_engine.messages import (
    AskSecondBrain,
    BrainsEnded,
    BrainSide,
    BrainsStep,
    PackedPicture,
    PutSecondBrainAway,
)

Q = np.array([0.1, 0.5, 0.25, 0.0, 0.0, 0.0], np.float32)  # of an action each, as in Pong
PICTURE = PackedPicture.pack(np.full((210, 160, 3), 90, np.uint8))
Asked = list[AskSecondBrain | PutSecondBrainAway]


def side(action: int) -> BrainSide:
    return BrainSide(PICTURE, action, Q, 10.0, 3, False)


def step(
    number: int, left: int = 1, right: int = 1, *, have_parted: bool = False, question: int = 1
) -> BrainsStep:
    return BrainsStep("brains", number, (side(left), side(right)), have_parted, question)


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> BrainsView:
    view = BrainsView(clock=clock)
    view.open_game(FakeEngine().info)
    show_panel(view, qtbot, clock, (330, 460))
    return view


@pytest.fixture
def asked(view: BrainsView) -> Asked:
    questions: Asked = []
    view.asked.connect(questions.append)
    return questions


def test_a_chosen_snapshot_plays_from_the_moment_on_the_screen(
    view: BrainsView, asked: Asked, tmp_path: Path
) -> None:
    decision = make_decision(3, number=5)
    view.show_decision(decision)
    view.choose(tmp_path / "b.nec")
    (question,) = asked
    assert isinstance(question, AskSecondBrain)
    assert (question.moment, question.state_hash) == (decision.moment, decision.state_hash)
    view.refresh()
    view.start_button.click()
    assert isinstance(asked[-1], AskSecondBrain)
    assert asked[-1].moment is None


def test_it_stops_where_the_two_part_and_says_so(
    view: BrainsView, tmp_path: Path, qtbot: QtBot
) -> None:
    view.show_decision(make_decision(3))
    view.choose(tmp_path / "b.nec")
    for number in range(1, 4):
        view.show_step(step(number))
    for number in range(4, 8):
        view.show_step(step(number, 1, 2, have_parted=True))
    view.show_end(BrainsEnded("brains", 7, number=1))

    def stands_where_they_part() -> bool:
        view.refresh()
        return view.slider.value() == 4 and view.play_button.text() == "Play"

    qtbot.waitUntil(stands_where_they_part)
    text = view.sentence.text()
    assert text == "They agree for 3 steps; then open agent plays FIRE (0.50), b.nec RIGHT (0.25)."
    view.slider.setValue(2)
    view.refresh()
    assert "you are at step 2" in view.sentence.text()
    view.parting_button.click()
    view.refresh()
    assert view.slider.value() == 4
    assert not view.pictures.grab().isNull()


def test_what_cannot_be_opened_is_said(view: BrainsView, tmp_path: Path) -> None:
    view.show_decision(make_decision(3))
    view.choose(tmp_path / "b.nec")
    view.show_end(BrainsEnded("brains", 0, "cannot open b.nec; it is empty; choose another", 1))
    view.refresh()
    assert "it is empty" in view.sentence.text()


def test_another_game_puts_the_second_brain_away(
    view: BrainsView, asked: Asked, tmp_path: Path
) -> None:
    view.choose(tmp_path / "b.nec")
    view.open_game(FakeEngine().info)
    assert isinstance(asked[-1], PutSecondBrainAway)
    view.refresh()
    assert not view.start_button.isEnabled()


def test_a_step_that_is_gone_to_is_shown_at_once_after_a_rest(
    view: BrainsView, tmp_path: Path, clock: Clock
) -> None:
    view.show_decision(make_decision(3))
    view.choose(tmp_path / "b.nec")
    for number in range(1, 8):
        view.show_step(step(number, 1, 2, have_parted=number >= 4))
    view.show_end(BrainsEnded("brains", 7, number=1))
    view.play_button.click()  # holds it
    clock.now_s += 1
    view.refresh()
    clock.now_s += 1
    view.slider.setValue(2)
    assert view.slider.value() == 2
    assert "you are at step 2" in view.sentence.text()
    clock.now_s += 1
    view.parting_button.click()
    assert view.slider.value() == 4


def test_steps_of_a_question_that_was_replaced_are_left_out(
    view: BrainsView, asked: Asked, tmp_path: Path
) -> None:
    view.choose(tmp_path / "b.nec")
    view.choose(tmp_path / "c.nec")
    view.show_step(step(1, question=1))
    view.show_end(BrainsEnded("brains", 1, "it is gone", 1))
    view.refresh()
    assert view.sentence.text() == "Opening c.nec …"
    assert [question.number for question in asked if isinstance(question, AskSecondBrain)] == [1, 2]
