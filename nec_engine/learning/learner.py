"""One learning step: the error of Q^(N), through the memory read, into network and DND."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.learning.agents import Update
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.replay import Batch
from nec_engine.learning.rmsprop import RMSProp
from nec_engine.memory.kernel import read_memory, squared_distances
from nec_engine.memory.memory import EpisodicMemory


class Learner:
    """Changes the network and the entries used (Pritzel et al. 2017, section 3.2; trainer only)."""

    def __init__(
        self, network: EmbeddingNetwork, memory: EpisodicMemory, settings: Settings
    ) -> None:
        self._network = network
        self._memory = memory
        self._settings = settings
        self._optimiser = RMSProp(
            network.parameters(),
            settings.learning_rate,
            settings.rmsprop_decay,
            settings.rmsprop_epsilon,
        )
        self.num_updates = 0
        self.give_way: Callable[[], None] = lambda: None  # called between the parts of an update

    def update(self, batch: Batch) -> Update | None:
        """One step on a minibatch; None when some action of it has no entries yet."""
        settings, memory = self._settings, self._memory
        observations = torch.from_numpy(batch.observations).to(memory.device)
        returns = torch.from_numpy(batch.returns).to(memory.device)
        keys = self._network(observations)  # float32[B, D]
        self.give_way()
        neighbours = memory.lookup(keys, batch.actions[:, None], touch=True, need_keys=True)
        if not neighbours.num_entries.all():
            return None
        assert neighbours.keys is not None
        self.give_way()
        values = neighbours.values  # float32[B, 1, P]
        stored = neighbours.keys  # float32[B, 1, P, D]
        if settings.dnd_gradients != "none":
            values.requires_grad_()
        if settings.dnd_gradients == "keys_and_values":
            stored.requires_grad_()
        q = q_through_memory(
            keys, stored, values, neighbours.mask, neighbours.kernel_scale, settings
        )
        loss = torch.nn.functional.mse_loss(q[:, 0], returns)
        loss.backward()  # type: ignore[no-untyped-call]
        self.give_way()
        self._optimiser.step()
        self.give_way()
        memory.apply_gradients(
            neighbours,
            values.grad,
            None if stored.grad is None else stored.grad * self._key_unit(neighbours.kernel_scale),
            settings.dnd_learning_rate,
        )
        self.num_updates += 1
        return Update(float(loss.detach()), float(q.detach().mean()))

    def _key_unit(self, kernel_scale: float) -> float:
        """Steps of keys are taken in units of the kernel scale, so that the size of the embedding
        does not decide how far one step throws a key (docs/decisions.md)."""
        return kernel_scale if self._settings.kernel_scale == "relative" else 1.0

    def state_dict(self) -> dict[str, Any]:
        """The optimiser's arrays and the count of updates."""
        return {"num_updates": self.num_updates, "square_avg": self._optimiser.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.num_updates = int(state["num_updates"])
        self._optimiser.load_state_dict(state["square_avg"])


def q_through_memory(
    keys: Tensor,
    stored: Tensor,
    values: Tensor,
    mask: Tensor,
    kernel_scale: float,
    settings: Settings,
) -> Tensor:
    """Q float32[B, K] of fixed neighbours, differentiable in all of keys, stored and values.

    keys [B, D], stored [B, K, P, D], values and mask [B, K, P] (Pritzel et al. 2017, eqs. 1 to 5).
    """
    distances_sq = squared_distances(keys, stored)
    return read_memory(distances_sq, values, mask, kernel_scale, settings).q
