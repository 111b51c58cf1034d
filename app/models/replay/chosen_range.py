"""The part of a replayed episode that a person chose, to save it as a video. No Qt here."""

from __future__ import annotations


class ChosenRange:
    """From one step to another; an end that is not set is the episode's. Qt's thread."""

    def __init__(self) -> None:
        self._begin: int | None = None
        self._end: int | None = None

    def set_begin(self, step: int) -> None:
        self._begin = step

    def set_end(self, step: int) -> None:
        self._end = step

    def clear(self) -> None:
        """Nothing is chosen."""
        self._begin = self._end = None

    def steps(self, num_recorded: int) -> tuple[int, int] | None:
        """The first, and the one after the last, of an episode of so many steps; None if none."""
        if (self._begin is None and self._end is None) or not num_recorded:
            return None
        first = self._begin or 0
        last = num_recorded if self._end is None else self._end
        return (first, last) if first < last else None
