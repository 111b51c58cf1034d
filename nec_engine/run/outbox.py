"""The engine's way out: what threads have made and the window has not yet pulled."""

from __future__ import annotations

import time
from collections import deque

from nec_engine.messages import (
    Answer,
    Curves,
    Decision,
    Event,
    Frame,
    LiveStatus,
    Progress,
    Timeline,
)
from nec_engine.run.engine_api import News
from nec_engine.run.mailbox import Inbox, Newest, WakeUp
from nec_engine.run.right_of_way import RightOfWay

MAX_ANSWERS = 512
FRAMES_STOPPED_S = 0.1  # without a frame nobody waits for the next one to come along with


class Outbox:
    """Newest values and queues towards the window. Any thread posts; the window's thread pulls.

    Only a frame wakes the window while a game runs (the rest comes along with it); everything
    wakes it while the game stands still, or where no frame comes though it should run.
    """

    def __init__(self) -> None:
        self.wake_up = WakeUp()
        self.right_of_way = RightOfWay()
        self._frame: Newest[Frame] = Newest()
        self._decision: Newest[Decision] = Newest()
        self._progress: Newest[Progress] = Newest()
        self._status: Newest[LiveStatus] = Newest()
        self._curves: Newest[Curves] = Newest()
        self._timeline: Newest[Timeline] = Newest()
        self._events: Inbox[Event] = Inbox()
        self._answers: deque[Answer] = deque(maxlen=MAX_ANSWERS)
        self._work: Inbox[tuple[str, float]] = Inbox()
        self.is_game_moving = False  # written by the live thread
        self._frame_s = float("-inf")  # when the newest frame came, by the monotonic clock

    def post_frame(self, frame: Frame) -> None:
        self._frame.put(frame)
        self._frame_s = time.monotonic()
        self.wake_up.ring()

    def post_decision(self, decision: Decision) -> None:
        self._decision.put(decision)
        self._ring_when_still()

    def post_progress(self, progress: Progress) -> None:
        self._progress.put(progress)
        self._ring_when_still()

    def post_status(self, status: LiveStatus) -> None:
        self._status.put(status)
        self._ring_when_still()

    def post_curves(self, curves: Curves) -> None:
        self._curves.put(curves)
        self._ring_when_still()

    def post_timeline(self, timeline: Timeline) -> None:
        self._timeline.put(timeline)
        self._ring_when_still()

    def post_event(self, event: Event) -> None:
        self._events.put(event)
        self._ring_when_still()

    def post_answer(self, answer: Answer) -> None:
        self._answers.append(answer)
        self._ring_when_still()

    def note_work(self, panel: str, seconds: float) -> None:
        """So long a processor worked to answer that panel; told with whatever comes next."""
        self._work.put((panel, seconds))

    def pull(self) -> News:
        """All that is new; the window's thread only."""
        self.wake_up.answered()
        answers = []
        while self._answers:
            answers.append(self._answers.popleft())
        work_s: dict[str, float] = {}
        for panel, seconds in self._work.take_all():
            work_s[panel] = work_s.get(panel, 0.0) + seconds
        return News(
            frame=self._frame.take(),
            decision=self._decision.take(),
            progress=self._progress.take(),
            status=self._status.take(),
            curves=self._curves.take(),
            timeline=self._timeline.take(),
            events=tuple(self._events.take_all()),
            answers=tuple(answers),
            work_s=work_s,
        )

    def _ring_when_still(self) -> None:
        has_stopped = time.monotonic() - self._frame_s >= FRAMES_STOPPED_S
        if has_stopped or not self.is_game_moving:
            self.wake_up.ring()
