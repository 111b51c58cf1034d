"""Which recorded steps are lessons: where each begins in the journal, and how long it is."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import NamedTuple

from nec_engine.messages import Moment


class Lesson(NamedTuple):
    """Steps that a person played without a break, and that were taught."""

    episode: int
    first: int
    num_steps: int

    @property
    def start(self) -> Moment:
        return Moment(self.episode, self.first)

    @property
    def end(self) -> Moment:
        """After its last step."""
        return Moment(self.episode, self.first + self.num_steps)


class LessonBook:
    """All lessons of a run, oldest first. Any thread may add and read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lessons: list[Lesson] = []
        self._num_closed = 0  # the first of them, which nothing is added to any more

    def close_all(self) -> None:
        """What was taught is forgotten, unless that is undone; what comes is another lesson."""
        with self._lock:
            self._num_closed = len(self._lessons)

    def add_step(self, moment: Moment) -> None:
        """A step was taught; one right after a lesson goes on with it.

        That need not be the newest lesson: a file is read while somebody plays.
        """
        with self._lock:
            for place in reversed(range(self._num_closed, len(self._lessons))):
                lesson = self._lessons[place]
                if moment == lesson.end:
                    self._lessons[place] = lesson._replace(num_steps=lesson.num_steps + 1)
                    return
            self._lessons.append(Lesson(moment.episode, moment.step, 1))

    def closed(self) -> tuple[Lesson, ...]:
        """Those that were forgotten, unless that was undone."""
        with self._lock:
            return tuple(self._lessons[: self._num_closed])

    def lessons(self) -> tuple[Lesson, ...]:
        """As they are now."""
        with self._lock:
            return tuple(self._lessons)

    def state_dict(self) -> list[list[int]]:
        """JSON values."""
        return [list(lesson) for lesson in self.lessons()]

    def load_state_dict(self, state: Sequence[Sequence[int]]) -> None:
        """Take the place of all lessons."""
        with self._lock:
            self._lessons = [Lesson(*map(int, values)) for values in state]
            self._num_closed = 0
