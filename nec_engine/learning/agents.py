"""What an agent is to the rest of the program, whatever it learns with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.steps import TaughtStep
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import F32, U8, ActionEvidence, Choice, Entry, Moment


@dataclass(frozen=True, slots=True)
class Acted:
    """What an agent does in a state of a training game."""

    game: int  # which of those that are played side by side, from 0
    observation: U8  # uint8[4, 84, 84]
    action: int
    choice: Choice
    epsilon: float
    max_q: float
    effective_neighbours: float | None  # mean over the actions; None without any entry


@dataclass(frozen=True, slots=True)
class Update:
    """What one learning step saw."""

    loss: float


@dataclass(frozen=True, slots=True)
class Explained:
    """The evidence for each action, as read under one view of the memory."""

    evidence: tuple[ActionEvidence, ...]
    kernel_scale: float  # squared distance that counts as 1; 0 without a memory
    memory_version: int


# Numbers float32[B, ...] of screens float32[B, 4, 84, 84] on the policy's device, differentiable.
OfScreens = Callable[[Tensor], Tensor]


class Policy(Protocol):
    """An agent as it was at one moment; any thread may read with it. It leaves no trace."""

    @property
    def version(self) -> int:
        """Counts changes of the network."""
        ...

    @property
    def networks(self) -> tuple[nn.Module, ...]:
        """What turns screens [B, 4, 84, 84] into keys or Q; nobody changes them any more."""
        ...

    @property
    def has_memory(self) -> bool:
        """Whether its Q comes from entries that can be shown."""
        ...

    @property
    def knows_nothing(self) -> bool:
        """There is no entry yet from which to judge any action."""
        ...

    @property
    def gradient_path(self) -> str:
        """What a gradient of :meth:`q_near` leads through, in words."""
        ...

    def with_networks(self, change: Callable[[nn.Module], nn.Module]) -> Policy:
        """The same agent with each of its networks replaced by what ``change`` makes of it."""
        ...

    def q_values(self, observations: U8, actions: Sequence[int] | None = None) -> F32:
        """Q float32[B, K] of uint8[B, 4, 84, 84]; each row is as if it were alone.

        Of these ``actions``, else of all; the others are not looked up where that saves time.
        """
        ...

    def explain(self, observation: U8) -> Explained:
        """The evidence of every action for uint8[4, 84, 84]."""
        ...

    def key(self, observation: U8) -> Tensor | None:
        """Where uint8[4, 84, 84] lies among the entries, float32[D]; None without a memory."""
        ...

    def q_near(self, observation: U8, actions: Sequence[int]) -> OfScreens | None:
        """Q of ``actions``, float32[B, K], near uint8[4, 84, 84]; None: nothing is known of one."""
        ...

    def likeness_to(self, entry: Entry) -> OfScreens | None:
        """1 / (1 + squared distance / scale) to an entry, float32[B]; None when it is gone."""
        ...

    @property
    def device(self) -> torch.device: ...


class Agent(Protocol):
    """Owned by one thread, the trainer's. Other threads read with its :class:`Policy`.

    It decides for all training games at once by :meth:`act`; for each of them follow :meth:`take`
    and :meth:`end_step`, with :meth:`end_sum` between them where its sum of rewards ends, and
    :meth:`begin_episode` before a new episode.
    """

    @property
    def settings(self) -> Settings: ...

    @property
    def device(self) -> torch.device: ...

    @property
    def memory(self) -> EpisodicMemory | None:
        """Its entries, thread-safe for lookups; None for an agent that has none."""
        ...

    @property
    def version(self) -> int:
        """Counts changes of the network."""
        ...

    @property
    def replay_size(self) -> int:
        """Rows now held; 0 without a replay."""
        ...

    @property
    def replay_capacity(self) -> int:
        """0 without a replay."""
        ...

    def set_give_way(self, give_way: Callable[[], None]) -> None:
        """Call ``give_way`` between the parts of lookups and updates."""
        ...

    def overlap_learning(self, is_wanted: bool) -> None:
        """From now on prepare each update in a second thread, while the game goes on; or no more.

        For agents that can, the others go on as they are. Not bit-reproducible.
        """
        ...

    def begin_episode(self, game: int = 0) -> None:
        """The next step of ``game`` is the first of an episode."""
        ...

    def act(self, observations: U8, step: int, rng: np.random.Generator) -> list[Acted]:
        """The next action of each training game, which see uint8[B, 4, 84, 84].

        Epsilon-greedy, the first at ``step``, the next at the step after it.
        """
        ...

    def take(self, acted: Acted, moment: Moment, state_hash: int, reward: float) -> None:
        """The action was carried out and brought ``reward``."""
        ...

    def end_sum(self, reached: U8 | None = None, game: int = 0) -> None:
        """The sum of rewards of ``game`` ends: for good, or cut short where it saw ``reached``."""
        ...

    def end_step(self, num_steps: int) -> None:
        """``num_steps`` of training are done; some upkeep, a millisecond at most."""
        ...

    def service(self) -> None:
        """The upkeep alone: for times without training."""
        ...

    def sampled_recall(self, step: int) -> float | None:
        """Share of the true neighbours that the latest lookup found; None where all are compared.

        For one action, another at each call.
        """
        ...

    def learn(self, rng: np.random.Generator) -> Update | None:
        """One learning step; None while there is not enough to learn from, or nothing to learn."""
        ...

    def learn_from(self, taught: Sequence[TaughtStep]) -> None:
        """Take what was played in the live game."""
        ...

    def policy(self) -> Policy:
        """The agent as it is now."""
        ...

    def needed_episodes(self, among: Iterable[int]) -> set[int]:
        """Those whose moments the agent still refers to."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Views of the arrays where that is possible; write them before the next step."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on as saved; parts that a play-only state lacks stay as they are."""
        ...

    def drop_pending(self) -> None:
        """Forget the steps that wait for what follows them: their games are not gone on with."""
        ...

    def close(self) -> None:
        """End its processes."""
        ...
