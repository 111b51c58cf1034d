from __future__ import annotations

import threading
import time

import pytest

from nec_engine.run.right_of_way import LONGEST_PAUSE_S, LONGEST_WAIT_S, RightOfWay


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


def test_the_wait_ends_when_the_window_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    right_of_way = RightOfWay()
    right_of_way.claim(time.perf_counter())
    right_of_way.release()
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            right_of_way.release()

    monkeypatch.setattr(time, "sleep", nap)
    right_of_way.give()
    assert naps == []
    right_of_way.claim(time.perf_counter())
    right_of_way.give()
    assert len(naps) == 3


def test_training_makes_way_for_what_a_person_waits_for_as_long_as_it_is_being_made(
    naps: list[float],
) -> None:
    right_of_way = RightOfWay()
    right_of_way.give_longer()
    assert naps == []
    has_begun, may_end = threading.Event(), threading.Event()

    def make() -> None:
        with right_of_way.hurry():
            has_begun.set()
            may_end.wait(60)

    maker = threading.Thread(target=make)
    maker.start()
    assert has_begun.wait(60)
    right_of_way.give()  # no other thread does
    assert naps == []
    start_s = time.perf_counter()
    right_of_way.give_longer()  # what takes long is not waited for to its end
    assert time.perf_counter() - start_s >= LONGEST_PAUSE_S
    may_end.set()
    maker.join()
    naps.clear()
    right_of_way.give_longer()
    assert naps == []


def test_what_fails_is_not_waited_for() -> None:
    right_of_way = RightOfWay()
    with pytest.raises(ValueError, match="broken"), right_of_way.hurry():
        raise ValueError("broken")
    start_s = time.perf_counter()
    right_of_way.give_longer()
    assert time.perf_counter() - start_s < LONGEST_PAUSE_S
