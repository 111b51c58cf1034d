"""The engine's news as signals."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from fake_engine import FakeEngine
from made_news import curves, decision, progress
from pytestqt.qtbot import QtBot

from app.bridge import Bridge
from app.throttle import Throttle
from nec_engine.messages import Notice


def collect(signal: Any) -> list[Any]:
    got: list[Any] = []
    signal.connect(got.append)
    return got


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def bridge(qapp: Any, engine: FakeEngine) -> Bridge:
    made = Bridge()
    made.attach(engine)
    engine.start(made.wake)
    made.pull()
    return made


def test_a_wake_from_another_thread_brings_the_news_into_qts_thread(
    qtbot: QtBot, bridge: Bridge, engine: FakeEngine
) -> None:
    threads: list[threading.Thread] = []
    bridge.frame_came.connect(lambda _: threads.append(threading.current_thread()))
    maker = threading.Thread(target=engine.tick)
    with qtbot.waitSignal(bridge.frame_came):
        maker.start()
    maker.join()
    assert threads == [threading.main_thread()]


def test_many_wakes_before_the_loop_turns_are_one_pull(
    qtbot: QtBot, bridge: Bridge, engine: FakeEngine
) -> None:
    frames = collect(bridge.frame_came)
    engine.tick(3)
    assert frames == []
    qtbot.waitUntil(lambda: len(frames) == 1)
    assert frames[0].number == 3


def test_the_engine_hears_when_there_is_nothing_left_to_do(
    qtbot: QtBot, bridge: Bridge, engine: FakeEngine
) -> None:
    came = collect(bridge.event_came)
    num_before = engine.num_rests
    rests_when_it_came: list[int] = []
    bridge.event_came.connect(lambda _: rests_when_it_came.append(engine.num_rests))
    engine.publish(events=(Notice("one"),))
    qtbot.waitUntil(lambda: bool(came) and engine.num_rests > num_before)
    qtbot.waitUntil(lambda: engine.num_rests > rests_when_it_came[0])  # after the news, again


def test_every_event_comes_in_order(bridge: Bridge, engine: FakeEngine) -> None:
    events = collect(bridge.event_came)
    for number in range(5):
        engine.publish(events=(Notice(str(number)),))
    bridge.pull()
    assert [event.text for event in events] == ["0", "1", "2", "3", "4"]


def test_nothing_comes_from_an_engine_that_was_replaced(bridge: Bridge, engine: FakeEngine) -> None:
    events = collect(bridge.event_came)
    engine.publish(events=(Notice("late"),), progress=progress(), curves=curves())
    bridge.attach(FakeEngine())
    bridge.pull()
    assert events == []


def test_decisions_are_slowed_down_but_the_last_one_always_comes(
    qtbot: QtBot, bridge: Bridge, engine: FakeEngine
) -> None:
    decisions = collect(bridge.decision_came)
    for number in range(6):
        engine.publish(decision=decision(number))
        bridge.pull()
    assert [d.number for d in decisions] == [0]
    qtbot.waitUntil(lambda: len(decisions) == 2)
    assert decisions[1].number == 5


def test_a_throttle_that_is_cleared_keeps_what_waited(qtbot: QtBot) -> None:
    throttle = Throttle(20)
    values = collect(throttle.passed)
    throttle.push(1)
    throttle.push(2)
    throttle.clear()
    throttle.flush()
    assert values == [1]
