"""When to ask for a new map, and for the places of what the agent thinks of now. No Qt here."""

from __future__ import annotations

from typing import Final

import numpy as np

from nec_engine.messages import (
    ActionEvidence,
    AskMap,
    AskPlaces,
    Entry,
    Landmarks,
    MapAnswer,
    PlacesAnswer,
    Projection,
)

REFRESH_S: Final = 10.0
LEAST_REST: Final = 5.0  # times what the last map took, waiting for others included
LOST_AFTER_S: Final = 60.0  # an answer that has not come by then never will
PLACES_S: Final = 0.09  # between questions for places: some eleven a second
PLACES_LOST_AFTER_S: Final = 2.0


class MapRequests:
    """One map at a time, a new one every ten seconds or so. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._asked_s: float | None = None  # no answer yet
        self._next_s = -1e9

    def ask(self, previous: MapAnswer | None, now_s: float) -> AskMap | None:
        """The question to send now; None while one is due, or the shown map is new enough."""
        if self._asked_s is not None and now_s - self._asked_s < LOST_AFTER_S:
            return None
        if now_s < self._next_s:
            return None
        self._asked_s = now_s
        return AskMap(self._panel, previous)

    def note_answer(self, answer: MapAnswer, now_s: float) -> None:
        """The answer came."""
        self._asked_s = None
        self._next_s = now_s + max(REFRESH_S, LEAST_REST * answer.took_s)

    def hurry(self) -> None:
        """The next map is wanted now."""
        self._next_s = -1e9

    def clear(self) -> None:
        """Nothing was asked, as when another game is opened."""
        self._asked_s = None
        self._next_s = -1e9


class PlaceRequests:
    """Where the newest decision's neighbours lie: one question at a time. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._due: int | None = None  # the number of the question
        self._last: tuple[int, int] | None = None  # number and action that were asked last
        self._asked_s = -1e9

    def ask(
        self, plane: Projection | Landmarks, number: int, evidence: ActionEvidence, now_s: float
    ) -> AskPlaces | None:
        """The question about a decision to send now, if there is one."""
        waited_s = now_s - self._asked_s
        is_due = self._due is not None and waited_s < PLACES_LOST_AFTER_S
        if is_due or waited_s < PLACES_S or self._last == (number, evidence.action):
            return None
        self._due, self._last, self._asked_s = number, (number, evidence.action), now_s
        return AskPlaces(
            self._panel, plane, number, evidence.action, evidence.slots, evidence.state_hashes,
            evidence.shares,
        )  # fmt: skip

    def note_answer(self, answer: PlacesAnswer) -> None:
        """The answer came."""
        if answer.number == self._due:
            self._due = None

    def clear(self) -> None:
        """Nothing is due; the same decision may be asked about again, on another map."""
        self._due = self._last = None
        self._asked_s = -1e9


def question_about(panel: str, plane: Projection | Landmarks, entry: Entry) -> AskPlaces:
    """Where one entry lies."""
    return AskPlaces(
        panel, plane, 0, entry.action, np.array([entry.slot]),
        np.array([entry.state_hash], np.uint64), np.ones(1, np.float32), entry,
    )  # fmt: skip
