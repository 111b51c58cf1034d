"""One learning step of DQN: the clipped error of one step ahead, against a target network."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import torch

from nec_engine.config import Settings
from nec_engine.learning.agents import Update
from nec_engine.learning.centred_rmsprop import CentredRMSProp
from nec_engine.learning.q_network import QNetwork
from nec_engine.learning.transitions import Transitions
from nec_engine.learning.weights import load_weights, weights_of


class QLearner:
    """Changes a Q network by Q-learning (Mnih et al. 2015, algorithm 1; trainer only)."""

    def __init__(self, network: QNetwork, settings: Settings) -> None:
        self._network = network
        self._target = copy.deepcopy(network).requires_grad_(False)
        self._settings = settings
        self._optimiser = CentredRMSProp(
            network.parameters(),
            settings.learning_rate,
            settings.rmsprop_decay,
            settings.rmsprop_epsilon,
        )
        self.num_updates = 0
        self.give_way: Callable[[], None] = lambda: None  # called between the parts of an update

    def update(self, batch: Transitions) -> Update:
        """One step on a minibatch: r + gamma max_a' Q(s', a'; target) - Q(s, a), clipped to 1.

        The loss is summed over the minibatch, as in the paper's own code; the mean is told.
        """
        device = self._network.q.weight.device
        rewards = torch.from_numpy(batch.rewards).to(device)
        goes_on = torch.from_numpy(batch.goes_on).to(device)
        actions = torch.from_numpy(batch.actions).to(device)
        with torch.no_grad():
            best = self._target(torch.from_numpy(batch.next_observations).to(device)).amax(1)
            targets = rewards + self._settings.gamma * goes_on * best
        self.give_way()
        q = self._network(torch.from_numpy(batch.observations).to(device))
        q = q.gather(1, actions[:, None])[:, 0]
        # The gradient of this loss is the error, clipped to -1 .. 1.
        loss = torch.nn.functional.smooth_l1_loss(q, targets, reduction="sum")
        self.give_way()
        loss.backward()  # type: ignore[no-untyped-call]  # torch's
        self.give_way()
        self._optimiser.step()
        self.num_updates += 1
        if self.num_updates % self._settings.target_update == 0:
            self._target.load_state_dict(self._network.state_dict())
        return Update(float(loss.detach()) / len(q))

    def state_dict(self) -> dict[str, Any]:
        """Target network, the optimiser's arrays and the count of updates."""
        return {
            "num_updates": self.num_updates,
            "target": weights_of(self._target),
            "optimiser": self._optimiser.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.num_updates = int(state["num_updates"])
        load_weights(self._target, state["target"])
        self._optimiser.load_state_dict(state["optimiser"])

    def restart_target(self) -> None:
        """Aim at the network as it is now."""
        self._target.load_state_dict(self._network.state_dict())
