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
from nec_engine.learning.open_game import Due, OpenGame, pack_games, unpack_games
from nec_engine.learning.overlapped import OverlappedLearner
from nec_engine.learning.reading import EpisodicPolicy, read_all_actions
from nec_engine.learning.replay import Replay
from nec_engine.learning.steps import NO_ROW, PendingStep, TaughtStep
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
        self,
        num_actions: int,
        settings: Settings,
        capacity: int,
        device: torch.device,
        num_games: int = 1,
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
        self._give_way: Callable[[], None] = lambda: None
        self._games = [OpenGame(settings) for _ in range(num_games)]
        self._taught = TaughtRows()
        # Of what was last acted on.
        self._keys = torch.zeros(num_games, settings.key_size, device=device)

    def set_give_way(self, give_way: Callable[[], None]) -> None:
        """Call ``give_way`` between the parts of lookups and updates."""
        self._give_way = give_way
        self._set_between_searches()
        if self.learner is not None:
            self.learner.give_way = give_way

    def overlap_learning(self, is_wanted: bool) -> None:
        if self._overlapped is not None:
            self._overlapped.finish()
            self._overlapped.close()
            self._overlapped = None
        if is_wanted and self.learner is not None:
            self._overlapped = OverlappedLearner(self.learner, self.memory)
        self._set_between_searches()

    def _set_between_searches(self) -> None:
        """Between two searches of a lookup others go first, and those of a minibatch are helped."""
        give_way = self._give_way
        if self._overlapped is None:
            self.memory.give_way = give_way
            return
        help_with = self._overlapped.searches.help

        def between() -> None:
            give_way()
            help_with()

        self.memory.give_way = between

    # --- the training games, step by step ---

    def begin_episode(self, game: int = 0) -> None:
        """The next step of ``game`` is the first of an episode."""
        self._games[game].previous_row = None

    def act(self, observations: U8, step: int, rng: np.random.Generator) -> list[Acted]:
        """The next action of each training game (epsilon-greedy at ``step`` and those after it).

        One forward and one lookup for all. The step N before each has its return now and is
        written; and every so often, if set so, what is known of the returns of all later ones.
        """
        reading = read_all_actions(self.network, self.memory, self.settings, observations)
        judged = self.judged(reading.q_values, observations, step)
        self._keys = reading.keys
        acted = []
        for game, q_values in enumerate(judged):
            epsilon = epsilon_at(step + game, self.settings)
            action, choice = epsilon_greedy(
                q_values + reading.bonuses[game], epsilon, reading.is_empty, rng
            )
            effective = None if reading.is_empty else reading.effective_neighbours[game]
            acted.append(
                Acted(
                    game, observations[game], action, choice, epsilon,
                    float(q_values.max()), effective,
                )
            )  # fmt: skip
        reached = [(game, its.max_q) for game, its in zip(self._games, acted, strict=True)]
        self.remember([game.mature(value) for game, value in reached])
        self._write(self._due_so_far(reached, step))
        return acted

    def judged(self, q_values: F32, observations: U8, step: int) -> F32:  # noqa: ARG002 - others judge by it
        """Q float32[B, A] to act by and to bootstrap from, of what the memory says."""
        return q_values

    def take(self, acted: Acted, moment: Moment, state_hash: int, reward: float) -> None:
        """The action was carried out and brought ``reward``."""
        game, row = self._games[acted.game], NO_ROW
        if self.replay is not None:
            row = self.replay.append(
                acted.observation[-1], game.previous_row, acted.action, moment.episode
            )
            game.previous_row = row
        key = self._keys[acted.game]
        game.push(PendingStep(moment, acted.action, state_hash, row, key), reward)

    def end_sum(self, reached: U8 | None = None, game: int = 0) -> None:
        """The sum of rewards ends: for good, or cut short with the observation ``reached``."""
        value = 0.0
        if reached is not None:
            q_values = self._policy(self.network).q_values(reached[None])
            value = float(self.judged(q_values, reached[None], self.memory.clock).max())
        self.remember([self._games[game].flush(value)])

    def end_step(self, num_steps: int) -> None:
        """``num_steps`` of training are done; some upkeep of the index, a millisecond at most."""
        self.memory.advance(num_steps, self._num_updates)
        self.memory.service_index()
        if self._overlapped is not None:
            self._overlapped.searches.help()

    def service(self) -> None:
        """The upkeep alone: for times without training."""
        self.memory.service_index()

    def sampled_recall(self, step: int) -> float | None:
        """Recall of the latest lookup, in the memory of another action each time."""
        return self.memory.recall_at_50(self._keys[-1:], step % self.memory.num_actions)

    def _due_so_far(self, reached: list[tuple[OpenGame, float]], step: int) -> list[Due]:
        """What is known of open returns, of each game every so many of its own steps, in turns."""
        every, num_games = self.settings.provisional_every, len(self._games)
        return [
            game.so_far(value)
            for place, (game, value) in enumerate(reached)
            if every and (step // num_games + place) % every == 0
        ]

    def remember(self, due: Sequence[Due]) -> None:
        """Write steps with known returns to the memory and make them ready in the replay."""
        self._write(due)
        if self.replay is not None:
            for game in due:
                for item in (*game.again, *game.new):
                    self.replay.set_return(item.step.replay_row, item.n_step_return)

    def _write(self, due: Sequence[Due]) -> None:
        """Into the memory; those that are there already get another value."""
        again = [item for game in due for item in game.again]
        new = [item for game in due for item in game.new]
        if again:
            moments = [item.step.moment for item in again]
            self.memory.revalue(
                actions=np.array([item.step.action for item in again], np.int64),
                values=np.array([item.n_step_return for item in again], np.float32),
                episodes=np.array([moment.episode for moment in moments], np.int64),
                steps=np.array([moment.step for moment in moments], np.int64),
            )
        if new:
            self.memory.write_batch(
                actions=np.array([item.step.action for item in new], np.int64),
                keys=torch.stack([item.step.key for item in new]),
                values=np.array([item.n_step_return for item in new], np.float32),
                state_hashes=np.array([item.step.state_hash for item in new], np.uint64),
                episodes=np.array([item.step.moment.episode for item in new], np.int64),
                steps=np.array([item.step.moment.step for item in new], np.int64),
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
            **pack_games(self._games),
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
        for game, saved in zip(self._games, unpack_games(state), strict=False):
            game.load_state_dict(saved, self.device)

    def drop_pending(self) -> None:
        """Forget the steps that wait for their returns: their games are not gone on with."""
        for game in self._games:
            game.drop()

    def close(self) -> None:
        """End the learning thread and the index builder's process."""
        if self._overlapped is not None:
            self._overlapped.close()
        self.memory.close()
