"""The NEC agent as its trainer drives it: act, remember, learn, hand out a policy."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.learning.exploration import epsilon_at, epsilon_greedy
from nec_engine.learning.learner import Learner, Update
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.reading import Policy, Reading, embed, read_all_actions
from nec_engine.learning.replay import Replay
from nec_engine.learning.returns import Matured
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import U8, Choice, Moment, Origin
from nec_engine.seeding import derived_seed


@dataclass(frozen=True, slots=True)
class Acted:
    """What the agent does in a state, and what it read there."""

    action: int
    choice: Choice
    epsilon: float
    reading: Reading

    @property
    def max_q(self) -> float:
        return float(self.reading.q_values.max())


@dataclass(frozen=True, slots=True)
class PendingStep:
    """A step of training that waits for its N-step return."""

    moment: Moment
    action: int
    state_hash: int
    replay_row: int
    key: Tensor  # float32[D]


@dataclass(frozen=True, slots=True)
class TaughtStep:
    """A step of the live game whose N-step return is known, on its way to the memory."""

    moment: Moment
    action: int
    state_hash: int
    observation: U8  # uint8[4, 84, 84]
    n_step_return: float
    origin: Origin


class NecAgent:
    """Network, memory, replay and learner of one run. One thread, the trainer's, owns it.

    Other threads read ``memory`` (thread-safe for lookups) with a :class:`Policy`.
    """

    def __init__(
        self, num_actions: int, settings: Settings, capacity: int, device: torch.device
    ) -> None:
        self.settings = settings
        self.device = device
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(derived_seed(settings.seed, "network"))
            self.network = EmbeddingNetwork(settings.key_size).to(device)
        self.memory = EpisodicMemory(num_actions, capacity, settings, device, settings.seed)
        self.replay = Replay(settings.replay_capacity)
        self.learner = Learner(self.network, self.memory, settings)

    def act(self, observation: U8, step: int, rng: np.random.Generator) -> Acted:
        """The training game's next action (epsilon-greedy at ``step``)."""
        reading = read_all_actions(self.network, self.memory, self.settings, observation)
        epsilon = epsilon_at(step, self.settings)
        action, choice = epsilon_greedy(reading.q_values, epsilon, reading.is_empty, rng)
        return Acted(action, choice, epsilon, reading)

    def remember(self, matured: Sequence[Matured[PendingStep]]) -> None:
        """Write steps with known returns to the memory and make them ready in the replay."""
        if not matured:
            return
        steps = [item.step for item in matured]
        self.memory.write_batch(
            actions=np.array([step.action for step in steps], np.int64),
            keys=torch.stack([step.key for step in steps]),
            values=np.array([item.n_step_return for item in matured], np.float32),
            state_hashes=np.array([step.state_hash for step in steps], np.uint64),
            episodes=np.array([step.moment.episode for step in steps], np.int64),
            steps=np.array([step.moment.step for step in steps], np.int64),
            origin=Origin.AGENT,
        )
        for item in matured:
            self.replay.set_return(item.step.replay_row, item.n_step_return)

    def learn_from(self, taught: Sequence[TaughtStep]) -> None:
        """Write what was played in the live game: to the memory at once, and to the replay."""
        if not taught:
            return
        keys = embed(self.network, np.stack([step.observation for step in taught]), self.device)
        for origin in sorted({step.origin for step in taught}):
            chosen = [index for index, step in enumerate(taught) if step.origin == origin]
            steps = [taught[index] for index in chosen]
            self.memory.write_batch(
                actions=np.array([step.action for step in steps], np.int64),
                keys=keys[chosen],
                values=np.array([step.n_step_return for step in steps], np.float32),
                state_hashes=np.array([step.state_hash for step in steps], np.uint64),
                episodes=np.array([step.moment.episode for step in steps], np.int64),
                steps=np.array([step.moment.step for step in steps], np.int64),
                origin=origin,
            )
        self._replay_taught(taught)

    def _replay_taught(self, taught: Sequence[TaughtStep]) -> None:
        previous: TaughtStep | None = None
        row: int | None = None
        for step in taught:
            episode = step.moment.episode
            follows = previous is not None and step.moment == Moment(
                previous.moment.episode, previous.moment.step + 1
            )
            if not follows:  # the stack of its first step comes as rows that are never sampled
                row = None
                for screen in step.observation[:-1]:
                    row = self.replay.append(screen, row, episode=episode)
            row = self.replay.append(step.observation[-1], row, step.action, episode)
            self.replay.set_return(row, step.n_step_return)
            previous = step

    def learn(self, rng: np.random.Generator) -> Update | None:
        """One learning step; None while there is not enough to learn from."""
        batch = self.replay.sample(self.settings.batch_size, rng)
        return None if batch is None else self.learner.update(batch)

    @property
    def version(self) -> int:
        """Counts changes of the network."""
        return self.learner.num_updates

    def policy(self) -> Policy:
        """A copy of the network as it is now, for other threads."""
        network = copy.deepcopy(self.network).eval().requires_grad_(False)
        return Policy(network, self.version)

    def state_dict(self) -> dict[str, Any]:
        """Views of the arrays where that is possible; write them before the next step."""
        return {
            "network": {
                name: tensor.detach().cpu().numpy()
                for name, tensor in self.network.state_dict().items()
            },
            "optimiser": self.learner.state_dict(),
            "memory": self.memory.state_dict(),
            "replay": self.replay.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(
            {name: torch.from_numpy(np.array(array)) for name, array in state["network"].items()}
        )
        self.memory.load_state_dict(state["memory"])
        if "replay" in state:
            self.replay.load_state_dict(state["replay"])
        if "optimiser" in state:
            self.learner.load_state_dict(state["optimiser"])

    def close(self) -> None:
        """End the index builder's process."""
        self.memory.close()
