"""Replay of single screens: four indices name a stack, no screen is stored twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nec_engine.messages import F32, I64, U8

SCREEN = (84, 84)
HISTORY = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """A minibatch (s, a, Q^(N)): uint8[B, 4, 84, 84], int64[B], float32[B]."""

    observations: U8
    actions: I64
    returns: F32


class Replay:
    """The newest ``capacity`` steps (s_t, a_t, Q^(N)); uniform minibatches (one owner thread).

    Rows are numbered from 0 without end; row ``r`` lives at ``r % capacity``. A row holds one
    screen and the numbers of the four rows that make its stack, so that the streams of two games
    (training and what a person played) can be written in turns. A row without a return is never
    sampled: it waits, or it only lends its screen to a stack.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.num_rows = 0  # ever written
        self._screens = np.empty((capacity, *SCREEN), np.uint8)
        self._stacks = np.zeros((capacity, HISTORY), np.int64)
        self._actions = np.zeros(capacity, np.uint8)
        self._returns = np.full(capacity, np.nan, np.float32)
        self._episodes = np.zeros(capacity, np.int64)
        self.num_ready = 0  # rows with a return

    @property
    def size(self) -> int:
        """Rows now held."""
        return min(self.num_rows, self.capacity)

    def holds(self, row: int) -> bool:
        """Whether ``row`` has been written and not been overwritten since."""
        return self.num_rows - self.capacity <= row < self.num_rows

    def append(
        self, screen: U8, previous_row: int | None, action: int = 0, episode: int = -1
    ) -> int:
        """Write one step and return its row number.

        ``previous_row`` is the row of the step before in the same game, None at its first screen
        (then the stack is that screen four times).
        """
        row = self.num_rows
        at = row % self.capacity
        if not np.isnan(self._returns[at]):
            self.num_ready -= 1
        if previous_row is not None and previous_row > row - self.capacity:
            self._stacks[at, :-1] = self._stacks[previous_row % self.capacity, 1:]
            self._stacks[at, -1] = row
        else:
            self._stacks[at] = row
        self._screens[at] = screen
        self._actions[at] = action
        self._returns[at] = np.nan
        self._episodes[at] = episode
        self.num_rows = row + 1
        return row

    def set_return(self, row: int, n_step_return: float) -> None:
        """Make ``row`` ready to be sampled; a row overwritten meanwhile is left alone."""
        if row <= self.num_rows - 1 - self.capacity:
            return
        at = row % self.capacity
        if np.isnan(self._returns[at]):
            self.num_ready += 1
        self._returns[at] = n_step_return

    def sample(self, batch_size: int, rng: np.random.Generator) -> Batch | None:
        """A uniform minibatch of ready rows whose four screens are still held; None if too few."""
        at = self._sample_places(batch_size, rng)
        if at is None:
            return None
        return Batch(self._observations(at), self._actions[at].astype(np.int64), self._returns[at])

    def _sample_places(self, batch_size: int, rng: np.random.Generator) -> I64 | None:
        """Places int64[B] in the arrays, for :meth:`sample`."""
        if self.num_ready < batch_size:
            return None
        oldest = self.num_rows - self.size
        chosen = np.empty(0, np.int64)
        for _ in range(64):
            rows = rng.integers(oldest, self.num_rows, size=2 * batch_size)
            at = rows % self.capacity
            is_whole = self._stacks[at].min(axis=1) >= oldest
            chosen = np.concatenate([chosen, at[is_whole & ~np.isnan(self._returns[at])]])
            if len(chosen) >= batch_size:
                return chosen[:batch_size]
        return None

    def _observations(self, at: I64) -> U8:
        """uint8[B, 4, 84, 84] of places int64[B]."""
        return self._screens[self._stacks[at] % self.capacity]

    def episodes(self) -> set[int]:
        """Every episode that a held row belongs to."""
        return set(np.unique(self._episodes[: self.size]).tolist())

    def state_dict(self) -> dict[str, Any]:
        """Views of what is filled; nothing is copied."""
        size = self.size
        return {
            "capacity": self.capacity,
            "num_rows": self.num_rows,
            "screens": self._screens[:size],
            "stacks": self._stacks[:size],
            "actions": self._actions[:size],
            "returns": self._returns[:size],
            "episodes": self._episodes[:size],
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore bit-equal; the capacity must be the stored one (a ring cannot be re-cut)."""
        if int(state["capacity"]) != self.capacity:
            raise ValueError(f"replay capacity {state['capacity']}, expected {self.capacity}")
        self.num_rows = int(state["num_rows"])
        size = self.size
        self._screens[:size] = state["screens"]
        self._stacks[:size] = state["stacks"]
        self._actions[:size] = state["actions"]
        self._returns[:size] = state["returns"]
        self._episodes[:size] = state["episodes"]
        self.num_ready = int((~np.isnan(self._returns[:size])).sum())

    def check_valid(self) -> list[str]:
        """Problems of the invariants, for tests."""
        problems = []
        if self.num_ready != int((~np.isnan(self._returns[: self.size])).sum()):
            problems.append("num_ready differs from the rows that have a return")
        rows = np.arange(self.num_rows - self.size, self.num_rows)
        stacks = self._stacks[rows % self.capacity]
        if self.size and not np.array_equal(stacks[:, -1], rows):
            problems.append("a stack does not end with its own row")
        if self.size and (np.diff(stacks, axis=1) < 0).any():
            problems.append("a stack is not in order")
        return problems
