"""The way that the agent took over the map in the last seconds. No Qt here."""

from __future__ import annotations

from collections import deque
from typing import Final

from nec_engine.messages import Moment

LENGTH: Final = 20  # places: about two seconds of play


class MapTrail:
    """The last places of one game, oldest first."""

    def __init__(self) -> None:
        self._places: deque[tuple[float, float]] = deque(maxlen=LENGTH)
        self._last: Moment | None = None

    @property
    def places(self) -> tuple[tuple[float, float], ...]:
        return tuple(self._places)

    def add(self, moment: Moment, place: tuple[float, float]) -> None:
        """The agent was there; in another game, or before where it was, a new way begins."""
        last = self._last
        if last is not None and (moment.episode != last.episode or moment.step < last.step):
            self._places.clear()
        elif moment == last and self._places:
            self._places.pop()  # the same decision, seen better
        self._last = moment
        self._places.append(place)

    def clear(self) -> None:
        self._places.clear()
        self._last = None
