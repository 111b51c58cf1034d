"""One learning step: the error of Q^(N), through the memory read, into network and DND."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.learning.agents import Update
from nec_engine.learning.network import EmbeddingNetwork
from nec_engine.learning.replay import Batch
from nec_engine.learning.rmsprop import RMSProp
from nec_engine.memory.kernel import LEAST_SCALE, read_memory
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import Neighbours
from nec_engine.memory.search_help import SearchHelp


class Slope(NamedTuple):
    """The gradient of one minibatch's loss; the network's is in its parameters."""

    neighbours: Neighbours
    of_values: Tensor | None  # float32[B, K, P]
    of_keys: Tensor | None  # float32[B, K, P, D], in the units that keys take their steps in
    update: Update


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
        """One step on a minibatch; None when nothing is known yet that could learn from it."""
        slope = self.slope(batch, touch=True)
        return None if slope is None else self.descend(slope)

    def slope(
        self,
        batch: Batch,
        *,
        touch: bool = False,
        before_lookup: Callable[[], object] = lambda: None,
        help_from: SearchHelp | None = None,
    ) -> Slope | None:
        """The gradient of the loss on those of a minibatch whose action has entries.

        None when no action of it has, or nothing tells the kernel's scale yet. Raises
        :class:`SettingError` when it is not finite; nothing has taken a step along it then.

        Nothing is changed but the network's ``grad``. Without ``touch`` it may be another thread
        than the trainer's that calls, while the network takes no step; the memory is read after
        ``before_lookup``, with ``help_from`` another one.
        """
        settings, memory = self._settings, self._memory
        observations = torch.from_numpy(batch.observations).to(memory.device)
        returns = torch.from_numpy(batch.returns).to(memory.device)
        keys = self._network(observations)  # float32[B, D]
        self.give_way()
        before_lookup()
        # A prior that depends on all actions needs the neighbours of all, as in acting.
        needs_all = settings.prior_distance > 0 and settings.prior_source == "neighbours"
        wanted = None if needs_all else batch.actions[:, None]
        columns = batch.actions if needs_all else np.zeros(len(batch.actions), np.int64)
        neighbours = memory.lookup(
            keys, wanted, touch=touch, need_keys=True, with_lessons=False, help_from=help_from
        )
        each = np.arange(len(columns))
        is_known = neighbours.num_entries[each, columns] > 0
        has_no_unit = settings.kernel_scale == "relative" and neighbours.kernel_scale <= 0
        if has_no_unit or not is_known.any():
            return None
        if not is_known.all():
            each, columns = each[is_known], columns[is_known]
            returns = returns[torch.from_numpy(is_known).to(memory.device)]
        assert neighbours.keys is not None
        self.give_way()
        values = neighbours.values  # float32[B, K, P]; K are all actions, or that of each
        distances_sq = neighbours.distances_sq.detach().requires_grad_()
        if settings.dnd_gradients != "none":
            values.requires_grad_()
        read = read_memory(distances_sq, values, neighbours.mask, neighbours.kernel_scale, settings)
        loss = torch.nn.functional.mse_loss(read.q[each, columns], returns)
        loss.backward()  # type: ignore[no-untyped-call]  # torch's
        self.give_way()
        told = Update(float(loss.detach()))
        of_keys = of_queries = None
        if distances_sq.grad is not None:  # an average does not depend on them
            of_keys = through_distances(distances_sq.grad, keys.detach(), neighbours.keys)
            of_queries = -of_keys.sum((1, 2))
        _refuse_divergence(told, (of_queries, values.grad), settings)
        if of_queries is not None:
            keys.backward(of_queries)
            self.give_way()
        if settings.dnd_gradients != "keys_and_values":
            of_keys = None
        if of_keys is not None and settings.kernel_scale == "relative":
            # In units of the kernel and of what values are worth, so that neither the size of the
            # embedding nor that of the points decides how far a key is thrown (docs/decisions.md).
            spread = _spread(values.detach()[each, columns], neighbours.mask[each, columns])
            of_keys *= neighbours.kernel_scale / max(told.loss + spread, LEAST_SCALE)
        return Slope(neighbours, values.grad, of_keys, told)

    def descend(self, slope: Slope) -> Update:
        """One step of network, values and keys along the newest slope; the trainer's thread."""
        self.step_network()
        self.give_way()
        return self.step_memory(slope)

    def step_network(self) -> None:
        """The network's part of :meth:`descend`, the first."""
        self._optimiser.step()

    def step_memory(self, slope: Slope) -> Update:
        """What is left of :meth:`descend`: the step of values and keys."""
        self._memory.apply_gradients(
            slope.neighbours, slope.of_values, slope.of_keys, self._settings.dnd_learning_rate
        )
        self.num_updates += 1
        return slope.update

    def state_dict(self) -> dict[str, Any]:
        """The optimiser's arrays and the count of updates."""
        return {"num_updates": self.num_updates, "square_avg": self._optimiser.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.num_updates = int(state["num_updates"])
        self._optimiser.load_state_dict(state["square_avg"])


def _refuse_divergence(
    told: Update, gradients: Sequence[Tensor | None], settings: Settings
) -> None:
    """Raise :class:`SettingError` when a loss or gradient is not finite: too large a step."""
    sums = torch.stack([each.sum() for each in gradients if each is not None])
    if not (math.isfinite(told.loss) and bool(sums.isfinite().all())):
        raise SettingError(
            "learning has diverged, its numbers are not finite any more",
            f"the steps of learning_rate={settings.learning_rate:g} or "
            f"dnd_learning_rate={settings.dnd_learning_rate:g} are too large for this game",
            "go on from the newest snapshot with smaller ones",
        )


def _spread(values: Tensor, mask: Tensor) -> float:
    """Variance of the neighbours' values float32[B, P] of a minibatch, all taken together."""
    return float(values[mask].var(correction=0))


def through_distances(slope: Tensor, queries: Tensor, stored: Tensor) -> Tensor:
    """Gradient float32[B, K, P, D] of stored keys, by the ``slope`` float32[B, K, P] of the squared
    distances ||h - h_i||^2 to queries float32[B, D]; that of a query is less the sum of its own.
    """
    return (stored - queries[:, None, None, :]).mul_(2.0 * slope[..., None])
