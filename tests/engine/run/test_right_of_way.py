from __future__ import annotations

import threading
import time

import pytest

from nec_engine.run.right_of_way import LONGEST_WAIT_S, RightOfWay


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Every nap that was taken; they are as long as always."""
    taken: list[float] = []
    sleep = time.sleep

    def note(seconds: float) -> None:
        taken.append(seconds)
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", note)
    return taken


def test_nobody_waits_unless_a_picture_is_due(naps: list[float]) -> None:
    right_of_way = RightOfWay()
    right_of_way.give()
    right_of_way.claim(time.perf_counter() + 60)
    right_of_way.give()
    assert naps == []


def test_a_window_that_does_not_come_is_waited_for_once_a_picture(naps: list[float]) -> None:
    right_of_way = RightOfWay()
    right_of_way.claim(time.perf_counter())
    right_of_way.give()
    assert sum(naps) <= LONGEST_WAIT_S
    assert naps
    naps.clear()
    right_of_way.give()
    assert naps == []
    right_of_way.claim(time.perf_counter())  # the next picture
    right_of_way.give()
    assert naps


def test_the_wait_ends_when_the_window_has_come(naps: list[float]) -> None:
    right_of_way = RightOfWay()
    right_of_way.claim(time.perf_counter())
    window = threading.Thread(target=right_of_way.release)
    window.start()
    right_of_way.give()
    window.join()
    naps.clear()
    right_of_way.give()
    assert naps == []
