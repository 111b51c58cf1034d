import dataclasses

import pytest
from made_maps import PLANE, make_map, places_for
from made_messages import Clock, decision_without_memory, make_decision
from made_news import game_info
from map_hand import Shift, around, drag, of_kind, pixel_of
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.map.map_requests import REFRESH_S
from app.views.map.map_view import SELECTION, MapView
from nec_engine.messages import (
    AskMap,
    AskPlaces,
    Entry,
    Moment,
)


def test_a_map_is_asked_when_the_panel_is_seen_and_again_every_ten_seconds(
    view: MapView, asked: list[object], clock: Clock
) -> None:
    assert asked == [AskMap("map")]
    answer = make_map()
    view.show_map(answer)
    view._look()
    assert len(asked) == 1
    clock.now_s += REFRESH_S
    view._look()
    (question,) = of_kind(asked[1:], AskMap)
    assert isinstance(question, AskMap)
    assert question.previous is answer


def test_a_hidden_panel_asks_for_nothing(view: MapView, asked: list[object], clock: Clock) -> None:
    view.show_map(make_map())
    view.hide()
    asked.clear()
    for number in range(5):
        clock.now_s += 20
        view.show_decision(make_decision(number=number))
        view.set_selected(Entry(0, 9_999, Moment(1, 1), 5))
        view._look()
    assert asked == []
    assert not view._look_timer.isActive()


def test_an_entry_that_was_selected_meanwhile_is_marked_when_the_panel_is_seen_again(
    shown: MapView, qtbot: QtBot
) -> None:
    shown.hide()
    shown.set_selected(Entry(57 % 6, 57, Moment(1, 57), 64))
    assert shown.canvas.selected is None
    shown.show()
    qtbot.waitUntil(lambda: shown.canvas.selected == (5.0, 7.0))


def test_the_dot_is_the_mean_of_the_best_actions_neighbours_or_of_the_chosen_ones(
    shown: MapView, asked: list[object], clock: Clock
) -> None:
    decision = make_decision(number=1)
    shown.show_decision(decision)
    (question,) = of_kind(asked, AskPlaces)
    assert isinstance(question, AskPlaces)
    assert question.action == decision.best_action
    assert question.slots is decision.evidence[decision.best_action].slots
    shown.show_places(places_for(question, (3.0, 4.0)))
    assert shown.canvas.live.tail == ((3.0, 4.0),)
    assert len(shown.canvas.live.neighbours) == 50
    clock.now_s += 1
    shown.set_action(1)
    assert shown.canvas.live.tail == ((3.0, 4.0),)  # until it is known better
    assert isinstance(asked[-1], AskPlaces)
    assert asked[-1].action == 1


def test_the_dot_leaves_a_tail_and_stays_when_no_neighbour_is_held(
    shown: MapView, asked: list[object], clock: Clock
) -> None:
    for number in range(3):
        clock.now_s += 1
        shown.show_decision(make_decision(number=number))
        question = asked[-1]
        assert isinstance(question, AskPlaces)
        shown.show_places(places_for(question, (number, 0.0) if number < 2 else None))
    assert shown.canvas.live.tail == ((0, 0.0), (1, 0.0))
    assert shown.canvas.live.neighbours == ()


def test_places_on_a_map_that_is_gone_are_not_shown(shown: MapView, asked: list[object]) -> None:
    shown.show_decision(make_decision(number=1))
    question = asked[-1]
    assert isinstance(question, AskPlaces)
    other = dataclasses.replace(PLANE)
    shown.show_map(make_map(projection=other))
    shown.show_places(places_for(question, (3.0, 4.0)))
    assert shown.canvas.live.tail == ()


def test_a_selected_entry_that_is_no_point_of_the_map_is_asked_for(
    shown: MapView, asked: list[object]
) -> None:
    shown.set_selected(Entry(2, 9_999, Moment(1, 1), 5))
    assert shown.canvas.selected is None
    (question,) = of_kind(asked, AskPlaces)
    assert isinstance(question, AskPlaces)
    assert (question.panel, question.action, question.slots.tolist()) == (SELECTION, 2, [9_999])
    shown.show_places(places_for(question, (1.0, 2.0)))
    assert shown.canvas.selected == (1.0, 2.0)


def test_one_actions_memories_can_be_shown_alone(shown: MapView) -> None:
    shown.controls.filter_box.setCurrentIndex(1 + 2)
    layout = shown.canvas.picture.layout
    assert layout is not None
    assert set(layout.shown.tolist()) == set(range(2, 200, 6))
    drag(shown, around(shown, 0, 199), Shift)
    assert shown.close_up.sheet.lines.text().splitlines()[2] == "RIGHT 100 %"


def test_every_colouring_has_its_legend(shown: MapView) -> None:
    legends = []
    for index in range(shown.controls.colour_box.count()):
        shown.controls.colour_box.setCurrentIndex(index)
        assert not shown.grab().isNull()
        legends.append(shown.legend.accessibleDescription())
    assert legends == [
        "≤ 4 · 100 · ≥ 195",
        "NOOP 34 · FIRE 34 · RIGHT 33 · LEFT 33 · RIGHT FIRE 33 · LEFT FIRE 33",
        "2.0k steps ago · 995 steps ago · just now",
        "agent 100 · person 100",
    ]


def test_dragging_the_wheel_and_the_keys_move_the_map_and_fit_brings_it_back(
    shown: MapView,
) -> None:
    canvas = shown.canvas
    first = canvas.picture.frame
    drag(shown, [QPoint(100, 100), QPoint(130, 120)], Qt.KeyboardModifier.NoModifier)
    pulled = canvas.picture.frame
    assert pulled == first.moved(30, 20)
    at = QPointF(50, 60)
    QApplication.sendEvent(
        canvas,
        QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip
    assert canvas.picture.frame.place_at(50, 60) == pytest.approx(pulled.place_at(50, 60))
    assert canvas.picture.frame.scale > pulled.scale
    zoomed = canvas.picture.frame
    shown.show_map(make_map(210))
    shown.refresh()
    assert canvas.picture.frame == zoomed  # a new map does not jump
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Left, Qt.Key.Key_Right):
        QTest.keyClick(canvas, key)
    assert canvas.picture.frame.x == pytest.approx(zoomed.x)
    assert canvas.picture.frame.scale == pytest.approx(zoomed.scale)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.picture.frame.scale == pytest.approx(first.scale, rel=0.2)
    shown.controls.fit_button.click()


def test_an_agent_without_a_memory_is_asked_for_a_map_and_no_dot(
    view: MapView, asked: list[object]
) -> None:
    view.show_map(make_map(0, num_entries=()))
    view.show_decision(decision_without_memory())
    view.refresh()
    assert of_kind(asked, AskPlaces) == []
    assert view.canvas.words[0] == "This agent keeps no memories"
    assert not view.grab().isNull()


def test_another_game_has_another_map(shown: MapView, asked: list[object], clock: Clock) -> None:
    drag(shown, around(shown, 30, 59), Shift)
    clock.now_s += 1
    shown.open_game(game_info("hero", ("noop", "fire")))
    shown.refresh()
    assert shown.canvas.words[0] == "The map is on its way"
    assert not shown.close_up.sheet.isVisible()
    box = shown.controls.filter_box
    assert [box.itemText(i) for i in range(box.count())] == ["All actions", "NOOP", "FIRE"]
    assert AskMap("map") in asked


def test_a_new_map_can_be_asked_for_at_once(shown: MapView, asked: list[object]) -> None:
    shown.controls.new_button.click()
    assert len(of_kind(asked, AskMap)) == 1


@pytest.mark.parametrize("size", [(240, 260), (320, 520), (900, 400)])
def test_every_state_is_painted_in_both_themes_and_at_any_size(
    shown: MapView, asked: list[object], clock: Clock, size: tuple[int, int]
) -> None:
    shown.resize(*size)
    drag(shown, around(shown, 30, 59), Shift)
    QTest.mouseMove(shown.canvas, pixel_of(shown, 57))
    shown.set_selected(Entry(57 % 6, 57, Moment(1, 57), 64))
    for theme in (DARK, LIGHT):
        clock.now_s += 1
        shown.set_theme(theme)
        shown.show_decision(make_decision(number=int(clock.now_s)))
        question = asked[-1]
        assert isinstance(question, AskPlaces)
        shown.show_places(places_for(question, (3.0, 4.0)))
        assert not shown.grab().isNull()


def test_every_control_has_a_tooltip_and_a_name(view: MapView) -> None:
    row = view.controls
    controls: list[QWidget] = [
        row.colour_box, row.filter_box, row.lasso_button, row.fit_button, row.new_button,
        row.umap_button, row.help_button, view.close_up.sheet.close_button,
    ]  # fmt: skip
    for control in controls:
        assert control.toolTip()
        assert control.accessibleName()
    for name in (view.canvas, view.legend, view.close_up.sheet):
        assert name.accessibleName()


def test_what_was_selected_while_the_map_was_hidden_is_marked_when_it_is_seen(
    shown: MapView, asked: list[object], qtbot: QtBot, clock: Clock
) -> None:
    shown.hide()
    shown.set_selected(Entry(2, 9_999, Moment(1, 1), 5))
    assert of_kind(asked, AskPlaces) == []
    clock.now_s += 1
    shown.show()
    qtbot.waitUntil(lambda: len(of_kind(asked, AskPlaces)) == 1)
