"""From a memory that learns fast to a network that learns far: ``settings.dqn_handover_steps``."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.agents import Acted, Explained, OfScreens, Policy, Update
from nec_engine.learning.dqn import DqnAgent, QPolicy
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import F32, U8, ActionEvidence, Entry, Moment

THROUGH_BOTH: Final = "through the memory, neighbours held, and the network"


def network_share(steps: int, settings: Settings) -> float:
    """The DQN's share of Q after so many steps: 0 at first, 1 from ``dqn_handover_steps`` on."""
    return min(1.0, steps / settings.dqn_handover_steps)


@dataclass(frozen=True, slots=True)
class MixedPolicy:
    """Q of the memory and of a network, in fixed shares (any thread)."""

    episodic: Policy
    network: QPolicy
    share: float  # of the network
    has_memory: bool = True
    gradient_path: str = THROUGH_BOTH

    @property
    def version(self) -> int:
        return self.episodic.version + self.network.version

    @property
    def networks(self) -> tuple[nn.Module, ...]:
        """The embedding, then the network of Q."""
        return (*self.episodic.networks, *self.network.networks)

    @property
    def device(self) -> torch.device:
        return self.network.device

    @property
    def knows_nothing(self) -> bool:
        """The memory is empty; the network has then learned nothing either."""
        return self.episodic.knows_nothing

    def with_networks(self, change: Callable[[nn.Module], nn.Module]) -> MixedPolicy:
        return dataclasses.replace(
            self,
            episodic=self.episodic.with_networks(change),
            network=self.network.with_networks(change),
        )

    def q_values(self, observations: U8, actions: Sequence[int] | None = None) -> F32:
        """Q float32[B, K] of uint8[B, 4, 84, 84], each as if alone; of all actions or of these."""
        of_network = self.network.q_values(observations, actions)
        return _mixed(self.episodic.q_values(observations, actions), of_network, self.share)

    def explain(self, observation: U8) -> Explained:
        """The evidence of every action: the network's word beside that of the neighbours."""
        (of_network,) = self.network.q_values(observation[None])
        explained = self.episodic.explain(observation)
        evidence = tuple(
            _with_network(item, float(q), self.share)
            for item, q in zip(explained.evidence, of_network, strict=True)
        )
        return dataclasses.replace(explained, evidence=evidence)

    def key(self, observation: U8) -> Tensor | None:
        """Of uint8[4, 84, 84], as the memory is looked up with."""
        return self.episodic.key(observation)

    def q_near(self, observation: U8, actions: Sequence[int]) -> OfScreens | None:
        """Q of ``actions``, float32[B, K], differentiable; None without an entry."""
        of_memory = self.episodic.q_near(observation, actions)
        of_network = self.network.q_near(observation, actions)
        if of_memory is None:
            return None
        return lambda screens: (
            (1.0 - self.share) * of_memory(screens) + self.share * of_network(screens)
        )

    def likeness_to(self, entry: Entry) -> OfScreens | None:
        """Of the keys; the network of Q knows of no entry."""
        return self.episodic.likeness_to(entry)


class HandOverAgent(EpisodicAgent):
    """Begins as the episodic agent and ends as a DQN that learned beside it from the first step.

    Q = (1 - share) Q of the memory + share Q of the network, with a share that grows with the steps
    (NEC2DQN, Nishio and Yamane 2018). Both learn from every step, each by its own rule; returns are
    bootstrapped from the mixture. The network keeps a replay of its own.
    """

    def __init__(
        self,
        num_actions: int,
        settings: Settings,
        capacity: int,
        device: torch.device,
        num_games: int = 1,
    ) -> None:
        super().__init__(num_actions, settings, capacity, device, num_games)
        self.side = DqnAgent(
            num_actions,
            dataclasses.replace(settings, learning_rate=settings.dqn_learning_rate),
            device,
            num_games,
        )
        self._begun_at = 0  # the step from which on the network has learned

    def set_give_way(self, give_way: Callable[[], None]) -> None:
        super().set_give_way(give_way)
        self.side.set_give_way(give_way)

    def begin_episode(self, game: int = 0) -> None:
        super().begin_episode(game)
        self.side.begin_episode(game)

    def judged(self, q_values: F32, observations: U8, step: int) -> F32:
        """The memory's Q mixed with the network's."""
        of_network = self.side.q_values(observations)
        return _mixed(q_values, of_network, self._share(step))

    def take(self, acted: Acted, moment: Moment, state_hash: int, reward: float) -> None:
        super().take(acted, moment, state_hash, reward)
        self.side.take(acted, moment, state_hash, reward)

    def end_sum(self, reached: U8 | None = None, game: int = 0) -> None:
        super().end_sum(reached, game)
        self.side.end_sum(reached, game)

    def learn(self, rng: np.random.Generator) -> Update | None:
        """A step of both; what is told is that of the episodic part, where it learns."""
        update, of_network = super().learn(rng), self.side.learn(rng)
        return of_network if update is None else update

    def learn_from(self, taught: Sequence[TaughtStep]) -> None:
        super().learn_from(taught)
        self.side.learn_from(taught)

    @property
    def version(self) -> int:
        return super().version + self.side.version

    def policy(self) -> MixedPolicy:
        """Both as they are now; the share is that of the training steps so far."""
        return MixedPolicy(super().policy(), self.side.policy(), self._share(self.memory.clock))

    def state_dict(self) -> dict[str, Any]:
        return {
            **super().state_dict(),
            "side": self.side.state_dict(),
            "side_begun_at": self._begun_at,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on as saved; a run that was begun without the network gets a new one.

        What that one says counts from then on: it takes over after as many steps as any other.
        """
        super().load_state_dict(state)
        if "side" in state:
            self.side.load_state_dict(state["side"])
            self._begun_at = int(state.get("side_begun_at", 0))  # older files do not tell
        else:
            self._begun_at = self.memory.clock

    def drop_pending(self) -> None:
        super().drop_pending()
        self.side.drop_pending()

    def _share(self, step: int) -> float:
        """The network's share of Q at this step of the run."""
        return network_share(max(0, step - self._begun_at), self.settings)


def _mixed(of_memory: F32, of_network: F32, share: float) -> F32:
    mixed: F32 = (1.0 - share) * of_memory + share * of_network
    return mixed.astype(np.float32)


def _with_network(evidence: ActionEvidence, of_network: float, share: float) -> ActionEvidence:
    """All shares sum to 1 again, and q is what they add up to."""
    left = 1.0 - share
    shares = (evidence.shares * np.float32(left)).astype(np.float32)
    prior_share = left * evidence.prior_share if len(shares) else left
    q = float(np.dot(shares.astype(np.float64), evidence.values))
    return dataclasses.replace(
        evidence,
        q=q + prior_share * evidence.prior_value + share * of_network,
        shares=shares,
        prior_share=prior_share,
        network_share=share,
        network_value=of_network,
    )
