"""A replay of transitions, for an agent that learns from one step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from nec_engine.learning.replay import Replay
from nec_engine.messages import F32, I64, U8

_END: Final = -1  # in place of the next row


@dataclass(frozen=True, slots=True)
class Transitions:
    """A minibatch (s, a, r, s')."""

    observations: U8  # [B, 4, 84, 84]
    actions: I64  # [B]
    rewards: F32  # [B]
    next_observations: U8  # [B, 4, 84, 84]
    goes_on: F32  # [B]: 1, or 0 after an end, where the next observation means nothing


class TransitionReplay(Replay):
    """Rows are ready once their reward and the row of the state they led to are known."""

    def __init__(self, capacity: int) -> None:
        super().__init__(capacity)
        self._next_rows = np.zeros(capacity, np.int64)

    def complete(self, row: int, reward: float, next_row: int | None) -> None:
        """``row`` brought ``reward`` and led to ``next_row``, or to an end (None)."""
        if self.holds(row):
            self._next_rows[row % self.capacity] = _END if next_row is None else next_row
            self.set_return(row, reward)

    def sample_transitions(self, batch_size: int, rng: np.random.Generator) -> Transitions | None:
        """A uniform minibatch of ready rows whose screens are still held; None if too few."""
        at = self._sample_places(batch_size, rng)
        if at is None:
            return None
        goes_on = self._next_rows[at] != _END
        next_at = np.where(goes_on, self._next_rows[at] % self.capacity, at)
        return Transitions(
            self._observations(at),
            self._actions[at].astype(np.int64),
            self._returns[at],
            self._observations(next_at),
            goes_on.astype(np.float32),
        )

    def state_dict(self) -> dict[str, Any]:
        """As of :class:`Replay`, with the next rows."""
        return {**super().state_dict(), "next_rows": self._next_rows[: self.size]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self._next_rows[: self.size] = state["next_rows"]
