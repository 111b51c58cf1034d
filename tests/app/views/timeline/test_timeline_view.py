"""The timeline's panel: what is painted, dragged, pressed and told."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from made_messages import Clock, show_panel
from made_timeline import A, B, branched, episode, timeline_of
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.timeline.timeline_marks import LEGEND
from app.views.timeline.timeline_strip import HINT
from app.views.timeline.timeline_view import EMPTY, TimelineView
from nec_engine.messages import (
    BranchHere,
    Ending,
    Entry,
    LookAt,
    LookBack,
    Mark,
    MarkKind,
    Moment,
    ReturnToPresent,
)

Key = Qt.Key
Mod = Qt.KeyboardModifier
MARKS = (
    Mark(MarkKind.REWARD, 10, 5.0),
    Mark(MarkKind.LIFE_LOST, 40),
    Mark(MarkKind.SURPRISE, 70, 2.5),
)


class Shown:
    """A panel of the size of a strip, and what it has asked for."""

    def __init__(self, qtbot: QtBot, clock: Clock) -> None:
        self.qtbot, self.clock = qtbot, clock
        self.view = TimelineView(clock=clock)
        self.wanted: list[Any] = []
        self.view.wanted.connect(self.wanted.append)
        show_panel(self.view, qtbot, clock, (900, 96))
        self.strip = self.view.strip

    def feed(self, timeline: Any, moment: Moment | None = None, *, is_past: bool = False) -> None:
        self.view.show_timeline(timeline)
        if moment is not None:
            self.clock.now_s += 1
            self.view.show_moment(moment, is_past=is_past)
        self.clock.now_s += 1
        QApplication.processEvents()  # what was hidden before has its place now

    def point(self, place: float, y: float | None = None) -> QPoint:
        """Where that place is on the strip."""
        lanes = self.strip.lanes
        x = place * self.strip.width() / self.strip.ruler.span
        return QPointF(x, lanes.plot.center().y() if y is None else y).toPoint()

    def press(self, at: QPoint) -> None:
        self.qtbot.mousePress(self.strip, Qt.MouseButton.LeftButton, pos=at)
        self.qtbot.mouseRelease(self.strip, Qt.MouseButton.LeftButton, pos=at)


@pytest.fixture
def shown(qtbot: QtBot, clock: Clock) -> Shown:
    return Shown(qtbot, clock)


def test_without_a_game_a_sentence_says_what_to_do(shown: Shown) -> None:
    assert shown.view.hint.isVisible()
    assert shown.view.hint.text() == EMPTY
    assert not shown.strip.isVisible()
    shown.feed(branched())
    assert shown.strip.isVisible()
    assert not shown.view.hint.isVisible()
    shown.clock.now_s += 1
    shown.view.forget()
    assert shown.view.hint.isVisible()
    assert shown.view.courses.topLevelItemCount() == 0


def test_a_press_goes_to_the_moment_there_and_a_drag_on_to_others(shown: Shown) -> None:
    shown.feed(branched())
    shown.press(shown.point(50))
    (look,) = shown.wanted
    assert isinstance(look, LookAt)
    assert look.moment.episode == A
    assert abs(look.moment.step - 50) <= 1
    start, end = shown.point(20), shown.point(120)
    shown.qtbot.mousePress(shown.strip, Qt.MouseButton.LeftButton, pos=start)
    for place in range(20, 121, 5):  # faster than thirty a second: only the newest count
        shown.qtbot.mouseMove(shown.strip, shown.point(place))
    shown.qtbot.mouseRelease(shown.strip, Qt.MouseButton.LeftButton, pos=end)
    shown.qtbot.waitUntil(lambda: abs(shown.wanted[-1].moment.step - 20) <= 1)
    assert shown.wanted[-1].moment.episode == B
    assert len(shown.wanted) < 12


def test_a_press_near_a_bookmark_goes_to_it_and_one_on_a_branch_into_it(shown: Shown) -> None:
    shown.feed(branched(MARKS))
    shown.press(shown.point(41, y=5))
    assert shown.wanted[-1] == LookAt(Moment(A, 40))
    ((tail),) = shown.strip.ruler.branches
    shown.qtbot.waitUntil(lambda: not shown.strip._timer.isActive())
    lane = shown.strip.lanes.branch(tail.lane)
    shown.press(shown.point(125, y=lane.center().y()))
    moment = shown.wanted[-1].moment
    assert moment.episode == A
    assert abs(moment.step - 125) <= 1


def test_keys_walk_along_it(shown: Shown) -> None:
    shown.feed(branched(MARKS), Moment(A, 50))
    strip = shown.strip
    for key, mod, command in (
        (Key.Key_Left, Mod.NoModifier, LookBack(1)),
        (Key.Key_Right, Mod.NoModifier, LookBack(-1)),
        (Key.Key_Left, Mod.ShiftModifier, LookBack(10)),
        (Key.Key_Right, Mod.ShiftModifier, LookBack(-10)),
        (Key.Key_End, Mod.NoModifier, ReturnToPresent()),
        (Key.Key_Home, Mod.NoModifier, LookAt(Moment(A, 0))),
        (Key.Key_PageDown, Mod.NoModifier, LookAt(Moment(A, 70))),
        (Key.Key_PageUp, Mod.NoModifier, LookAt(Moment(A, 40))),
    ):
        shown.qtbot.waitUntil(lambda: not strip._timer.isActive())
        shown.qtbot.keyClick(strip, key, mod)
        assert shown.wanted[-1] == command


def test_the_moment_shown_is_told_in_words_and_the_cursor_stands_on_it(shown: Shown) -> None:
    shown.feed(branched(), Moment(A, 60), is_past=True)
    assert shown.view.words.whole_text.startswith("live 1, step 60 (0:04) · score 60")
    assert "live 1, step 60" in shown.strip.accessibleDescription()
    assert shown.strip.cursor_x == round(60 * shown.strip.width() / shown.strip.ruler.span)
    assert shown.view.present.isEnabled()
    shown.view.show_moment(Moment(B, 30), is_past=False)
    assert not shown.view.present.isEnabled()


def test_before_any_game_no_button_does_anything(shown: Shown) -> None:
    view = TimelineView()
    shown.qtbot.addWidget(view)
    for button in (view.present, view.branch, view.whole_session):
        assert not button.isEnabled()


def test_buttons_ask_for_a_branch_and_for_the_present(shown: Shown) -> None:
    shown.feed(branched(), Moment(A, 60), is_past=True)
    assert not shown.view.new_luck.isVisible()  # this game has none
    shown.feed(dataclasses.replace(branched(), has_luck=True))
    for button, command in (
        (shown.view.new_luck, BranchHere(new_luck=True)),
        (shown.view.branch, BranchHere()),
        (shown.view.present, ReturnToPresent()),
    ):
        shown.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert shown.wanted[-1] == command
        assert button.toolTip()
        assert button.accessibleName()


def test_the_whole_session_lies_on_it_at_a_press(shown: Shown) -> None:
    games = timeline_of(episode(A, 80, ending=Ending.OVER), episode(B, 40), route=((B, 0),))
    shown.feed(games)
    assert shown.strip.ruler.num_places == 40
    shown.view.whole_session.click()
    shown.clock.now_s += 1
    shown.view.show_timeline(games)
    assert shown.strip.ruler.num_places == 120
    shown.press(shown.point(60))
    assert shown.wanted[-1].moment.episode == A


def test_courses_are_listed_newest_first_and_enter_goes_to_the_end_of_one(shown: Shown) -> None:
    shown.feed(branched())
    courses = shown.view.courses
    assert [courses.topLevelItem(row).text(0) for row in range(2)] == ["2 ← 1 at 100", "1"]
    assert courses.topLevelItem(0).font(0).bold()  # the one that is shown
    courses.itemActivated.emit(courses.topLevelItem(1), 0)
    assert shown.wanted[-1] == LookAt(Moment(A, 150))
    assert "branched from live game 1, step 100" in courses.topLevelItem(0).toolTip(0)


def test_a_growing_course_changes_its_row_and_adds_none(shown: Shown) -> None:
    shown.feed(timeline_of(episode(A, 10), route=((A, 0),)))
    shown.feed(timeline_of(episode(A, 25), route=((A, 0),)))
    courses = shown.view.courses
    assert courses.topLevelItemCount() == 1
    assert courses.topLevelItem(0).text(1) == "25"


def test_bookmarks_have_shapes_of_their_own_in_both_themes(shown: Shown) -> None:
    """Painted alone in one place, no two kinds give the same picture, whatever their colour."""
    for theme in (DARK, LIGHT):
        shown.view.set_theme(theme)
        pictures = set()
        for kind in MarkKind:
            shown.clock.now_s += 1
            shown.feed(branched((Mark(kind, 50, 1.0),)), Moment(B, 30))
            at = shown.point(50, y=6)
            image = shown.strip.grab().toImage()
            ground = image.pixelColor(2, 3)
            pictures.add(
                tuple(
                    image.pixelColor(at.x() + x, y) != ground
                    for x in range(-6, 7)
                    for y in range(13)
                )
            )
        assert len(pictures) == len(MarkKind)


def test_a_high_panel_shows_the_legend_and_puts_the_list_below(shown: Shown) -> None:
    shown.feed(branched())
    assert not shown.view.legend.isVisible()
    assert shown.view.parts.orientation() is Qt.Orientation.Horizontal
    shown.view.resize(460, 480)
    assert shown.view.legend.isVisible()
    assert shown.view.parts.orientation() is Qt.Orientation.Vertical
    assert shown.view.minimumSizeHint().width() <= 470


def test_hidden_it_does_nothing(shown: Shown) -> None:
    shown.view.hide()
    shown.feed(branched(), Moment(A, 60))
    assert shown.strip.ruler.num_places == 0


def test_the_selected_memory_is_ringed_where_it_was_met_in_this_session(shown: Shown) -> None:
    shown.feed(branched())
    before = shown.strip.grab().toImage()
    shown.view.set_selected(Entry(1, 2, Moment(41, 3), 9))  # of training
    assert shown.strip.grab().toImage() == before
    shown.view.set_selected(Entry(1, 2, Moment(A, 20), 9))
    assert shown.strip.grab().toImage() != before
    shown.view.set_selected(None)
    assert shown.strip.grab().toImage() == before


def test_the_legend_says_how_a_selected_memory_and_a_new_episode_are_painted() -> None:
    assert "Ring: the selected memory" in LEGEND
    assert "Dashed: where an episode began" in LEGEND
    assert HINT.lower().count("selected memory") == 1
