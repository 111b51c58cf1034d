"""Opening and stopping engines beside the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from app.startup.loader import Loader, words_of
from app.startup.request import OpenRequest
from nec_engine.config import Settings
from nec_engine.errors import RomError


def request(rom: str) -> OpenRequest:
    return OpenRequest(
        rom=rom, snapshot=None, settings=Settings(), settings_changes={}, data_dir=Path()
    )


class SlowOpener:
    """Opens each game only when the test lets it."""

    def __init__(self) -> None:
        self.engines: dict[str, FakeEngine] = {}
        self.gates: dict[str, threading.Event] = {}
        self.problem: Exception | None = None

    def gate(self, rom: str) -> threading.Event:
        return self.gates.setdefault(rom, threading.Event())

    def __call__(self, wanted: OpenRequest) -> FakeEngine:
        rom = str(wanted.rom)
        assert self.gate(rom).wait(10)
        if self.problem is not None:
            raise self.problem
        return self.engines.setdefault(rom, FakeEngine())


@pytest.fixture
def opener() -> SlowOpener:
    return SlowOpener()


@pytest.fixture
def loader(qapp: object, opener: SlowOpener) -> Iterator[Loader]:
    made = Loader(opener)
    yield made
    for gate in opener.gates.values():
        gate.set()
    assert made.close(5, 5)


def test_an_engine_arrives_in_qts_thread(qtbot: QtBot, loader: Loader, opener: SlowOpener) -> None:
    opener.gate("pong").set()
    with qtbot.waitSignal(loader.opened) as arrived:
        loader.open(request("pong"))
    assert arrived.args[1] is opener.engines["pong"]
    assert loader.request is None


def test_a_problem_arrives_as_it_was_raised(
    qtbot: QtBot, loader: Loader, opener: SlowOpener
) -> None:
    opener.problem = RomError("pong.bin", "it is empty", "give another")
    opener.gate("pong").set()
    with qtbot.waitSignal(loader.failed) as arrived:
        loader.open(request("pong"))
    assert arrived.args[1] is opener.problem
    assert words_of(opener.problem) == "pong.bin: it is empty; give another"


def test_the_newest_request_wins_and_the_other_engine_is_stopped(
    qtbot: QtBot, loader: Loader, opener: SlowOpener
) -> None:
    loader.open(request("pong"))
    loader.open(request("hero"))
    opener.gate("hero").set()
    with qtbot.waitSignal(loader.opened) as arrived:
        opener.gate("pong").set()
    assert arrived.args[1] is opener.engines["hero"]
    qtbot.waitUntil(lambda: "pong" in opener.engines and opener.engines["pong"].is_stopped)
    assert not opener.engines["hero"].is_stopped


def test_the_end_of_an_engine_that_came_after_it_was_cancelled_is_told(
    qtbot: QtBot, loader: Loader, opener: SlowOpener
) -> None:
    loader.open(request("pong"))
    loader.cancel()
    with qtbot.waitSignal(loader.stopped, timeout=60_000):
        opener.gate("pong").set()
    assert opener.engines["pong"].is_stopped
    assert not loader.take_last_events()


def test_an_engine_that_was_there_when_cancelled_is_stopped(
    qtbot: QtBot, loader: Loader, opener: SlowOpener
) -> None:
    loader.open(request("pong"))
    opener.gate("pong").set()
    # Its arrival waits for the loop, which does not turn before the cancellation.
    loader._openings[0].join(10)
    loader.cancel()
    qtbot.waitUntil(lambda: "pong" in opener.engines and opener.engines["pong"].is_stopped)
    assert loader.request is None


def test_closing_while_opening_waits_for_the_thread_and_stops_the_engine(
    qapp: object, opener: SlowOpener
) -> None:
    loader = Loader(opener)
    loader.open(request("pong"))
    threading.Timer(0.05, opener.gate("pong").set).start()
    assert loader.close(5, 5)
    assert opener.engines["pong"].is_stopped


def test_closing_does_not_wait_for_ever(qapp: object, opener: SlowOpener) -> None:
    loader = Loader(opener)
    loader.open(request("pong"))
    assert not loader.close(0.05, 5)
    opener.gate("pong").set()
    assert loader.close(5, 5)
