"""N-step returns: the targets that enter the memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from nec_engine.config import Settings
from nec_engine.presets import WHOLE_EPISODE

Step = TypeVar("Step")


@dataclass(frozen=True, slots=True)
class Matured(Generic[Step]):
    """A step whose N-step return is known."""

    step: Step
    n_step_return: float


def learned_reward(reward: float, settings: Settings) -> float:
    """What enters the sums: the reward of a step, clipped to -1 .. 1 with ``clip_rewards``."""
    return min(1.0, max(-1.0, reward)) if settings.clip_rewards else reward


class NStepReturns(Generic[Step]):
    """Turns a stream of (step, reward) into (step, Q^(N)) (Pritzel et al. 2017, eq. 3).

    ``Q^(N)(s_t, a_t) = sum_{j<N} gamma^j r_{t+j} + gamma^N max_a' Q(s_{t+N}, a')``, r_t included.
    The sum stops at the end of an episode and never crosses it. With ``n_step`` 0 nothing comes
    out before: the whole return (Blundell et al. 2016). Steps come out in the order in which they
    went in. Not thread-safe: one owner.
    """

    def __init__(self, n_step: int, gamma: float) -> None:
        self._n_step = n_step
        self._gamma = gamma
        self._steps: deque[Step] = deque()
        self._rewards: deque[float] = deque()

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def is_full(self) -> bool:
        """The oldest step waits for nothing but the value of the state now reached."""
        return self._n_step != WHOLE_EPISODE and len(self._steps) >= self._n_step

    def push(self, step: Step, reward: float) -> None:
        """Add s_t, a_t and its reward r_t; :meth:`mature` comes first, with the value of s_t."""
        self._steps.append(step)
        self._rewards.append(reward)

    def mature(self, next_max_q: float) -> Matured[Step] | None:
        """The step whose N rewards are in, bootstrapped from max_a' Q(s_{t+N}, a'); None before."""
        if not self.is_full:
            return None
        total = next_max_q
        for reward in reversed(self._rewards):
            total = reward + self._gamma * total
        self._rewards.popleft()
        return Matured(self._steps.popleft(), total)

    def so_far(self, next_max_q: float) -> list[Matured[Step]]:
        """All waiting steps, oldest first, as if their sums ended here, bootstrapped. They wait on.

        What is known of a return while its episode still runs.
        """
        totals: list[float] = []
        total = next_max_q
        for reward in reversed(self._rewards):
            total = reward + self._gamma * total
            totals.append(total)
        return [
            Matured(step, value) for step, value in zip(self._steps, reversed(totals), strict=True)
        ]

    def flush(self, next_max_q: float = 0.0) -> list[Matured[Step]]:
        """All waiting steps, oldest first: at an end (value 0) or a hand-over (bootstrapped)."""
        matured = self.so_far(next_max_q)
        self._steps.clear()
        self._rewards.clear()
        return matured

    def state_dict(self) -> dict[str, Any]:
        """The waiting steps (as they are) and their rewards."""
        return {"steps": list(self._steps), "rewards": list(self._rewards)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self._steps = deque(state["steps"])
        self._rewards = deque(float(reward) for reward in state["rewards"])
