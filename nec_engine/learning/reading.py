"""Reading the memory: from what the agent sees to the Q of each action and its evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.agents import Explained, OfScreens
from nec_engine.learning.bonus import exploration_bonus
from nec_engine.learning.embedding import embed, embed_each
from nec_engine.memory.kernel import Read, read_memory, squared_distances
from nec_engine.memory.lessons import Lessons
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import Neighbours
from nec_engine.messages import F32, I64, U8, ActionEvidence, Entry, read_only

THROUGH_MEMORY: Final = "through the memory, neighbours held"
THROUGH_DISTANCES: Final = "with shares by distance (a plain average has no gradient)"


@dataclass(frozen=True, slots=True)
class Reading:
    """What B states are worth: Q per action, float32[B, A], and their keys, float32[B, D]."""

    keys: Tensor
    q_values: F32
    bonuses: F32  # [B, A], for choosing in training only; 0 without exploration_bonus
    is_empty: bool  # no action has any entry
    effective_neighbours: list[float]  # [B], mean over the actions with entries; 0 where none has


def read_all_actions(
    network: nn.Module, memory: EpisodicMemory, settings: Settings, observations: U8
) -> Reading:
    """Q of every action for uint8[B, 4, 84, 84], all in one lookup (trainer only).

    Their neighbours count as retrieved.
    """
    # An average asks whether a key is the same to the last bit, whatever batch it came in.
    see = embed_each if settings.kernel == "average" else embed
    keys = see(network, observations, memory.device)
    neighbours = memory.lookup(keys, touch=True, with_evidence=settings.exploration_bonus > 0)
    read = _read(neighbours, settings)
    q_values: F32 = read.q.cpu().numpy()
    is_filled = neighbours.num_entries[0] > 0
    shares, prior_shares = read.shares.cpu().numpy(), read.prior_shares.cpu().numpy()
    effective = [
        _effective(shares[place][is_filled], prior_shares[place][is_filled])
        for place in range(len(keys))
    ]
    bonuses = _bonuses(neighbours, settings)
    return Reading(keys, q_values, bonuses, not is_filled.any(), effective)


@dataclass(frozen=True, slots=True)
class EpisodicPolicy:
    """The memory as it grows, read with a network that nobody changes any more (any thread)."""

    network: nn.Module
    memory: EpisodicMemory
    settings: Settings
    version: int
    has_memory: bool = True

    @property
    def device(self) -> torch.device:
        return self.memory.device

    @property
    def networks(self) -> tuple[nn.Module, ...]:
        """The embedding, learned or not."""
        return (self.network,)

    @property
    def knows_nothing(self) -> bool:
        """No action has any entry."""
        return not any(self.memory.sizes)

    @property
    def gradient_path(self) -> str:
        """What a gradient of :meth:`q_near` leads through, in words."""
        return THROUGH_DISTANCES if self.settings.kernel == "average" else THROUGH_MEMORY

    def with_networks(self, change: Callable[[nn.Module], nn.Module]) -> EpisodicPolicy:
        """The same memory, read with another embedding."""
        return dataclasses.replace(self, network=change(self.network))

    def q_values(self, observations: U8, actions: Sequence[int] | None = None) -> F32:
        """Q float32[B, K] of uint8[B, 4, 84, 84], each as if alone; of all actions or of these."""
        keys = embed_each(self.network, observations, self.device)
        wanted, columns = self._wanted(actions)
        each = None if wanted is None else np.repeat(wanted, len(observations), axis=0)
        found = self.memory.lookup(keys, each, with_lessons=wanted is None)
        q_values: F32 = _read(found, self.settings).q.cpu().numpy()
        return q_values[:, columns]

    def explain(self, observation: U8) -> Explained:
        """The evidence of every action for uint8[4, 84, 84].

        Each q is computed from the very shares and values handed out, so that they add up to it.
        """
        key = embed(self.network, observation[None], self.device)
        neighbours = self.memory.lookup(key, with_evidence=True)
        read = _read(neighbours, self.settings)
        shares = read.shares[0].cpu().numpy()
        prior_shares = read.prior_shares[0].tolist()
        prior_values = read.prior_values[0].tolist()
        bonuses = _bonuses(neighbours, self.settings)[0].tolist()
        evidence = tuple(
            _action_evidence(a, neighbours, shares[a], prior_shares[a], prior_values[a], bonuses[a])
            for a in range(self.memory.num_actions)
        )
        return Explained(evidence, neighbours.kernel_scale, neighbours.version)

    def key(self, observation: U8) -> Tensor:
        """float32[D] of uint8[4, 84, 84], as it is looked up with."""
        return embed(self.network, observation[None], self.device)[0]

    def q_near(self, observation: U8, actions: Sequence[int]) -> OfScreens | None:
        """Q of ``actions`` at the neighbours now found, differentiable; None without an entry.

        From Q through the kernel and the distances to the key and on through the network (chain
        rule over Pritzel et al. 2017, eqs. 1 to 5); the set of neighbours is held, as it is almost
        everywhere under a small change. An average does not depend on distances at all; the shares
        by inverse distance stand in for it.
        """
        with torch.no_grad():
            key = self.network(torch.tensor(observation[None], device=self.device))
        wanted, columns = self._wanted(actions)
        found = self.memory.lookup(key, wanted, need_keys=True, with_lessons=wanted is None)
        if not found.num_entries[0, columns].all():
            return None
        keys, values, mask = found.keys, found.values, found.mask
        assert keys is not None
        # Before the first training step nothing is known of how far neighbours usually are.
        scale = found.kernel_scale or float(found.distances_sq[mask].max())
        settings = dataclasses.replace(self.settings, kernel="inverse_distance")

        def q_of(screens: Tensor) -> Tensor:
            stored, of_stored, is_there = (
                x.expand(len(screens), *x.shape[1:]) for x in (keys, values, mask)
            )
            h, lessons = self.network(screens), found.lessons
            q = q_through_memory(h, stored, of_stored, is_there, scale, settings, lessons)
            return q[:, columns]

        return q_of

    def likeness_to(self, entry: Entry) -> OfScreens | None:
        """1 / (1 + squared distance / scale) to an entry, float32[B]; None when it is gone."""
        info = self.memory.contents.find(entry)
        if info is None:
            return None
        key = torch.from_numpy(info.key).to(self.device)
        scale = self.memory.kernel_scale or 1.0

        def likeness(screens: Tensor) -> Tensor:
            distances_sq: Tensor = (self.network(screens) - key).square().sum(-1)
            return 1.0 / (1.0 + distances_sq / scale)

        return likeness

    def _wanted(self, actions: Sequence[int] | None) -> tuple[I64 | None, list[int]]:
        """What to look up for these actions, int64[1, K] or None for all, and their columns there.

        A prior that depends on all actions needs the neighbours of all, and so do lessons.
        """
        if actions is None:
            return None, list(range(self.memory.num_actions))
        if self.settings.prior_source == "neighbours" or self.memory.num_taught > 0:
            return None, list(actions)
        return np.array([actions], np.int64), list(range(len(actions)))


def q_through_memory(
    keys: Tensor,
    stored: Tensor,
    values: Tensor,
    mask: Tensor,
    kernel_scale: float,
    settings: Settings,
    lessons: Lessons | None = None,
) -> Tensor:
    """Q float32[B, K] of fixed neighbours, differentiable in all of keys, stored and values.

    keys [B, D], stored [B, K, P, D], values and mask [B, K, P] (Pritzel et al. 2017, eqs. 1 to 5).
    """
    distances_sq = squared_distances(keys, stored)
    return read_memory(distances_sq, values, mask, kernel_scale, settings, lessons).q


def _effective(shares: F32, prior_shares: F32) -> float:
    """1 / sum w_i^2, its mean over actions, of shares float32[A, P] and the prior's float32[A].

    An action of which nothing has a say (lessons of no weight) does not count; 0 where none has.
    """
    squares = np.square(shares).sum(axis=1) + np.square(prior_shares)
    squares = squares[squares > 0]
    return float((1.0 / squares).mean()) if len(squares) else 0.0


def _bonuses(found: Neighbours, settings: Settings) -> F32:
    """float32[B, A] of a lookup, with records where there is a bonus."""
    if settings.exploration_bonus <= 0:
        return np.zeros(found.num_entries.shape, np.float32)
    return exploration_bonus(found, settings)


def _action_evidence(
    action: int,
    neighbours: Neighbours,
    shares: F32,
    prior_share: float,
    prior_value: float,
    bonus: float,
) -> ActionEvidence:
    found = neighbours.evidence(0, action)
    shares = shares[: len(found.slots)].copy()
    if len(shares) and not (prior_share or shares.any()):
        prior_share = 1.0  # lessons of no weight alone: as if nothing were known, as in read_memory
    q = float(np.dot(shares.astype(np.float64), found.values)) + prior_share * prior_value
    return ActionEvidence(
        action=action,
        q=q if len(found.slots) else prior_value,
        slots=read_only(found.slots.copy()),
        distances_sq=read_only(found.distances_sq.copy()),
        shares=read_only(shares),
        values=read_only(found.values.copy()),
        origins=read_only(found.origins),
        episodes=read_only(found.episodes),
        steps=read_only(found.steps),
        ages_steps=read_only(found.ages_steps),
        state_hashes=read_only(found.state_hashes),
        prior_share=prior_share,
        prior_value=prior_value,
        num_entries=int(neighbours.num_entries[0, action]),
        bonus=bonus,
        taught=read_only(found.taught),
        pinned=read_only(found.pinned),
    )


def _read(neighbours: Neighbours, settings: Settings) -> Read:
    with torch.inference_mode():
        return read_memory(
            neighbours.distances_sq,
            neighbours.values,
            neighbours.mask,
            neighbours.kernel_scale,
            settings,
            neighbours.lessons,
        )
