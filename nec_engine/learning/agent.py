"""The episodic agent as its trainer drives it: act, remember, learn, hand out a policy.

NEC, MFEC and what lies between are the same agent with other parts (``settings.embedding``,
``kernel``, ``value_update``, ``n_step``).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from nec_engine.config import Settings
from nec_engine.learning.agents import Acted, Policy, Update
from nec_engine.learning.embedding import embed_each, make_embedding
from nec_engine.learning.exploration import epsilon_at, epsilon_greedy
from nec_engine.learning.learner import Learner
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.overlapped import OverlappedLearner
from nec_engine.learning.reading import EpisodicPolicy, read_all_actions
from nec_engine.learning.replay import Replay
from nec_engine.learning.returns import Matured, NStepReturns
from nec_engine.learning.steps import (
    NO_ROW,
    PendingStep,
    TaughtStep,
    pack_pending,
    unpack_pending,
)
from nec_engine.learning.taught_rows import TaughtRows
from nec_engine.learning.weights import load_weights, weights_of
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import F32, U8, Moment, Origin

TAUGHT_AT_ONCE: Final = 64  # steps embedded and written in one go


class EpisodicAgent:
    """Embedding and memory of one run; where a network learns, replay and learner as well.

    How it is driven is told at :class:`~nec_engine.learning.agents.Agent`.
    """

    def __init__(
        self, num_actions: int, settings: Settings, capacity: int, device: torch.device
    ) -> None:
        self.settings = settings
        self.device = device
        self.network = make_embedding(settings).to(device)
        self.memory = EpisodicMemory(num_actions, capacity, settings, device, settings.seed)
        self.replay: Replay | None = None
        self.learner: Learner | None = None
        if isinstance(self.network, EmbeddingNetwork) and settings.embedding == "learned":
            self.replay = Replay(settings.replay_capacity)
            self.learner = Learner(self.network, self.memory, settings)
        self._overlapped: OverlappedLearner | None = None
        self._returns: NStepReturns[PendingStep] = NStepReturns(settings.n_step, settings.gamma)
        self._num_written = 0  # of the waiting steps, the oldest: their sums are still open
        self._previous_row: int | None = None  # in the replay, of the episode's step before
        self._taught = TaughtRows()
        self._key = torch.zeros(settings.key_size)  # of what was last acted on

    def set_give_way(self, give_way: Callable[[], None]) -> None:
        """Call ``give_way`` between the parts of lookups and updates."""
        self.memory.give_way = give_way
        if self.learner is not None:
            self.learner.give_way = give_way

    def overlap_learning(self, is_wanted: bool) -> None:
        if self._overlapped is not None:
            self._overlapped.finish()
            self._overlapped.close()
            self._overlapped = None
        if is_wanted and self.learner is not None:
            self._overlapped = OverlappedLearner(self.learner, self.memory)

    # --- the training game, step by step ---

    def begin_episode(self) -> None:
        """The next step is the first of an episode."""
        self._previous_row = None

    def act(self, observation: U8, step: int, rng: np.random.Generator) -> Acted:
        """The training game's next action (epsilon-greedy at ``step``).

        The step N before it has its return now and is written; and every so often, if set so,
        what is known of the returns of all later ones.
        """
        reading = read_all_actions(self.network, self.memory, self.settings, observation)
        epsilon = epsilon_at(step, self.settings)
        q_values = self.judged(reading.q_values, observation, step)
        action, choice = epsilon_greedy(q_values + reading.bonuses, epsilon, reading.is_empty, rng)
        max_q = float(q_values.max())
        matured = self._returns.mature(max_q)
        if matured is not None:
            self.remember([matured])
        if self.settings.provisional_every and step % self.settings.provisional_every == 0:
            self._write_open(max_q)
        self._key = reading.key
        effective = None if reading.is_empty else reading.effective_neighbours
        return Acted(observation, action, choice, epsilon, max_q, effective)

    def judged(self, q_values: F32, observation: U8, step: int) -> F32:  # noqa: ARG002 - others judge by it
        """Q float32[A] to act by and to bootstrap from, of what the memory says."""
        return q_values

    def take(self, acted: Acted, moment: Moment, state_hash: int, reward: float) -> None:
        """The action was carried out and brought ``reward``."""
        row = NO_ROW
        if self.replay is not None:
            row = self.replay.append(
                acted.observation[-1], self._previous_row, acted.action, moment.episode
            )
            self._previous_row = row
        step = PendingStep(moment, acted.action, state_hash, row, self._key)
        self._returns.push(step, reward)

    def end_sum(self, reached: U8 | None = None) -> None:
        """The sum of rewards ends: for good, or cut short with the observation ``reached``."""
        value = 0.0
        if reached is not None:
            (q_values,) = self._policy(self.network).q_values(reached[None])
            value = float(self.judged(q_values, reached, self.memory.clock).max())
        self.remember(self._returns.flush(value))

    def end_step(self, num_steps: int) -> None:
        """``num_steps`` of training are done; some upkeep of the index, a millisecond at most."""
        self.memory.advance(num_steps, self._num_updates)
        self.memory.service_index()

    def service(self) -> None:
        """The upkeep alone: for times without training."""
        self.memory.service_index()

    def sampled_recall(self, step: int) -> float | None:
        """Recall of the latest lookup, in the memory of another action each time."""
        return self.memory.recall_at_50(self._key[None], step % self.memory.num_actions)

    def remember(self, matured: Sequence[Matured[PendingStep]]) -> None:
        """Write steps with known returns to the memory and make them ready in the replay."""
        num_written = min(self._num_written, len(matured))
        self._write(matured, num_written)
        self._num_written -= num_written
        if self.replay is not None:
            for item in matured:
                self.replay.set_return(item.step.replay_row, item.n_step_return)

    def _write_open(self, max_q: float) -> None:
        """Write what is known so far of the returns that are still open."""
        waiting = self._returns.so_far(max_q)
        self._write(waiting, self._num_written)
        self._num_written = len(waiting)

    def _write(self, matured: Sequence[Matured[PendingStep]], num_written: int) -> None:
        """Into the memory; the first ``num_written`` are there and get another value."""
        actions = np.array([item.step.action for item in matured], np.int64)
        values = np.array([item.n_step_return for item in matured], np.float32)
        episodes = np.array([item.step.moment.episode for item in matured], np.int64)
        steps = np.array([item.step.moment.step for item in matured], np.int64)
        old, new = slice(num_written), slice(num_written, None)
        if num_written:
            self.memory.revalue(actions[old], values[old], episodes[old], steps[old])
        if num_written < len(matured):
            hashes = [item.step.state_hash for item in matured[new]]
            self.memory.write_batch(
                actions=actions[new],
                keys=torch.stack([item.step.key for item in matured[new]]),
                values=values[new],
                state_hashes=np.array(hashes, np.uint64),
                episodes=episodes[new],
                steps=steps[new],
                origin=Origin.AGENT,
            )

    # --- what was played in the live game ---

    def learn_from(self, taught: Sequence[TaughtStep]) -> None:
        """Write what was played in the live game: to the memory at once, and to the replay."""
        for origin in sorted({step.origin for step in taught}):
            steps = [step for step in taught if step.origin == origin]
            for start in range(0, len(steps), TAUGHT_AT_ONCE):
                self._write_taught(steps[start : start + TAUGHT_AT_ONCE], origin)
        if self.replay is not None:
            for step in taught:
                row, _ = self._taught.append(self.replay, step)
                self.replay.set_return(row, step.n_step_return)

    def _write_taught(self, steps: Sequence[TaughtStep], origin: Origin) -> None:
        observations = np.stack([step.observation for step in steps])
        self.memory.write_batch(
            actions=np.array([step.action for step in steps], np.int64),
            keys=embed_each(self.network, observations, self.device),
            values=np.array([step.n_step_return for step in steps], np.float32),
            state_hashes=np.array([step.state_hash for step in steps], np.uint64),
            episodes=np.array([step.moment.episode for step in steps], np.int64),
            steps=np.array([step.moment.step for step in steps], np.int64),
            origin=origin,
        )

    # --- learning ---

    def learn(self, rng: np.random.Generator) -> Update | None:
        """One learning step; None while there is not enough to learn from, or without a learner."""
        if self.learner is None or self.replay is None:
            return None
        batch = self.replay.sample(self.settings.batch_size, rng)
        return None if batch is None else (self._overlapped or self.learner).update(batch)

    @property
    def version(self) -> int:
        """Counts changes of the network."""
        return self._num_updates

    @property
    def _num_updates(self) -> int:
        return 0 if self.learner is None else self.learner.num_updates

    def policy(self) -> Policy:
        """The memory with a copy of the network as it is now, for other threads."""
        return self._policy(copy.deepcopy(self.network).eval().requires_grad_(False))

    def _policy(self, network: nn.Module) -> EpisodicPolicy:
        return EpisodicPolicy(network, self.memory, self.settings, self._num_updates)

    # --- what is held ---

    @property
    def replay_size(self) -> int:
        """Rows now held; 0 without a replay."""
        return 0 if self.replay is None else self.replay.size

    @property
    def replay_capacity(self) -> int:
        """0 without a replay."""
        return 0 if self.replay is None else self.replay.capacity

    def needed_episodes(self, among: Iterable[int]) -> set[int]:
        """Those whose moments an entry or a row of the replay came from."""
        replayed = set() if self.replay is None else self.replay.episodes()
        return {
            episode
            for episode in among
            if episode in replayed or self.memory.episode_count(episode) > 0
        }

    # --- state ---

    def state_dict(self) -> dict[str, Any]:
        """Views of the arrays where that is possible; write them before the next step."""
        if self._overlapped is not None:
            self._overlapped.finish()
        state = {
            "network": weights_of(self.network),
            "memory": self.memory.state_dict(),
            "pending": pack_pending(self._returns.state_dict()),
            "num_written": self._num_written,
            "previous_row": self._previous_row,
        }
        if self.learner is not None and self.replay is not None:
            state["optimiser"] = self.learner.state_dict()
            state["replay"] = self.replay.state_dict()
        return state

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on as saved; parts that a play-only state lacks stay as they are."""
        load_weights(self.network, state["network"])
        self.memory.load_state_dict(state["memory"])
        if self.learner is not None and "optimiser" in state:
            self.learner.load_state_dict(state["optimiser"])
        elif self.learner is not None:
            self.learner.num_updates = int(state["memory"]["network_version"])
        if self.replay is not None and "replay" in state:
            self.replay.load_state_dict(state["replay"])
        if "pending" in state:
            self._returns.load_state_dict(unpack_pending(state["pending"], self.device))
            self._num_written = state.get("num_written", 0)
            self._previous_row = state["previous_row"]

    def drop_pending(self) -> None:
        """Forget the steps that wait for their returns: their game is not gone on with."""
        self._returns.flush()
        self._num_written = 0

    def close(self) -> None:
        """End the learning thread and the index builder's process."""
        if self._overlapped is not None:
            self._overlapped.close()
        self.memory.close()
