"""Bookmarks of one live episode, found while it is played."""

from __future__ import annotations

import math
from typing import Final

from nec_engine.messages import Mark, MarkKind

FAR: Final = 0.5  # familiarity below: the nearest memory is farther away than the 50th usually is


class EpisodeMarks:
    """Every reward, lost life and takeover; of surprises and falls of Q only the biggest.

    The first arrival in a region far from all memories counts when the steps before were nearer:
    an agent that knows nothing yet is not marked for it.
    """

    def __init__(self) -> None:
        self._found: list[Mark] = []
        self._biggest: dict[MarkKind, Mark] = {}
        self._was_near = False
        self._has_been_far = False

    def add_reward(self, step: int, reward: float) -> None:
        if reward:
            self._found.append(Mark(MarkKind.REWARD, step, reward))

    def add_lost_life(self, step: int) -> None:
        self._found.append(Mark(MarkKind.LIFE_LOST, step))

    def add_takeover(self, step: int) -> None:
        self._found.append(Mark(MarkKind.TAKEOVER, step))

    def add_surprise(self, step: int, surprise: float) -> None:
        self._keep_biggest(MarkKind.SURPRISE, step, surprise)

    def add_fall(self, step: int, fall: float) -> None:
        """Max Q fell by so much between the states before and after ``step``."""
        self._keep_biggest(MarkKind.FALL, step, fall)

    def add_familiarity(self, step: int, familiarity: float) -> None:
        if math.isnan(familiarity):
            return
        is_far = familiarity < FAR
        if is_far and self._was_near and not self._has_been_far:
            self._found.append(Mark(MarkKind.FAR, step, familiarity))
            self._has_been_far = True
        self._was_near = not is_far

    def all(self) -> tuple[Mark, ...]:
        """By step, but for the biggest ones, which come last."""
        return (*self._found, *self._biggest.values())

    def _keep_biggest(self, kind: MarkKind, step: int, amount: float) -> None:
        """NaN and what is not above 0 never count."""
        before = self._biggest.get(kind)
        if amount > (0.0 if before is None else before.amount):
            self._biggest[kind] = Mark(kind, step, amount)
