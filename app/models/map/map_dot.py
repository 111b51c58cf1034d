"""Where the game is on the map: asked for with each decision, with the way it came. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.models.map.map_requests import PlaceRequests
from app.models.map.map_trail import MapTrail
from app.models.neighbours.neighbour_rows import shown_action
from nec_engine.messages import AskPlaces, Decision, MapAnswer, PlacesAnswer

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Live:
    """What moves over the map: the way of the agent, oldest first, and its neighbours now."""

    tail: tuple[Place, ...] = ()  # the last one is the dot
    neighbours: tuple[Place, ...] = ()
    shares: tuple[float, ...] = ()


class MapDot:
    """The mean of a decision's neighbours by their shares, and its last places. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._requests = PlaceRequests(panel)
        self._trail = MapTrail()
        self._asked_about: Decision | None = None

    def ask(
        self, decision: Decision | None, action: int | None, shown: MapAnswer | None, now_s: float
    ) -> AskPlaces | None:
        """The question to send now: about the neighbours of ``action``, or of the best one."""
        plane = None if shown is None else shown.projection
        if decision is None or plane is None or not decision.has_memory:
            return None
        evidence = decision.evidence[shown_action(decision, action)]
        question = self._requests.ask(plane, decision.number, evidence, now_s)
        if question is not None:
            self._asked_about = decision
        return question

    def take(self, answer: PlacesAnswer, shown: MapAnswer | None) -> Live | None:
        """What to show from now on; None when the answer is about another map or decision."""
        self._requests.note_answer(answer)
        asked = self._asked_about
        is_of_this_map = shown is not None and answer.projection is shown.projection
        if asked is None or asked.number != answer.number or not is_of_this_map:
            return None
        if answer.centre is None:
            return Live(self._trail.places)
        self._trail.add(asked.moment, answer.centre)
        held = np.flatnonzero(np.isfinite(answer.xy[:, 0]))
        places = tuple((x, y) for x, y in answer.xy[held].tolist())
        return Live(self._trail.places, places, tuple(answer.shares[held].tolist()))

    def forget_way(self) -> None:
        """The next place begins a new way."""
        self._trail.clear()

    def clear(self) -> None:
        """Nothing was asked and nothing is known, as on another map."""
        self._trail.clear()
        self._requests.clear()
        self._asked_about = None
