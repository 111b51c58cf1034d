"""The engine's news as signals."""

from __future__ import annotations

import threading
from collections.abc import Iterator
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
def bridge(qapp: Any, engine: FakeEngine) -> Iterator[Bridge]:
    made = Bridge()
    made.attach(engine)
    engine.start(made.wake)
    made.pull()
    yield made
    made.detach()


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
    engine.publish(decision=decision(0))
    qtbot.waitUntil(lambda: len(decisions) == 1)
    for number in range(1, 6):
        engine.publish(decision=decision(number))
        bridge.pull()
    qtbot.waitUntil(lambda: len(decisions) == 2)
    assert [d.number for d in decisions] == [0, 5]


def test_a_decision_waits_until_the_frame_it_came_with_is_painted(
    qtbot: QtBot, bridge: Bridge, engine: FakeEngine
) -> None:
    order: list[str] = []
    bridge.decision_came.connect(lambda _: order.append("decision"))
    bridge.frame_came.connect(lambda _: order.append("frame"))
    rest = engine.rest

    def note_rest() -> None:
        order.append("rest")
        rest()

    engine.rest = note_rest  # type: ignore[method-assign]  # to hear when
    order.clear()
    engine.publish(decision=decision(0))
    engine.tick()
    qtbot.waitUntil(lambda: "decision" in order)
    came = order.index("frame")
    assert order[came : came + 3] == ["frame", "rest", "decision"]


def test_a_value_that_nobody_finds_time_for_comes_all_the_same(qtbot: QtBot) -> None:
    throttle = Throttle(20)
    values = collect(throttle.passed)
    throttle.push(1)
    assert values == []
    qtbot.waitUntil(lambda: values == [1])


def test_time_is_taken_at_most_once_in_an_interval(qtbot: QtBot) -> None:
    throttle = Throttle(10_000)
    values = collect(throttle.passed)
    for number in range(3):
        throttle.push(number)
        throttle.offer_time()
    assert values == [0]


def test_a_throttle_that_is_cleared_keeps_what_waited(qtbot: QtBot) -> None:
    throttle = Throttle(20)
    values = collect(throttle.passed)
    throttle.push(1)
    throttle.offer_time()
    throttle.push(2)
    throttle.clear()
    throttle.flush()
    assert values == [1]
