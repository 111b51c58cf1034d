"""Steps of the live game on their way into a replay."""

from __future__ import annotations

from nec_engine.learning.replay import Replay
from nec_engine.learning.steps import TaughtStep


class TaughtRows:
    """Appends taught steps to a replay; one right after the last shares its screens."""

    def __init__(self) -> None:
        self._last: TaughtStep | None = None
        self._row = 0

    def append(self, replay: Replay, step: TaughtStep) -> tuple[int, int | None]:
        """The row of ``step``, and that of the step right before it where that is held."""
        row_before: int | None = self._row
        if not step.follows(self._last) or not replay.holds(self._row):
            row_before = None
        previous = row_before
        if previous is None:  # its stack comes as rows that are never sampled
            for screen in step.screens[:-1]:
                previous = replay.append(screen, previous, episode=step.moment.episode)
        self._row = replay.append(step.screens[-1], previous, step.action, step.moment.episode)
        self._last = step
        return self._row, row_before
