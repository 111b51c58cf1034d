from __future__ import annotations

import numpy as np
import pytest
from listening import heard
from made_messages import Clock, make_decision, show_panel
from pytestqt.qtbot import QtBot

from app.look.theme import LIGHT
from app.views.experiments.what_if_view import WhatIfView
from nec_engine.messages import AskWhatIf, PackedPicture, Shot, WhatIfAnswer

PICTURE = PackedPicture.pack(np.full((210, 160, 3), 90, np.uint8))


def came(question: AskWhatIf, action: int) -> WhatIfAnswer:
    return WhatIfAnswer(
        question.panel, question.moment, action, float(action), float(action), 34, 0, False, 0.5,
        tuple(Shot(step, PICTURE) for step in (8, 17, 26, 34)), number=question.number,
    )  # fmt: skip


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> WhatIfView:
    view = WhatIfView(clock=clock)
    show_panel(view, qtbot, clock, (330, 420))
    return view


@pytest.fixture
def asked(view: WhatIfView) -> list[AskWhatIf]:
    return heard(view.asked)


def test_it_asks_about_the_newest_decision_with_the_steps_that_are_set(
    view: WhatIfView, asked: list[AskWhatIf]
) -> None:
    decision = make_decision(3, number=12)
    view.show_decision(decision)
    view.forced_box.setValue(8)
    view.ask()
    (question,) = asked
    assert (question.moment, question.num_forced) == (decision.moment, 8)


def test_without_a_decision_it_waits_for_one(view: WhatIfView, asked: list[AskWhatIf]) -> None:
    view.ask()
    view.refresh()
    assert "not decided yet" in view.sentence.text()
    view.show_decision(make_decision(3))
    assert len(asked) == 1


def test_rows_fill_as_actions_are_played_out_and_stay_when_the_game_goes_on(
    view: WhatIfView, asked: list[AskWhatIf], qtbot: QtBot
) -> None:
    view.show_decision(make_decision(3, number=1))
    view.ask()
    for action in range(3):
        view.show_what_if(came(asked[0], action))
    view.show_decision(make_decision(3, number=2))
    view.refresh()
    assert [row.found for row in view.list.rows] == ["0.00", "1.00", "2.00"]
    assert view.list.minimumHeight() >= 3 * view.list.row_height
    assert not view.list.grab().isNull()
    view.set_theme(LIGHT)
    view.resize(700, 300)
    assert not view.list.grab().isNull()


def test_answers_about_another_moment_are_left_out(
    view: WhatIfView, asked: list[AskWhatIf]
) -> None:
    view.show_decision(make_decision(3, number=1))
    view.ask()
    view.show_decision(make_decision(3, number=2))
    view.ask()
    view.show_what_if(came(asked[0], 0))
    view.refresh()
    assert {row.found for row in view.list.rows} == {"…"}


def test_what_comes_late_of_the_question_before_is_not_counted(
    view: WhatIfView, asked: list[AskWhatIf], clock: Clock
) -> None:
    view.show_decision(make_decision(3))
    view.ask()
    view.show_what_if(came(asked[0], 0))
    view.free_box.setValue(3)
    view.ask()
    for late in (0, 1):  # the first on its way when the button was pressed again
        view.show_what_if(came(asked[0], late))
    view.refresh()
    assert {row.found for row in view.list.rows} == {"…"}
    for action in (0, 1):
        view.show_what_if(came(asked[1], action))
    clock.now_s += 1
    view.refresh()
    assert "2 of 3 played out" in view.sentence.text()
