"""Running figures of a training run: what its curves, its status and its results are made of."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from nec_engine.config import Settings
from nec_engine.learning.agents import Acted, Agent
from nec_engine.learning.exploration import epsilon_at
from nec_engine.memory.index.installed import chosen_index
from nec_engine.run.training.averages import RunningMean, StepRate
from nec_engine.run.training.history import History

RECALL_QUERIES: Final = 250
RECALL_EVERY_STEPS: Final = 20  # until there are so many; each compares every key
THEN_RECALL_EVERY_STEPS: Final = 60
LEAST_RECALLS: Final = 20
SAMPLE_EVERY_STEPS: Final = 250
RECENT_EPISODES: Final = 100


class Figures:
    """Means over the latest steps and episodes, and the curves they are sampled into.

    The trainer's thread alone; the live thread adds the scores of its own games to ``history``.
    """

    def __init__(self, settings: Settings, *, has_memory: bool, device: str = "cpu") -> None:
        """``device`` is the type of the one that the memory lies on."""
        self._settings = settings
        self._index = chosen_index(settings.index, device)
        self._has_memory = has_memory
        self.history = History()
        self.best_score: float | None = None
        self._recent_scores: deque[float] = deque(maxlen=RECENT_EPISODES)
        self._loss = RunningMean(0.01)
        self._max_q = RunningMean(0.001)
        self._effective = RunningMean(0.001)
        self._recalls: deque[float] = deque(maxlen=RECALL_QUERIES)
        self._rate = StepRate()
        self._num_steps_this_process = 0

    # --- what comes ---

    def add_decision(self, acted: Acted) -> None:
        """A step of training was decided."""
        self._max_q.add(acted.max_q)
        if acted.effective_neighbours is not None:
            self._effective.add(acted.effective_neighbours)

    def add_loss(self, loss: float) -> None:
        """An update was made."""
        self._loss.add(loss)

    def add_score(self, score: float, frames: int) -> None:
        """An episode of training ended."""
        self._recent_scores.append(score)
        self.best_score = score if self.best_score is None else max(self.best_score, score)
        self.history.add("training_scores", frames, score)

    def add_recall(self, recall: float) -> None:
        """The part of the true neighbours that one lookup found was measured."""
        self._recalls.append(recall)

    def end_step(self, agent: Agent, steps: int, frames: int) -> None:
        """A step is over: measure the recall and sample the curves, each every so many steps."""
        self._num_steps_this_process += 1
        is_full = len(self._recalls) == RECALL_QUERIES
        every = THEN_RECALL_EVERY_STEPS if is_full else RECALL_EVERY_STEPS
        if steps % every == 0 and self._index != "exact":
            recall = agent.sampled_recall(steps // every)
            if recall is not None:
                self.add_recall(recall)
        if steps % SAMPLE_EVERY_STEPS == 0:
            self._sample(steps, frames)

    def _sample(self, steps: int, frames: int) -> None:
        rate = self.steps_per_s()
        for name, value in (
            ("mean_max_q", self.mean_max_q),
            ("loss", self.loss),
            ("epsilon", epsilon_at(steps, self._settings)),
            ("effective_neighbours", self.effective_neighbours),
            ("recall_at_50", self.recall_at_50),
        ):
            self.history.add(name, frames, value)
        if not self._settings.deterministic:  # a wall-clock value must not enter the state
            self.history.add("steps_per_s", frames, rate)

    # --- what they are ---

    @property
    def loss(self) -> float | None:
        return self._loss.value

    @property
    def mean_max_q(self) -> float | None:
        return self._max_q.value

    @property
    def effective_neighbours(self) -> float | None:
        return self._effective.value

    @property
    def recall_at_50(self) -> float | None:
        """Mean of the latest sampled queries; 1 with an exact index, None before 20 samples, and
        for an agent without a memory."""
        if not self._has_memory:
            return None
        if self._index == "exact":
            return 1.0
        return float(np.mean(self._recalls)) if len(self._recalls) >= LEAST_RECALLS else None

    @property
    def mean_score_100(self) -> float | None:
        """Of the latest hundred episodes."""
        return float(np.mean(self._recent_scores)) if self._recent_scores else None

    def steps_per_s(self) -> float:
        """Over the last seconds, by the wall clock."""
        return self._rate.now(self._num_steps_this_process)

    # --- state ---

    def state_dict(self) -> dict[str, Any]:
        """JSON values, all but the curves: those have their own."""
        return {
            "best_score": self.best_score,
            "recent_scores": list(self._recent_scores),
            "recalls": list(self._recalls),
            "loss": self._loss.value,
            "max_q": self._max_q.value,
            "effective": self._effective.value,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on with the figures of a saved run."""
        self.best_score = state["best_score"]
        self._recent_scores = deque(state["recent_scores"], maxlen=RECENT_EPISODES)
        self._recalls = deque(state["recalls"], maxlen=RECALL_QUERIES)
        self._loss.value, self._max_q.value = state["loss"], state["max_q"]
        effective = state["effective"]
        if effective is not None and math.isfinite(effective):  # an earlier version could spoil it
            self._effective.value = effective
