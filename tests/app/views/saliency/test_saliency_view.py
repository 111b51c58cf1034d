import dataclasses

import numpy as np
import pytest
from made_insight import blurred_of, saliency_of, sanity_of
from made_messages import Clock, decision_without_memory, make_decision, show_panel
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.saliency.saliency_words import SELECT_FIRST
from app.views.saliency.saliency_controls import BEST, GAP, LIKENESS, NUM_FIXED_TARGETS
from app.views.saliency.saliency_view import SaliencyView
from nec_engine.messages import (
    AskBlurred,
    AskSaliency,
    AskSanityCheck,
    Box,
    Entry,
    GapOfBest,
    LikenessTo,
    Moment,
    QOf,
    SaliencyMethod,
)

BOX = Box(10, 20, 30, 10)
ENTRY = Entry(1, 7, Moment(3, 41), 99)


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> SaliencyView:
    view = SaliencyView(clock=clock)
    show_panel(view, qtbot, clock, (400, 300))
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
    view.controls.overlay_box.setChecked(True)
    view.hide()
    view.show_decision(make_decision())
    assert len(asked) == 1


def test_the_played_action_is_explained_unless_another_is_chosen(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    decision = make_decision(num_actions=6, action=1)
    view.show_decision(decision)
    assert asked[-1].target == QOf(1)
    view.show_saliency(saliency_of(asked[-1]))
    for place, action in ((BEST, decision.best_action), (NUM_FIXED_TARGETS + 2, 2)):
        clock.now_s += 1
        view.controls.target_box.setCurrentIndex(place)
        assert asked[-1].target == QOf(action)
        view.show_saliency(saliency_of(asked[-1]))
    assert view.controls.target_box.currentText() == "UP"


def test_the_overlay_gets_each_map_its_opacity_and_its_end(
    view: SaliencyView,
    asked: list[AskSaliency],
    overlays: list[tuple[object, float]],
) -> None:
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0]))
    assert overlays[-1][0] is None  # off at first
    view.controls.overlay_box.setChecked(True)
    heat, opacity = overlays[-1]
    assert isinstance(heat, np.ndarray)
    assert heat.shape == (84, 84)
    view.controls.opacity_slider.setValue(30)
    assert overlays[-1] == (heat, 0.3)
    assert opacity != 0.3
    view.controls.overlay_box.setChecked(False)
    assert overlays[-1][0] is None


def test_a_moment_whose_decision_nobody_knows_has_no_heat(
    view: SaliencyView, asked: list[AskSaliency], overlays: list[tuple[object, float]]
) -> None:
    view.controls.overlay_box.setChecked(True)
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0]))
    view.show_decision(None)
    assert overlays[-1][0] is None


def test_an_answer_about_a_moment_that_is_gone_is_not_shown(
    view: SaliencyView, asked: list[AskSaliency], overlays: list[tuple[object, float]]
) -> None:
    view.controls.overlay_box.setChecked(True)
    view.show_decision(make_decision(number=7))
    view.show_decision(None)
    view.show_saliency(saliency_of(asked[0]))
    assert all(heat is None for heat, _ in overlays)


def test_next_saliency_goes_from_off_over_played_and_best_back_to_off(view: SaliencyView) -> None:
    states = []
    for _ in range(3):
        view.next_saliency()
        states.append(
            (view.controls.overlay_box.isChecked(), view.controls.target_box.currentText())
        )
    assert states == [(True, "Played action"), (True, "Best action"), (False, "Best action")]


def test_the_age_of_the_map_is_shown(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision(number=1))
    view.show_saliency(saliency_of(asked[0]))
    clock.now_s += 1  # the game stands still
    view.refresh()
    assert ", map of now, took 30 ms" in view.status.whole_text
    view.show_decision(make_decision(number=2))
    view.refresh()
    assert "map of 1.0 s ago" in view.status.whole_text


def test_a_gradient_that_vanishes_is_said_and_not_shown_as_heat(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0], vanishes=True))
    view.refresh()
    assert view.status.whole_text.startswith("Nothing pulls")
    assert not view.grab().isNull()


def test_the_method_is_named_and_called_exploratory(view: SaliencyView) -> None:
    assert "Exploratory" in view.method.text()


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
    controls = view.controls
    for control in (
        controls.target_box, controls.method_box, controls.opacity_slider, controls.overlay_box,
        controls.blur_button, controls.check_button,
    ):  # fmt: skip
        assert control.toolTip()
        assert control.accessibleName()


# --- what of, and how ---


def test_another_method_is_asked_at_once_and_its_time_is_told(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision())
    view.controls.method_box.setCurrentIndex(4)
    assert [q.method for q in asked] == [SaliencyMethod.GRADIENT, SaliencyMethod.PERTURBATION]
    view.show_saliency(saliency_of(asked[0]))  # too late
    assert view._answer is None
    view.refresh()
    assert view.status.whole_text == "A map by perturbation is on its way."
    view.show_saliency(saliency_of(asked[1], took_s=1.26))
    view.refresh()
    assert "took 1.3 s" in view.status.whole_text
    assert "perturbation" in view.method.text()


def test_the_gap_of_the_best_two_can_be_explained(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    view.show_decision(make_decision(num_actions=6))
    view.controls.target_box.setCurrentIndex(GAP)
    assert asked[-1].target == GapOfBest()
    view.show_saliency(saliency_of(asked[-1]))
    view.refresh()
    assert " less " in view.status.whole_text


def test_the_likeness_waits_for_a_memory_to_be_selected(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    view.show_decision(make_decision())
    view.controls.target_box.setCurrentIndex(LIKENESS)
    assert len(asked) == 1
    view.refresh()
    assert view.status.whole_text == SELECT_FIRST
    view.set_selected(ENTRY)
    assert asked[-1].target == LikenessTo(ENTRY)
    view.show_saliency(saliency_of(asked[-1], value=0.25))
    view.refresh()
    assert view.status.whole_text.startswith("like ep. 3, step 41: 0.25")
    view.show_decision(make_decision(number=1))
    view.controls.target_box.setCurrentIndex(BEST)
    view.controls.target_box.setCurrentIndex(LIKENESS)
    view.show_saliency(saliency_of(asked[-1], value=1.0))
    view.refresh()
    assert "its very screens" in view.status.whole_text


def test_an_agent_without_a_memory_or_a_network_offers_less(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    model = view.controls.target_box.model()
    view.show_decision(decision_without_memory())
    view.refresh()
    assert not model.item(LIKENESS).isEnabled()
    view.show_decision(make_decision())
    view.refresh()
    assert model.item(LIKENESS).isEnabled()
    view.controls.method_box.setCurrentIndex(3)
    view.controls.set_methods([m for m in SaliencyMethod if m is not SaliencyMethod.GUIDED])
    assert view.controls.method is SaliencyMethod.GRADIENT
    assert not view.controls.method_box.model().item(3).isEnabled()


def test_why_there_is_no_map_is_said_and_the_game_is_not_dimmed(
    view: SaliencyView, asked: list[AskSaliency], overlays: list[tuple[object, float]]
) -> None:
    view.controls.overlay_box.setChecked(True)
    view.show_decision(make_decision())
    view.show_saliency(saliency_of(asked[0], problem="there is no map yet; nothing; wait"))
    view.refresh()
    assert view.status.whole_text == "There is no map yet; nothing; wait"
    assert overlays[-1][0] is None


# --- blur and ask ---


def test_a_region_is_blurred_and_asked_about_and_no_map_that_nobody_sees(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision(number=3))
    view.ask_blurred(BOX)
    assert not any(isinstance(q, AskBlurred) for q in asked)  # not in that mode
    view.set_blurring(True)
    assert view.pages.currentWidget() is view.blurred
    view.blurred.picked.emit(BOX)
    question = asked[-1]
    assert isinstance(question, AskBlurred)
    assert (question.decision.number, question.box) == (3, BOX)
    assert question.panel != asked[0].panel
    view.show_saliency(saliency_of(asked[0]))
    clock.now_s += 1
    view.show_decision(make_decision(number=4))
    assert asked[-1] is question
    view.show_blurred(blurred_of(question))
    assert "neighbours" in view.blurred.sentence.text()
    view.leave_modes()
    assert asked[-1].decision.number == 4


def test_both_modes_are_left_together_and_exclude_each_other(
    view: SaliencyView, asked: list[AskSaliency]
) -> None:
    told: list[bool] = []
    view.blurring_changed.connect(told.append)
    assert not view.leave_modes()
    view.show_decision(make_decision())
    view.set_blurring(True)
    view.set_checking(True)
    assert (view.is_blurring, view.is_checking) == (False, True)
    view.set_blurring(True)
    assert (view.is_blurring, view.is_checking) == (True, False)
    assert view.leave_modes()
    assert view.pages.currentWidget() is view.screens
    assert told == [True, False, True, False]


# --- the test of the map ---


def test_a_test_is_asked_in_the_maps_own_name_and_no_map_ends_it(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    view.show_decision(make_decision(number=1))
    view.show_saliency(saliency_of(asked[0]))
    view.set_checking(True)
    question = asked[-1]
    assert isinstance(question, AskSanityCheck)
    assert question.panel == asked[0].panel
    clock.now_s += 5
    view.show_decision(make_decision(number=2))
    assert asked[-1] is question
    late = dataclasses.replace(question, method=SaliencyMethod.GUIDED)
    view.show_sanity(sanity_of(late, 0, 5))
    for number in range(5):
        assert not view.sanity.is_complete
        view.show_sanity(sanity_of(question, number, 5))
    assert view.sanity.is_complete


def test_another_wish_ends_the_test(view: SaliencyView, asked: list[AskSaliency]) -> None:
    view.show_decision(make_decision(number=1))
    view.set_checking(True)
    view.controls.method_box.setCurrentIndex(1)
    assert not view.is_checking
    assert isinstance(asked[-1], AskSaliency)
    assert asked[-1].method is SaliencyMethod.SMOOTHGRAD


def test_without_a_decision_there_is_nothing_to_test(view: SaliencyView) -> None:
    view.set_checking(True)
    assert not view.is_checking


def test_a_target_that_another_agent_does_not_have_is_left(
    view: SaliencyView, asked: list[AskSaliency], clock: Clock
) -> None:
    box = view.controls.target_box
    view.show_decision(make_decision())
    box.setCurrentIndex(LIKENESS)
    assert asked[-1].target == QOf(make_decision().action)
    clock.now_s += 1
    asked.clear()
    view.show_decision(decision_without_memory())
    view.refresh()
    assert box.currentIndex() == 0
    view.show_decision(dataclasses.replace(decision_without_memory(), number=1))
    assert asked


def test_the_q_of_an_action_stays_that_of_the_action(view: SaliencyView) -> None:
    controls, box = view.controls, view.controls.target_box
    controls.set_actions(("noop", "fire", "right"), has_memory=True)
    box.setCurrentIndex(NUM_FIXED_TARGETS + 2)
    controls.set_actions(("noop", "fire", "up", "right"), has_memory=True)
    assert box.currentText() == "RIGHT"
    controls.set_actions(("noop", "fire"), has_memory=True)
    assert box.currentIndex() == 0
