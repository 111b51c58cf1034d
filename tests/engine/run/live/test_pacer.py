"""Frames are shown when they are due, in order, and never after the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from nec_engine.messages import Frame, Moment, Player, read_only
from nec_engine.run.live.pacer import MOST_WAITING, Pacer
from nec_engine.run.outbox import Outbox


class Screen:
    """Pulls whenever it is woken, and notes which frame came when."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._woken = threading.Semaphore(0)
        self.shown: list[tuple[Frame, float]] = []
        outbox.wake_up.connect(self._woken.release)

    def watch(self, num_frames: int) -> None:
        """Until so many frames have come."""
        while len(self.shown) < num_frames:
            assert self._woken.acquire(timeout=10)
            frame = self._outbox.pull().frame
            if frame is not None:
                self.shown.append((frame, time.perf_counter()))


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def pacer(outbox: Outbox) -> Iterator[Pacer]:
    pacer = Pacer(outbox)
    yield pacer
    pacer.stop()


def frame(number: int, due_s: float) -> Frame:
    return Frame(
        number=number,
        rgb=read_only(np.zeros((210, 160, 3), np.uint8)),
        audio=read_only(np.zeros(0, np.uint8)),
        moment=Moment(1, number),
        frame_in_step=0,
        action=0,
        player=Player.AGENT,
        score=0.0,
        best_score=None,
        lives=0,
        is_last=False,
        due_s=due_s,
    )


def test_each_frame_is_shown_when_it_is_due_and_none_before(outbox: Outbox, pacer: Pacer) -> None:
    screen = Screen(outbox)
    start_s = time.perf_counter() + 0.05
    for number in range(5):  # all made at once, as before a slow decision
        pacer.put(frame(number, start_s + number / 20), None)
    pacer.start()
    screen.watch(5)
    assert [frame.number for frame, _ in screen.shown] == [0, 1, 2, 3, 4]
    assert all(shown_s >= frame.due_s for frame, shown_s in screen.shown)


def test_it_is_idle_when_all_is_shown(outbox: Outbox, pacer: Pacer) -> None:
    assert pacer.is_idle
    due_s = time.perf_counter() + 0.2
    pacer.put(frame(1, due_s), None)
    pacer.start()
    assert not pacer.is_idle
    while not pacer.is_idle:
        time.sleep(0.001)
    assert time.perf_counter() >= due_s
    assert outbox.pull().frame is not None


def test_of_too_many_the_newest_are_shown(outbox: Outbox, pacer: Pacer) -> None:
    screen = Screen(outbox)
    start_s = time.perf_counter() + 0.05
    for number in range(MOST_WAITING + 3):
        pacer.put(frame(number, start_s + number / 50), None)
    pacer.start()
    screen.watch(MOST_WAITING)
    assert [frame.number for frame, _ in screen.shown] == list(range(3, MOST_WAITING + 3))


def test_what_is_dropped_is_not_shown(outbox: Outbox, pacer: Pacer) -> None:
    screen = Screen(outbox)
    pacer.put(frame(1, time.perf_counter()), None)
    pacer.drop()
    pacer.put(frame(2, time.perf_counter()), None)
    pacer.start()
    screen.watch(1)
    assert screen.shown[0][0].number == 2


def test_it_stops_at_once_although_a_frame_is_due_much_later(outbox: Outbox, pacer: Pacer) -> None:
    pacer.put(frame(1, time.perf_counter() + 60), None)
    pacer.start()
    start_s = time.perf_counter()
    pacer.stop()
    assert time.perf_counter() - start_s < 5
    assert outbox.pull().frame is None
