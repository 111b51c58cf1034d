"""What is still open of one training game: the steps whose returns are not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import torch

from nec_engine.config import Settings
from nec_engine.learning.returns import Matured, NStepReturns
from nec_engine.learning.steps import PendingStep, pack_pending, unpack_pending

MORE_GAMES: Final = "more_games"  # of an agent's state: what is open of all but the first game


class Due(NamedTuple):
    """Steps of one game that are to be written now, oldest first."""

    again: list[Matured[PendingStep]]  # they are in the memory, with what was known before
    new: list[Matured[PendingStep]]


class OpenGame:
    """The waiting steps of one training game; each game has its own. The trainer's thread."""

    def __init__(self, settings: Settings) -> None:
        self._returns: NStepReturns[PendingStep] = NStepReturns(settings.n_step, settings.gamma)
        self._num_written = 0  # of the waiting steps, the oldest: their sums are still open
        self.previous_row: int | None = None  # in the replay, of the episode's step before

    def push(self, step: PendingStep, reward: float) -> None:
        """A step was played; it waits."""
        self._returns.push(step, reward)

    def mature(self, next_max_q: float) -> Due:
        """The step whose N rewards are in, if there is one, bootstrapped from the state reached."""
        matured = self._returns.mature(next_max_q)
        return self._taken([] if matured is None else [matured])

    def flush(self, next_max_q: float) -> Due:
        """All that wait: at an end (value 0), or cut short where the state is worth that much."""
        return self._taken(self._returns.flush(next_max_q))

    def so_far(self, next_max_q: float) -> Due:
        """All that wait with what is known of their returns by now; they wait on."""
        waiting, num_before = self._returns.so_far(next_max_q), self._num_written
        self._num_written = len(waiting)
        return Due(waiting[:num_before], waiting[num_before:])

    def drop(self) -> None:
        """Forget what waits: the game is not gone on with."""
        self._returns.flush()
        self._num_written = 0

    def _taken(self, matured: list[Matured[PendingStep]]) -> Due:
        num_again = min(self._num_written, len(matured))
        self._num_written -= num_again
        return Due(matured[:num_again], matured[num_again:])

    def state_dict(self) -> dict[str, Any]:
        """Arrays and JSON values."""
        return {
            "pending": pack_pending(self._returns.state_dict()),
            "num_written": self._num_written,
            "previous_row": self.previous_row,
        }

    def load_state_dict(self, state: Mapping[str, Any], device: torch.device) -> None:
        """Go on as saved, keys on ``device``."""
        self._returns.load_state_dict(unpack_pending(state["pending"], device))
        self._num_written = state.get("num_written", 0)
        self.previous_row = state["previous_row"]


class HasState(Protocol):
    """Anything that gives its state."""

    def state_dict(self) -> dict[str, Any]: ...


def pack_games(games: Sequence[HasState]) -> dict[str, Any]:
    """The state of the first game as it is, those of others below :data:`MORE_GAMES`.

    So that a run of one game is saved as ever, and one of several can be gone on with by one.
    """
    first, *others = (game.state_dict() for game in games)
    more = {str(number): state for number, state in enumerate(others, start=1)}
    return {**first, MORE_GAMES: more} if more else first


def unpack_games(state: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The state of each game in what :func:`pack_games` is part of; none in a play-only state."""
    if "pending" not in state:
        return []
    more = state.get(MORE_GAMES, {})
    return [state, *(more[str(number)] for number in range(1, len(more) + 1))]
