"""Deep Q-network, the baseline everyone knows (Mnih et al. 2015): a network, and no memories."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.agents import Acted, Explained, OfScreens, Update
from nec_engine.learning.embedding import embed, embed_each
from nec_engine.learning.exploration import epsilon_at, epsilon_greedy
from nec_engine.learning.open_game import pack_games, unpack_games
from nec_engine.learning.q_learner import QLearner
from nec_engine.learning.q_network import QNetwork
from nec_engine.learning.steps import TaughtStep
from nec_engine.learning.taught_rows import TaughtRows
from nec_engine.learning.transitions import TransitionReplay
from nec_engine.learning.weights import load_weights, weights_of
from nec_engine.messages import F32, U8, ActionEvidence, Entry, Moment
from nec_engine.seeding import derived_seed

THROUGH_NETWORK: Final = "through the network"


@dataclass(frozen=True, slots=True)
class QPolicy:
    """A Q network that nobody changes any more; any thread may read with it."""

    network: QNetwork
    version: int
    has_memory: bool = False
    knows_nothing: bool = False
    gradient_path: str = THROUGH_NETWORK

    @property
    def networks(self) -> tuple[nn.Module, ...]:
        return (self.network,)

    @property
    def device(self) -> torch.device:
        return self.network.q.weight.device

    def with_networks(self, change: Callable[[nn.Module], nn.Module]) -> QPolicy:
        """What another network of this kind would do."""
        network = change(self.network)
        assert isinstance(network, QNetwork)
        return dataclasses.replace(self, network=network)

    def q_values(self, observations: U8, actions: Sequence[int] | None = None) -> F32:
        """Q float32[B, K] of uint8[B, 4, 84, 84], each as if alone; of all actions or of these."""
        q_values: F32 = embed_each(self.network, observations, self.device).cpu().numpy()
        return q_values if actions is None else q_values[:, list(actions)]

    def explain(self, observation: U8) -> Explained:
        """Q of every action, the network's word alone."""
        q_values = self.q_values(observation[None])[0]
        evidence = tuple(ActionEvidence.of_network(a, float(q)) for a, q in enumerate(q_values))
        return Explained(evidence, kernel_scale=0.0, memory_version=0)

    def key(self, observation: U8) -> None:
        """None: there are no entries."""

    def q_near(self, observation: U8, actions: Sequence[int]) -> OfScreens:  # noqa: ARG002 - anywhere
        """Q of ``actions``, float32[B, K], differentiable."""

        def q_of(screens: Tensor) -> Tensor:
            q_values: Tensor = self.network(screens)
            return q_values[:, list(actions)]

        return q_of

    def likeness_to(self, entry: Entry) -> None:
        """There are no entries."""


@dataclass(slots=True)
class _OpenGame:
    """What is open of one training game."""

    previous_row: int | None = None  # in the replay, of the episode's step before
    waiting: tuple[int, float] | None = None  # a row that waits for the next, its reward

    def state_dict(self) -> dict[str, Any]:
        return {
            "pending": None if self.waiting is None else list(self.waiting),
            "previous_row": self.previous_row,
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        waiting = state["pending"]
        self.waiting = None if waiting is None else (int(waiting[0]), float(waiting[1]))
        self.previous_row = state["previous_row"]


class DqnAgent:
    """Network, target network and replay of one run; see :class:`~.agents.Agent`."""

    memory: None = None

    def __init__(
        self, num_actions: int, settings: Settings, device: torch.device, num_games: int = 1
    ) -> None:
        self.settings = settings
        self.device = device
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(derived_seed(settings.seed, "network"))
            self.network = QNetwork(num_actions).to(device)
        self.replay = TransitionReplay(settings.replay_capacity)
        self.learner = QLearner(self.network, settings)
        self._games = [_OpenGame() for _ in range(num_games)]
        self._taught = TaughtRows()
        self._taught_waiting: tuple[int, float] | None = None

    def set_give_way(self, give_way: Callable[[], None]) -> None:
        """Call ``give_way`` between the parts of an update."""
        self.learner.give_way = give_way

    def overlap_learning(self, is_wanted: bool) -> None:
        """It learns in the trainer's thread."""

    # --- the training games, step by step ---

    def begin_episode(self, game: int = 0) -> None:
        """The next step of ``game`` is the first of an episode."""
        self._games[game].previous_row = None

    def act(self, observations: U8, step: int, rng: np.random.Generator) -> list[Acted]:
        """The next action of each training game (epsilon-greedy at ``step`` and those after it)."""
        acted = []
        for game, q_values in enumerate(self.q_values(observations)):
            epsilon = epsilon_at(step + game, self.settings)
            action, choice = epsilon_greedy(q_values, epsilon, False, rng)
            max_q = float(q_values.max())
            acted.append(Acted(game, observations[game], action, choice, epsilon, max_q, None))
        return acted

    def q_values(self, observations: U8) -> F32:
        """Q float32[B, A] of uint8[B, 4, 84, 84], all in one go."""
        q_values: F32 = embed(self.network, observations, self.device).cpu().numpy()
        return q_values

    def take(self, acted: Acted, moment: Moment, state_hash: int, reward: float) -> None:  # noqa: ARG002 - an Agent's form
        """The action was carried out; the game's step before it is ready now."""
        game = self._games[acted.game]
        row = self.replay.append(
            acted.observation[-1], game.previous_row, acted.action, moment.episode
        )
        if game.waiting is not None:
            self.replay.complete(*game.waiting, row)
        game.previous_row, game.waiting = row, (row, reward)

    def end_sum(self, reached: U8 | None = None, game: int = 0) -> None:
        """The last step led to an end, or to the observation ``reached``, where its game is cut."""
        its = self._games[game]
        if its.waiting is None:
            return
        row = None
        if reached is not None:  # a row that only lends its screens
            row = self.replay.append(reached[-1], its.previous_row)
        self.replay.complete(*its.waiting, row)
        its.waiting = None

    def end_step(self, num_steps: int) -> None:
        """Nothing to keep up."""

    def service(self) -> None:
        """Nothing to keep up."""

    def sampled_recall(self, step: int) -> float | None:  # noqa: ARG002 - an Agent's form
        """No neighbours are looked for."""
        return None

    # --- learning ---

    def learn(self, rng: np.random.Generator) -> Update | None:
        """One learning step; None while there is not enough to learn from."""
        batch = self.replay.sample_transitions(self.settings.batch_size, rng)
        return None if batch is None else self.learner.update(batch)

    def learn_from(self, taught: Sequence[TaughtStep]) -> None:
        """Put what was played in the live game into the replay."""
        for step in taught:
            row, row_before = self._taught.append(self.replay, step)
            if row_before is not None and self._taught_waiting is not None:
                self.replay.complete(*self._taught_waiting, row)
            self._taught_waiting = (row, step.reward)
            if step.is_last:
                self.replay.complete(row, step.reward, None)
                self._taught_waiting = None

    @property
    def version(self) -> int:
        """Counts changes of the network."""
        return self.learner.num_updates

    def policy(self) -> QPolicy:
        """A copy of the network as it is now, for other threads."""
        return QPolicy(copy.deepcopy(self.network).eval().requires_grad_(False), self.version)

    # --- what is held ---

    @property
    def replay_size(self) -> int:
        """Rows now held."""
        return self.replay.size

    @property
    def replay_capacity(self) -> int:
        """Rows that there is room for."""
        return self.replay.capacity

    def needed_episodes(self, among: Iterable[int]) -> set[int]:  # noqa: ARG002 - an Agent's form
        """None: the replay holds its own screens."""
        return set()

    # --- state ---

    def state_dict(self) -> dict[str, Any]:
        """Views of the arrays where that is possible; write them before the next step."""
        return {
            "network": weights_of(self.network),
            "optimiser": self.learner.state_dict(),
            "replay": self.replay.state_dict(),
            **pack_games(self._games),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on as saved; parts that a play-only state lacks stay as they are."""
        load_weights(self.network, state["network"])
        self.learner.restart_target()
        if "optimiser" in state:
            self.learner.load_state_dict(state["optimiser"])
        if "replay" in state:
            self.replay.load_state_dict(state["replay"])
        for game, saved in zip(self._games, unpack_games(state), strict=False):
            game.load_state_dict(saved)

    def drop_pending(self) -> None:
        """Forget the steps that wait for what follows them."""
        for game in self._games:
            game.waiting = None

    def close(self) -> None:
        """Nothing to end."""
