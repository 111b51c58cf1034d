import numpy as np
import pytest
from made_messages import Clock, make_decision, saliency_of, show_settled
from pytestqt.qtbot import QtBot

from app.theme import DARK, LIGHT
from app.views.saliency_view import BEST, NUM_FIXED_TARGETS, SaliencyView
from nec_engine.messages import AskSaliency


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> SaliencyView:
    view = SaliencyView(clock=clock)
    qtbot.addWidget(view)
    view.resize(400, 300)
    show_settled(view, qtbot, clock)
    return view


@pytest.fixture
def asked(view: SaliencyView) -> list[AskSaliency]:
    questions: list[AskSaliency] = []
    view.saliency_wanted.connect(questions.append)
    return questions


@pytest.fixture
def overlays(view: SaliencyView) -> list[tuple[object, float]]:
    told: list[tuple[object, float]] = []
    view.overlay_changed.connect(lambda heat, opacity: told.append((heat, opacity)))
    return told


def test_the_next_map_is_asked_when_the_former_has_come(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision(number=0))
    for number in range(1, 4):
        clock.now_s += 0.3
        view.show_decision(make_decision(number=number))
    assert [question.decision.number for question in asked] == [0]
    view.show_saliency(saliency_of(asked[0]))
    assert [question.decision.number for question in asked] == [0, 3]


def test_at_most_three_maps_a_second_are_asked(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    for number in range(100):
        clock.now_s += 0.02
        view.show_decision(make_decision(number=number))
        if asked:
            view.show_saliency(saliency_of(asked[-1]))
    assert 4 <= len(asked) <= 6


def test_a_hidden_panel_asks_for_nothing(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.hide()
    clock.now_s += 1
    view.show_decision(make_decision())
    assert asked == []


def test_the_heat_over_the_game_goes_on_behind_another_tab(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.overlay_box.setChecked(True)
    view.hide()
    view.show_decision(make_decision())
    assert len(asked) == 1


def test_the_played_action_is_explained_unless_another_is_chosen(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    decision = make_decision(num_actions=6, action=1)
    view.show_decision(decision)
    assert asked[-1].action == 1
    view.show_saliency(saliency_of(asked[-1]))
    for place, action in ((BEST, decision.best_action), (NUM_FIXED_TARGETS + 2, 2)):
        clock.now_s += 1
        view.target_box.setCurrentIndex(place)
        assert asked[-1].action == action
        view.show_saliency(saliency_of(asked[-1]))
    assert view.target_box.currentText() == "UP"


def test_the_overlay_gets_each_map_its_opacity_and_its_end(
    view: SaliencyView,
    asked: list[AskSaliency],
    overlays: list[tuple[object, float]],
) -> None:
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0]))
    assert overlays[-1][0] is None  # off at first
    view.overlay_box.setChecked(True)
    heat, opacity = overlays[-1]
    assert isinstance(heat, np.ndarray)
    assert heat.shape == (84, 84)
    view.opacity_slider.setValue(30)
    assert overlays[-1] == (heat, 0.3)
    assert opacity != 0.3
    view.overlay_box.setChecked(False)
    assert overlays[-1][0] is None


def test_another_game_takes_the_heat_away(
    view: SaliencyView, asked: list[AskSaliency], overlays: list[tuple[object, float]]
) -> None:
    view.overlay_box.setChecked(True)
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0]))
    view.show_decision(None)
    assert overlays[-1][0] is None


def test_an_answer_about_a_game_that_is_gone_is_not_shown(
    view: SaliencyView, asked: list[AskSaliency], overlays: list[tuple[object, float]]
) -> None:
    view.overlay_box.setChecked(True)
    view.show_decision(make_decision(number=7))
    view.show_decision(None)
    view.show_saliency(saliency_of(asked[0]))
    assert all(heat is None for heat, _ in overlays)


def test_next_saliency_goes_from_off_over_played_and_best_back_to_off(view: SaliencyView) -> None:
    states = []
    for _ in range(3):
        view.next_saliency()
        states.append((view.overlay_box.isChecked(), view.target_box.currentText()))
    assert states == [(True, "Played action"), (True, "Best action"), (False, "Best action")]


def test_the_age_of_the_map_is_shown(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision(number=1))
    view.show_saliency(saliency_of(asked[0]))
    clock.now_s += 1  # the game stands still
    view.refresh()
    assert view.status.whole_text.endswith("map of now")
    view.show_decision(make_decision(number=2))
    view.refresh()
    assert view.status.whole_text.endswith("map of 1.0 s ago")


def test_a_gradient_that_vanishes_is_said_and_not_shown_as_heat(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0], vanishes=True))
    view.refresh()
    assert view.status.whole_text.startswith("The gradient vanishes")
    assert not view.grab().isNull()


def test_the_method_is_named_and_called_exploratory(view: SaliencyView) -> None:
    assert "exploratory" in view.method.whole_text


@pytest.mark.parametrize("size", [(240, 150), (400, 300), (900, 700)])
def test_every_state_is_painted_in_both_themes_and_at_any_size(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock, size: tuple[int, int]
) -> None:
    view.resize(*size)
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        assert not view.grab().isNull()
        clock.now_s += 1
        view.show_decision(make_decision(number=int(clock.now_s)))
        view.show_saliency(saliency_of(asked[-1]))
        assert not view.grab().isNull()


def test_every_control_has_a_tooltip_and_a_name(view: SaliencyView) -> None:
    assert view.overlay_box.toolTip()
    assert view.overlay_box.text()
    for control in (view.target_box, view.opacity_slider):
        assert control.toolTip()
        assert control.accessibleName()
