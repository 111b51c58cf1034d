"""What if, in the whole window: what its key asks about."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_engine import FakeEngine, decide
from made_news import decision
from pressing import Key, OpenDesktop, press
from pytestqt.qtbot import QtBot

from app.startup.lifecycle import Desktop
from nec_engine.messages import AskWhatIf, LiveStatus, Moment, SetPaused


def asked_about(engine: FakeEngine) -> list[Moment]:
    """The moments that were asked about."""
    return [asked.moment for asked in engine.questions if isinstance(asked, AskWhatIf)]


def stand(engine: FakeEngine) -> LiveStatus:
    """The picture stands: what the engine says then."""
    return replace(engine.status, is_paused=True)


@pytest.fixture
def engine() -> FakeEngine:
    """It says that it stands when the test does."""
    return FakeEngine(autowake=False)


@pytest.fixture
def desktop(qtbot: QtBot, engine: FakeEngine, open_desktop: OpenDesktop) -> Desktop:
    """The window around it, in which decision 7 has come."""
    made = open_desktop(engine)
    decide(qtbot, made, engine, 7)
    return made


def test_its_key_asks_about_the_decision_that_stands_on_the_screen_once_the_game_does(
    qtbot: QtBot, engine: FakeEngine, desktop: Desktop
) -> None:
    press(qtbot, desktop, Key.Key_W)
    assert SetPaused(True) in engine.commands
    engine.publish(status=engine.status)  # made before the engine heard of it
    decide(qtbot, desktop, engine, 8)  # made ahead: it is shown after the press
    assert asked_about(engine) == []
    engine.publish(decision=decision(9), status=stand(engine))  # and the very last one
    qtbot.waitUntil(lambda: bool(asked_about(engine)))
    assert asked_about(engine) == [decision(9).moment]


def test_its_key_asks_at_once_where_the_game_stands_also_when_the_panel_was_hidden_since(
    qtbot: QtBot, engine: FakeEngine, desktop: Desktop
) -> None:
    panels = desktop.window.panels
    with qtbot.waitSignal(desktop.session.bridge.status_came):
        engine.publish(status=stand(engine))
    press(qtbot, desktop, Key.Key_W)
    assert asked_about(engine) == [decision(7).moment]
    qtbot.waitUntil(lambda: panels.is_seen("what_if"))
    panels.bring_to_front("neighbours")
    qtbot.waitUntil(lambda: not panels.is_seen("what_if"))
    decide(qtbot, desktop, engine, 8)
    press(qtbot, desktop, Key.Key_W)
    assert asked_about(engine) == [decision(7).moment, decision(8).moment]


def test_a_moment_of_the_past_is_asked_about_when_it_is_explained(
    qtbot: QtBot, engine: FakeEngine, desktop: Desktop
) -> None:
    engine.tick()
    frame = engine.pull().frame
    assert frame is not None
    looked_at = decision(3)
    engine.publish(
        frame=replace(frame, moment=looked_at.moment, is_past=True),
        status=replace(stand(engine), is_past=True),
    )
    qtbot.waitUntil(lambda: desktop.session.controls.is_past)
    press(qtbot, desktop, Key.Key_W)
    assert asked_about(engine) == []
    decide(qtbot, desktop, engine, 3)
    assert asked_about(engine) == [looked_at.moment]


def test_who_plays_on_before_the_game_stood_does_not_want_to_know_any_more(
    qtbot: QtBot, engine: FakeEngine, desktop: Desktop
) -> None:
    press(qtbot, desktop, Key.Key_W)
    press(qtbot, desktop, Key.Key_P)
    with qtbot.waitSignal(desktop.session.bridge.status_came):
        engine.publish(status=stand(engine))
    assert asked_about(engine) == []


def test_its_key_waits_for_a_decision_where_nobody_saw_the_newest(
    qtbot: QtBot, engine: FakeEngine, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop(engine, size=(960, 600))
    panels = desktop.window.panels
    decide(qtbot, desktop, engine, 7)
    panels.bring_to_front("log")
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    press(qtbot, desktop, Key.Key_W)
    qtbot.waitUntil(lambda: engine.wanted[0] is True)
    with qtbot.waitSignal(desktop.session.bridge.status_came):
        engine.publish(status=stand(engine))
    assert asked_about(engine) == []
    engine.publish(decision=decision(32))
    qtbot.waitUntil(lambda: bool(asked_about(engine)))
    assert asked_about(engine) == [decision(32).moment]
