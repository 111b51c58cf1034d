"""Frames are shown when they are due, in order, and never after the end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from nec_engine.messages import Frame, Moment, Player, read_only
from nec_engine.run.live.pace_thread import MOST_WAITING, PaceThread
from nec_engine.run.outbox import Outbox


class Screen(Outbox):
    """Notes which frame came when, however late whoever looks at it is."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[Frame, float]] = []
        self._num_unseen = threading.Semaphore(0)

    def post_frame(self, frame: Frame) -> None:
        super().post_frame(frame)
        self.shown.append((frame, time.perf_counter()))
        self._num_unseen.release()

    def watch(self, num_frames: int) -> None:
        """Until so many more frames have come."""
        for _ in range(num_frames):
            assert self._num_unseen.acquire(timeout=60)


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def pacer(screen: Screen) -> Iterator[PaceThread]:
    pacer = PaceThread(screen)
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


def test_each_frame_is_shown_when_it_is_due_and_none_before(
    screen: Screen, pacer: PaceThread
) -> None:
    start_s = time.perf_counter() + 0.05
    for number in range(5):  # all made at once, as before a slow decision
        pacer.put(frame(number, start_s + number / 20), None)
    pacer.start()
    screen.watch(5)
    assert [frame.number for frame, _ in screen.shown] == [0, 1, 2, 3, 4]
    assert all(shown_s >= frame.due_s for frame, shown_s in screen.shown)


def test_it_is_idle_when_all_is_shown(screen: Screen, pacer: PaceThread) -> None:
    assert pacer.is_idle
    due_s = time.perf_counter() + 0.2
    pacer.put(frame(1, due_s), None)
    assert not pacer.is_idle
    pacer.start()
    while not pacer.is_idle:
        time.sleep(0.001)
    assert time.perf_counter() >= due_s
    assert screen.pull().frame is not None


def test_of_too_many_the_newest_are_shown(screen: Screen, pacer: PaceThread) -> None:
    start_s = time.perf_counter() + 0.05
    for number in range(MOST_WAITING + 3):
        pacer.put(frame(number, start_s + number / 50), None)
    pacer.start()
    screen.watch(MOST_WAITING)
    assert [frame.number for frame, _ in screen.shown] == list(range(3, MOST_WAITING + 3))


def test_what_is_dropped_is_not_shown(screen: Screen, pacer: PaceThread) -> None:
    pacer.put(frame(1, time.perf_counter()), None)
    pacer.drop()
    pacer.put(frame(2, time.perf_counter()), None)
    pacer.start()
    screen.watch(1)
    assert screen.shown[0][0].number == 2


def test_it_stops_at_once_although_a_frame_is_due_much_later(
    screen: Screen, pacer: PaceThread
) -> None:
    due_s = time.perf_counter() + 60
    pacer.put(frame(1, due_s), None)
    pacer.start()
    pacer.stop()
    assert time.perf_counter() < due_s
    assert screen.pull().frame is None
