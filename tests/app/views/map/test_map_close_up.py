"""What is pointed at and encircled on the map."""

from __future__ import annotations

import dataclasses

import pytest
from made_maps import PLANE, make_map
from made_messages import picture_of
from map_hand import Left, Shift, around, drag, of_kind, pixel_of
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.map.map_view import MapView
from nec_engine.messages import (
    AskPictures,
    Entry,
    EntrySet,
    GoTo,
    Moment,
    Projection,
)


def test_pointing_at_an_entry_tells_of_it_and_fetches_its_picture(
    shown: MapView, asked: list[object]
) -> None:
    QTest.mouseMove(shown.canvas, pixel_of(shown, 57))
    card = shown.canvas.card
    assert card is not None
    assert card.lines[1:] == ("value 57.0", "person, 570 steps ago", "ep. 1, step 57")
    assert card.image is None
    (question,) = of_kind(asked, AskPictures)
    assert isinstance(question, AskPictures)
    assert question.moments == (Moment(1, 57),)
    assert question.state_hashes == (64,)
    shown.show_picture(dataclasses.replace(picture_of(Moment(1, 57)), panel="map"))
    assert shown.canvas.card is not None
    assert shown.canvas.card.image is not None
    QTest.mouseMove(shown.canvas, QPoint(2, 2))
    assert shown.canvas.card is None


def test_a_picture_that_cannot_be_had_says_why(shown: MapView, asked: list[object]) -> None:
    QTest.mouseMove(shown.canvas, pixel_of(shown, 57))
    shown.show_picture(dataclasses.replace(picture_of(Moment(1, 57), rgb=False), panel="map"))
    assert shown.canvas.card is not None
    assert shown.canvas.card.problem == "its episode is no longer kept"
    assert not shown.grab().isNull()


def test_a_click_selects_an_entry_and_a_double_click_goes_there(
    shown: MapView, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(shown.entry_picked) as picked:
        QTest.mouseClick(shown.canvas, Left, pos=pixel_of(shown, 57))
    entry = Entry(57 % 6, 57, Moment(1, 57), 64)
    assert picked.args == [entry]
    with qtbot.waitSignal(shown.visit_wanted) as visit:
        QTest.mouseDClick(shown.canvas, Left, pos=pixel_of(shown, 57))
    assert visit.args == [GoTo(Moment(1, 57), 64)]
    shown.set_selected(entry)
    assert shown.canvas.selected == (5.0, 7.0)
    shown.set_selected(None)
    assert shown.canvas.selected is None


@pytest.mark.parametrize("is_by_button", [True, False])
def test_a_lasso_gives_pictures_and_statistics(
    shown: MapView, asked: list[object], is_by_button: bool
) -> None:
    shown.set_paused(True)
    shown.controls.lasso_button.setChecked(is_by_button)
    corners = around(shown, 30, 59)
    drag(shown, corners, Qt.KeyboardModifier.NoModifier if is_by_button else Shift)
    assert shown.close_up.sheet.isVisible()
    assert shown.close_up.sheet.lines.text().startswith("30 of 200 entries")
    question = of_kind(asked, AskPictures)[-1]
    assert isinstance(question, AskPictures)
    assert len(question.moments) == 12
    for moment in question.moments:
        shown.show_picture(dataclasses.replace(picture_of(moment), panel="map"))
    assert not any(button.icon().isNull() for button in shown.close_up.sheet.buttons)
    picked: list[object] = []
    shown.entry_picked.connect(picked.append)
    shown.close_up.sheet.buttons[0].click()
    assert picked == [Entry(41 % 6, 41, Moment(0, 41), 48)]
    shown.close_up.sheet.close_button.click()
    assert not shown.close_up.sheet.isVisible()


def test_all_that_a_lasso_holds_can_be_edited(shown: MapView) -> None:
    wanted: list[tuple[EntrySet, str]] = []
    shown.edit_wanted.connect(lambda entries, words: wanted.append((entries, words)))
    drag(shown, around(shown, 30, 59), Shift)
    shown.close_up.sheet.edit_button.click()
    ((entries, words),) = wanted
    assert words == "the 30 in the lasso"
    assert sorted(entries.state_hashes.tolist()) == list(range(37, 67))


def test_a_lasso_around_nothing_is_none(shown: MapView) -> None:
    drag(shown, around(shown, 30, 59), Shift)
    drag(shown, [QPoint(1, 1), QPoint(5, 1), QPoint(5, 5)], Shift)
    assert not shown.close_up.sheet.isVisible()


def test_a_lasso_lasts_while_the_plane_is_kept(shown: MapView) -> None:
    drag(shown, around(shown, 30, 59), Shift)
    shown.show_map(make_map(210))
    shown.refresh()
    assert shown.close_up.sheet.isVisible()
    assert shown.canvas.has_lasso
    turned = Projection(PLANE.mean, PLANE.axes.copy(), 0.3)
    shown.show_map(make_map(220, projection=turned))
    assert not shown.canvas.has_lasso
    assert not shown.close_up.sheet.isVisible()
