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


class LessonBook:
    """All lessons of a run, oldest first. Any thread may add and read."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lessons: list[Lesson] = []

    def add_step(self, moment: Moment) -> None:
        """A step was taught; the one right after the last goes on with its lesson."""
        with self._lock:
            last = self._lessons[-1] if self._lessons else None
            if last is not None and moment == Moment(last.episode, last.first + last.num_steps):
                self._lessons[-1] = last._replace(num_steps=last.num_steps + 1)
            else:
                self._lessons.append(Lesson(moment.episode, moment.step, 1))

    def lessons(self) -> tuple[Lesson, ...]:
        """As they are now."""
        with self._lock:
            return tuple(self._lessons)

    def clear(self) -> None:
        """Nothing was ever taught."""
        with self._lock:
            self._lessons.clear()

    def state_dict(self) -> list[list[int]]:
        """JSON values."""
        return [list(lesson) for lesson in self.lessons()]

    def load_state_dict(self, state: Sequence[Sequence[int]]) -> None:
        """Take the place of all lessons."""
        with self._lock:
            self._lessons = [Lesson(*map(int, values)) for values in state]
