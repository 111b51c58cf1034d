"""What the learning curves show: grown by the run, saved with it, handed out as messages."""

from __future__ import annotations

from typing import Any

import numpy as np

from nec_engine.messages import Curves, Series, read_only

EPISODE_SERIES = ("training_scores", "live_agent_scores", "live_person_scores")
SAMPLE_SERIES = (
    "mean_max_q",
    "loss",
    "epsilon",
    "effective_neighbours",
    "recall_at_50",
    "steps_per_s",
)
MAX_POINTS = 20_000


class GrowingSeries:
    """Points (x, y) appended one by one; thinned to every second when there are too many."""

    def __init__(self) -> None:
        self._points = np.empty((256, 2))
        self.size = 0

    def append(self, x: float, y: float) -> None:
        if self.size == MAX_POINTS:
            self._points[: self.size // 2] = self._points[1 : self.size : 2].copy()
            self.size //= 2
        if self.size == len(self._points):
            self._points = np.concatenate([self._points, np.empty_like(self._points)])
        self._points[self.size] = x, y
        self.size += 1

    def points(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """float64[N, 2], a copy."""
        return self._points[: self.size].copy()

    def load(self, points: np.ndarray[Any, np.dtype[np.float64]]) -> None:
        self._points = np.empty((max(256, len(points)), 2))
        self._points[: len(points)] = points
        self.size = len(points)


class History:
    """The series of one run. Each series is written by one thread; reading copies."""

    def __init__(self) -> None:
        self._series = {name: GrowingSeries() for name in EPISODE_SERIES + SAMPLE_SERIES}
        self.version = 0

    def add(self, name: str, frames: int, value: float | None) -> None:
        """One point; an undefined value (None) is left out."""
        if value is not None:
            self._series[name].append(frames, value)
            self.version += 1

    def curves(self, random_score: float | None, human_score: float | None) -> Curves:
        """All series as one message."""
        made = {}
        for name, series in self._series.items():
            points = series.points()
            made[name] = Series(
                name, read_only(points[:, 0].copy()), read_only(points[:, 1].copy())
            )
        return Curves(**made, random_score=random_score, human_score=human_score)

    def state_dict(self) -> dict[str, Any]:
        return {name: series.points() for name, series in self._series.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, points in state.items():
            if name in self._series:
                self._series[name].load(points)


def thin_history(state: dict[str, Any], most: int) -> dict[str, Any]:
    """A saved history with at most ``most`` points a curve, as evenly as before."""
    thin = {}
    for name, points in state.items():
        step = -(-len(points) // most)
        thin[name] = points[::-step][::-1].copy() if step > 1 else points  # the newest stays
    return thin
