"""The panel "Timeline" in the whole window around a fake engine."""

from __future__ import annotations

from dataclasses import replace

from fake_engine import FakeEngine
from made_timeline import branched
from pressing import OpenDesktop
from pytestqt.qtbot import QtBot

from nec_engine.messages import Entry, LookAt, Moment, WatchTimeline


def watches(engine: FakeEngine) -> list[bool]:
    return [c.is_watched for c in engine.commands if isinstance(c, WatchTimeline)]


def test_the_timeline_is_made_only_while_its_panel_is_seen(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    qtbot.waitUntil(lambda: watches(engine) == [True])
    desktop.window.panels.docks["timeline"].close()
    qtbot.waitUntil(lambda: watches(engine) == [True, False])
    engine.publish(timeline=branched())
    desktop.session.bridge.pull()
    desktop.session.bridge._timelines.flush()
    view = desktop.window.panels.timeline
    assert view._timeline is None
    desktop.window.actions_by_name["panel_timeline"].trigger()
    qtbot.waitUntil(lambda: watches(engine) == [True, False, True])


def test_another_game_begins_with_an_empty_timeline_that_is_watched_again(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    qtbot.waitUntil(lambda: watches(engine) == [True])
    engine.publish(timeline=branched())
    desktop.session.bridge.pull()
    view = desktop.window.panels.timeline
    qtbot.waitUntil(lambda: view.strip.ruler.num_places == 130)
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    qtbot.waitUntil(lambda: watches(engine) == [True, True])
    qtbot.waitUntil(lambda: view.hint.isVisible())


def test_the_cursor_follows_the_picture_and_what_is_wanted_reaches_the_engine(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    timeline = branched()
    moment = Moment(timeline.episodes[0].episode, 60)
    frame = replace(engine._frame(0), moment=moment, is_past=True)
    engine.publish(timeline=timeline, frame=frame)
    desktop.session.bridge.pull()
    view = desktop.window.panels.timeline
    qtbot.waitUntil(lambda: "live 1, step 60" in view.words.whole_text)
    assert view.present.isEnabled()
    view.courses.itemActivated.emit(view.courses.topLevelItem(1), 0)
    assert engine.commands[-1] == LookAt(Moment(moment.episode, 150))


def test_it_is_a_strip_below_the_game_and_a_tab_in_a_small_window(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    window = open_desktop().window
    docks = window.panels.docks
    qtbot.waitUntil(lambda: docks["timeline"].height() < 150)
    assert docks["timeline"].geometry().bottom() < docks["curves"].geometry().top()
    assert docks["timeline"].geometry().top() > docks["why"].geometry().bottom()
    small = open_desktop(size=(960, 600)).window
    assert small.panels.docks["why"] in small.tabifiedDockWidgets(small.panels.docks["timeline"])


def test_the_selected_memory_is_marked_where_it_was_made(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    timeline = branched()
    engine.publish(timeline=timeline)
    desktop.session.bridge.pull()
    strip = desktop.window.panels.timeline.strip
    qtbot.waitUntil(lambda: strip.ruler.num_places == 130)
    live = Moment(timeline.episodes[0].episode, 75)
    desktop.window.selection.select(Entry(0, 5, live, 1))
    assert strip.selected_x == round(75 * strip.width() / strip.ruler.span)
    desktop.window.selection.select(Entry(0, 5, Moment(3, 75), 1))  # of a training game
    assert strip.selected_x is None
