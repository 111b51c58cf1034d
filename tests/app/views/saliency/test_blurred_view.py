import pytest
from made_insight import blurred_of
from made_messages import make_decision
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.saliency.blurred_change import HOW_TO
from app.views.saliency.blurred_view import BlurredView
from nec_engine.messages import AskBlurred, Box

BOX = Box(10, 20, 30, 10)


@pytest.fixture
def view(qtbot: QtBot) -> BlurredView:
    made = BlurredView()
    qtbot.addWidget(made)
    made.resize(330, 110)
    made.show()
    return made


def test_it_says_what_to_do_then_that_it_asks_then_what_changed(view: BlurredView) -> None:
    decision = make_decision(num_actions=18)
    view.show_decision(decision)
    assert view.sentence.text() == HOW_TO
    view.show_waiting(BOX)
    assert view.picker.box == BOX
    view.show_answer(blurred_of(AskBlurred("saliency blur", decision, BOX)))
    assert "neighbours" in view.sentence.text()
    assert view.bars.toolTip().count("\n") == 17
    assert "is the choice now" in view.bars.accessibleDescription()
    view.clear()
    assert view.sentence.text() == HOW_TO
    assert view.bars.toolTip() == ""


@pytest.mark.parametrize("size", [(200, 76), (330, 110), (900, 500)])
@pytest.mark.parametrize("num_actions", [2, 18])
def test_it_is_painted_light_and_dark_at_any_size(
    view: BlurredView, size: tuple[int, int], num_actions: int
) -> None:
    view.resize(*size)
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        question = AskBlurred("saliency blur", make_decision(num_actions=num_actions), BOX)
        view.show_answer(blurred_of(question, shift=2.0))
        assert not view.grab().isNull()
        for height in (10, 20, 40):
            view.bars.resize(120, height)
            assert not view.bars.grab().isNull()
