"""What is done with the memories on the cards: selecting, going there, the menu."""

import pytest
from made_messages import Clock, make_decision
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.models.neighbours.neighbour_rows import entry_of
from app.views.neighbours.neighbours_view import NeighboursView
from nec_engine.messages import Decision, Entry, GoTo, Moment


@pytest.fixture
def visits(view: NeighboursView) -> list[GoTo]:
    places: list[GoTo] = []
    view.visit_wanted.connect(places.append)
    return places


def place_of(decision: Decision, index: int, steps_before: int = 0) -> GoTo:
    best = decision.evidence[decision.best_action]
    moment = Moment(int(best.episodes[index]), int(best.steps[index]))
    return GoTo(moment, int(best.state_hashes[index]), steps_before)


def double_click(view: NeighboursView, place: QPoint, qtbot: QtBot) -> None:
    """As a mouse does it: a click, then the second press and its release."""
    area, left = view.cards.viewport(), Qt.MouseButton.LeftButton
    qtbot.mouseClick(area, left, pos=place)
    qtbot.mouseDClick(area, left, pos=place)
    qtbot.mouseRelease(area, left, pos=place)


def test_a_double_click_goes_to_the_memory(
    view: NeighboursView, visits: list[GoTo], qtbot: QtBot
) -> None:
    decision = make_decision()
    view.show_decision(decision)
    middle = view.cards.card_rect(1).center().toPoint()
    double_click(view, middle, qtbot)
    assert visits == [place_of(decision, 1)]


def test_the_button_of_the_card_under_the_mouse_goes_there(
    view: NeighboursView, visits: list[GoTo], qtbot: QtBot
) -> None:
    decision = make_decision()
    view.show_decision(decision)
    rect = view.cards.card_rect(0)
    before = view.grab().toImage()
    qtbot.mouseMove(view.cards.viewport(), rect.center().toPoint())
    qtbot.waitUntil(lambda: view.grab().toImage() != before)
    qtbot.mouseClick(view.cards.viewport(), Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert visits == []  # beside the button
    button = view.cards.card.button_rect(rect).center().toPoint()
    qtbot.mouseClick(view.cards.viewport(), Qt.MouseButton.LeftButton, pos=button)
    assert visits == [place_of(decision, 0)]
    double_click(view, button, qtbot)  # a person in a hurry goes once all the same
    assert visits == 2 * [place_of(decision, 0)]


def test_what_is_pressed_is_gone_to_also_when_the_game_has_gone_on_by_the_release(
    view: NeighboursView, visits: list[GoTo], qtbot: QtBot, clock: Clock
) -> None:
    area, left = view.cards.viewport(), Qt.MouseButton.LeftButton
    decisions = [make_decision(number=number) for number in range(3)]
    view.show_decision(decisions[0])
    rect = view.cards.card_rect(1)
    button, middle = view.cards.card.button_rect(rect).center().toPoint(), rect.center().toPoint()

    def go_on(number: int) -> None:
        clock.now_s += 1
        view.show_decision(decisions[number])
        assert view.shown_decision is decisions[number]

    qtbot.mousePress(area, left, pos=button)
    go_on(1)
    qtbot.mouseRelease(area, left, pos=button)
    assert visits == [place_of(decisions[0], 1)]
    qtbot.mouseClick(area, left, pos=middle)
    go_on(2)
    qtbot.mouseDClick(area, left, pos=middle)
    assert visits[1:] == [place_of(decisions[1], 1)]
    qtbot.mousePress(area, left, pos=button)
    qtbot.mouseRelease(area, left, pos=middle)  # a person thought better of it
    assert len(visits) == 2


def test_the_menu_of_a_card_goes_there_or_a_little_before(
    view: NeighboursView, visits: list[GoTo], qtbot: QtBot
) -> None:
    decision = make_decision()
    view.show_decision(decision)
    area = view.cards.viewport()
    assert area is not None
    middle = view.cards.card_rect(2).center().toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, area.mapToGlobal(middle))
    QApplication.sendEvent(area, event)
    menu = view.cards.findChild(QMenu)
    assert menu is not None
    view.show_decision(make_decision(number=7))  # the game goes on meanwhile
    for action in menu.actions():
        action.trigger()
    menu.close()
    assert visits == [place_of(decision, 2), place_of(decision, 2, steps_before=30)]


def test_the_nearest_memory_is_the_first_card_that_somebody_sees(view: NeighboursView) -> None:
    assert view.nearest_entry is None
    decision = make_decision()
    view.show_decision(decision)
    entry = view.nearest_entry
    assert entry is not None
    assert GoTo(entry.moment, entry.state_hash) == place_of(decision, 0)
    view.hide()
    assert view.nearest_entry is None


def test_a_click_selects_a_memory_and_the_selected_one_has_another_frame(
    view: NeighboursView, qtbot: QtBot
) -> None:
    clicked: list[Entry] = []
    view.entry_clicked.connect(clicked.append)
    decision = make_decision()
    view.show_decision(decision)
    middle = view.cards.card_rect(1).center().toPoint()
    qtbot.mouseClick(view.cards.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    best = decision.evidence[decision.best_action]
    (entry,) = clicked
    assert entry == entry_of(best, 1)
    before = view.grab().toImage()
    view.set_selected(Entry(entry.action, entry.slot, entry.moment, entry.state_hash + 1))
    assert view.grab().toImage() == before  # another entry has that slot
    written_again = Entry(entry.action, entry.slot, Moment(900, 1), entry.state_hash)
    view.set_selected(written_again)
    assert view.grab().toImage() != before


def test_arrows_choose_a_card_and_enter_goes_there(
    view: NeighboursView, visits: list[GoTo], qtbot: QtBot
) -> None:
    decision = make_decision()
    best = decision.evidence[decision.best_action]
    clicked: list[Entry] = []
    view.entry_clicked.connect(clicked.append)
    view.entry_clicked.connect(view.set_selected)
    view.show_decision(decision)
    cards = view.cards
    qtbot.keyClick(cards, Qt.Key.Key_Return)
    assert visits == []  # nothing is chosen yet
    keys, last = Qt.Key, cards.num_cards - 1
    assert last > 5
    for key, index in (
        (keys.Key_Right, 0), (keys.Key_Right, 1), (keys.Key_Left, 0), (keys.Key_Left, 0),
        (keys.Key_End, last), (keys.Key_Down, last), (keys.Key_Home, 0),
    ):  # fmt: skip
        qtbot.keyClick(cards, key)
        assert clicked[-1] == entry_of(best, index)
        assert index in cards.seen_cards()
        assert cards.accessibleDescription().startswith(f"Neighbour {index + 1} of ")
    qtbot.keyClick(cards, keys.Key_Down)
    below = next(i for i in range(last) if clicked[-1] == entry_of(best, i))
    assert cards.card_rect(below).left() == cards.card_rect(0).left()
    assert below > 0
    qtbot.keyClick(cards, keys.Key_Return)
    assert visits == [place_of(decision, below)]
