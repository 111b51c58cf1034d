import dataclasses

import pytest
from made_insight import sanity_of
from made_messages import make_decision
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.saliency.sanity_view import SanityView
from nec_engine.messages import AskSanityCheck

QUESTION = AskSanityCheck("saliency", make_decision())


@pytest.fixture
def view(qtbot: QtBot) -> SanityView:
    made = SanityView()
    qtbot.addWidget(made)
    made.resize(340, 110)
    made.show()
    return made


def test_maps_come_one_by_one_and_the_last_says_what_is_left(view: SanityView) -> None:
    for number in range(5):
        assert not view.is_complete
        view.add(sanity_of(QUESTION, number, 5))
        assert not view.grab().isNull()
    assert view.is_complete
    assert "agrees with the true one by 0.20" in view.sentence.text()
    name = view.row.accessibleName()
    for words in ("as it is: 1", "key: 0.80", "+ conv_1: 0.20"):
        assert words in name


def test_a_new_check_begins_with_nothing(view: SanityView) -> None:
    view.add(sanity_of(QUESTION, 0, 5))
    view.clear()
    assert not view.is_complete
    assert "on its way" in view.sentence.text()


def test_an_empty_map_and_a_problem_are_said(view: SanityView) -> None:
    view.add(dataclasses.replace(sanity_of(QUESTION, 4, 1), correlation=None))
    assert "nothing to compare" in view.sentence.text()
    view.clear()
    view.add(sanity_of(QUESTION, 0, 1, problem="there is nothing to make random; so; so"))
    assert view.sentence.text() == "There is nothing to make random; so; so."


@pytest.mark.parametrize("size", [(200, 90), (340, 110), (900, 500)])
def test_it_is_painted_light_and_dark_at_any_size(view: SanityView, size: tuple[int, int]) -> None:
    view.resize(*size)
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        view.add(sanity_of(QUESTION, 0, 5))
        assert not view.grab().isNull()
