import pytest
from made_messages import Clock, answer_all, make_decision, picture_of
from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.neighbours.card_pictures import CardMode
from app.views.neighbours.neighbours_view import NeighboursView
from nec_engine.messages import AskPictures, Choice, Moment


@pytest.fixture
def asked(view: NeighboursView) -> list[AskPictures]:
    questions: list[AskPictures] = []
    view.pictures_wanted.connect(questions.append)
    return questions


def moments_of(questions: list[AskPictures]) -> list[Moment]:
    return [moment for question in questions for moment in question.moments]


def test_while_playing_at_most_four_new_pictures_are_asked_in_a_second(
    view: NeighboursView, asked: list[AskPictures], clock: Clock
) -> None:
    for number in range(100):  # 10 s at ten decisions a second, every memory new
        clock.now_s += 0.1
        view.show_decision(make_decision(number=number))
        if asked:
            answer_all(view.show_picture, asked[-1])
    assert 20 <= len(moments_of(asked)) <= 4 * 10 + 4


def test_when_paused_all_pictures_are_asked_at_once_those_in_sight_first(
    view: NeighboursView, asked: list[AskPictures]
) -> None:
    decision = make_decision()
    view.show_decision(decision)
    view.set_paused(True)
    in_sight = len(view.cards.seen_cards())
    assert in_sight < 50
    best = decision.evidence[decision.best_action]
    assert len(asked[-1].moments) == 50
    assert asked[-1].moments[0] == Moment(int(best.episodes[0]), int(best.steps[0]))
    assert asked[-1].state_hashes[3] == int(best.state_hashes[3])
    answer_all(view.show_picture, asked[-1])
    num_asked = len(asked)
    view.show_decision(decision)
    assert len(asked) == num_asked  # all of them are there now


def test_what_came_is_kept_and_not_asked_again(
    view: NeighboursView, asked: list[AskPictures], clock: Clock
) -> None:
    view.set_paused(True)
    view.show_decision(make_decision(number=0))
    answer_all(view.show_picture, asked[-1])
    clock.now_s += 1
    view.show_decision(make_decision(number=1))
    answer_all(view.show_picture, asked[-1])
    clock.now_s += 1
    view.show_decision(make_decision(number=0))
    assert len(asked) == 2


def test_a_hidden_panel_asks_for_nothing(
    view: NeighboursView, asked: list[AskPictures], clock: Clock
) -> None:
    view.hide()
    view.set_paused(True)
    for number in range(5):
        clock.now_s += 1
        view.show_decision(make_decision(number=number))
    view.set_action(1)
    assert asked == []


def test_a_panel_that_is_seen_again_goes_on_asking(
    view: NeighboursView, asked: list[AskPictures], clock: Clock, qtbot: QtBot
) -> None:
    view.set_paused(True)
    view.hide()
    view.show_decision(make_decision())
    clock.now_s += 1
    view.show()
    qtbot.waitUntil(lambda: len(asked) == 1)


def test_frozen_cards_stay_while_the_game_goes_on_and_follow_again_after(
    view: NeighboursView, clock: Clock
) -> None:
    view.show_decision(make_decision(number=1))
    view.set_frozen(True)
    for number in range(2, 6):
        clock.now_s += 1
        view.show_decision(make_decision(number=number))
    assert view.shown_decision is not None
    assert view.shown_decision.number == 1
    clock.now_s += 1
    view.set_frozen(False)
    assert view.shown_decision.number == 5


def test_frozen_cards_get_all_their_pictures_at_once(
    view: NeighboursView, asked: list[AskPictures]
) -> None:
    view.show_decision(make_decision())
    view.set_frozen(True)
    view.refresh()
    assert len(asked[-1].moments) == 50


def test_the_freeze_button_tells_and_shows_its_state_in_words(
    view: NeighboursView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.frozen_changed) as told:
        qtbot.mouseClick(view.freeze_button, Qt.MouseButton.LeftButton)
    assert told.args == [True]
    assert view.freeze_button.text() == "Frozen"
    with qtbot.assertNotEmitted(view.frozen_changed):
        view.set_frozen(False)  # from a menu: not told back
    assert view.freeze_button.text() == "Freeze"


def test_choosing_an_action_shows_its_neighbours_and_best_follows_the_best(
    view: NeighboursView, asked: list[AskPictures], clock: Clock
) -> None:
    view.set_paused(True)
    decision = make_decision(number=0)
    view.show_decision(decision)
    clock.now_s += 1
    view.set_action(1)
    assert asked[-1].moments[0].episode == int(decision.evidence[1].episodes[0])
    assert view.action_box.currentText() == "FIRE"
    clock.now_s += 1
    view.set_action(None)
    assert view.action_box.currentText() == "Best action"


def test_an_action_picked_in_the_panel_is_told(view: NeighboursView, qtbot: QtBot) -> None:
    view.show_decision(make_decision())
    with qtbot.waitSignal(view.action_chosen) as told:
        view.action_box.activated.emit(3)
    assert told.args == [2]
    with qtbot.waitSignal(view.action_chosen) as told:
        view.action_box.activated.emit(0)
    assert told.args == [None]


def test_scrolling_reaches_all_fifty_and_only_those_in_sight_are_worked_out(
    view: NeighboursView,
) -> None:
    view.show_decision(make_decision())
    bar = view.cards.verticalScrollBar()
    assert bar is not None
    first = view.cards.seen_cards()
    bar.setValue(bar.maximum())
    last = view.cards.seen_cards()
    assert first.start == 0
    assert last.stop == 50
    assert max(len(first), len(last)) <= 5


def test_a_wide_panel_has_columns(view: NeighboursView) -> None:
    view.resize(900, 400)
    view.show_decision(make_decision())
    first, second = view.cards.card_rect(0), view.cards.card_rect(1)
    assert first.top() == second.top()
    assert second.left() >= first.right()


def test_what_a_picture_is_not_is_said_on_its_card(view: NeighboursView) -> None:
    view.set_paused(True)
    decision = make_decision()
    view.show_decision(decision)
    best = decision.evidence[decision.best_action]
    moments = [Moment(int(best.episodes[i]), int(best.steps[i])) for i in range(3)]
    view.show_picture(picture_of(moments[0], rgb=False))
    view.show_picture(picture_of(moments[1], is_exact=False))
    words = []
    for i in range(3):
        position = view.cards.card_rect(i).center().toPoint()
        event = QHelpEvent(QEvent.Type.ToolTip, position, view.cards.mapToGlobal(position))
        view.cards.viewportEvent(event)
        words.append(QToolTip.text())
    QToolTip.hideText()
    assert "It cannot be rebuilt: its episode is no longer kept" in words[0]
    assert "Not exact" in words[1]
    assert "on its way" in words[2]


def test_flicker_shows_then_and_now_in_turn_and_rests_when_hidden(
    view: NeighboursView, qtbot: QtBot
) -> None:
    view.show_decision(make_decision())
    view.mode_buttons[CardMode.FLICKER].click()
    qtbot.waitUntil(lambda: view.cards.is_now_phase)
    qtbot.waitUntil(lambda: not view.cards.is_now_phase)
    view.hide()
    qtbot.waitUntil(lambda: not view._flicker_timer.isActive())
    view.show()
    view.show_decision(make_decision())
    qtbot.waitUntil(view._flicker_timer.isActive)
    view.mode_buttons[CardMode.PICTURE].click()
    assert view.cards.mode is CardMode.PICTURE
    qtbot.waitUntil(lambda: not view._flicker_timer.isActive())


@pytest.mark.parametrize("mode", list(CardMode))
def test_every_mode_is_painted_with_and_without_pictures_in_both_themes(
    view: NeighboursView, asked: list[AskPictures], mode: CardMode
) -> None:
    view.set_paused(True)
    view.show_decision(make_decision(18))
    view.mode_buttons[mode].click()
    assert not view.grab().isNull()
    answer_all(view.show_picture, asked[-1])
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        assert not view.grab().isNull()


@pytest.mark.parametrize("num_neighbours", [0, 1, 3])
def test_few_or_no_neighbours_are_painted(view: NeighboursView, num_neighbours: int) -> None:
    decision = make_decision(choice=Choice.EMPTY, num_neighbours=num_neighbours)
    view.show_decision(decision)
    assert view.cards.num_cards == num_neighbours
    assert not view.grab().isNull()


def test_another_game_starts_without_the_pictures_of_the_last(
    view: NeighboursView, asked: list[AskPictures], clock: Clock
) -> None:
    view.set_paused(True)
    view.show_decision(make_decision())
    answer_all(view.show_picture, asked[-1])
    clock.now_s += 1
    view.open_game()
    clock.now_s += 1
    view.show_decision(make_decision())
    assert len(asked) == 2


def test_what_nobody_looked_at_when_it_was_decided_has_no_cards_unless_they_are_frozen(
    view: NeighboursView, clock: Clock
) -> None:
    view.show_decision(make_decision())
    assert view.nearest_entry is not None
    view.set_frozen(True)
    view.show_decision(None)
    assert view.shown_decision is not None
    view.set_frozen(False)
    view.show_decision(None)
    assert view.nearest_entry is None
    clock.now_s += 1
    view.refresh()
    assert view.cards.num_cards == 0


def test_answers_to_other_panels_are_none_of_its_business(view: NeighboursView) -> None:
    view.show_decision(make_decision())
    answer = picture_of(Moment(1, 1))
    view.show_picture(type(answer)("map", answer.moment, None, None, True))
    assert not view.grab().isNull()


def test_every_control_has_a_tooltip_and_a_name(view: NeighboursView) -> None:
    for control in (view.action_box, view.freeze_button, *view.mode_buttons.values()):
        assert control.toolTip()
        assert control.accessibleName()
