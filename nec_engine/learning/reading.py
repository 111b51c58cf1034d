"""Reading the memory: from what the agent sees to the Q of each action and its evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from nec_engine.config import Settings
from nec_engine.learning.embedding import embed, embed_each
from nec_engine.memory.kernel import Read, read_memory
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import Neighbours
from nec_engine.messages import F32, U8, ActionEvidence, read_only


@dataclass(frozen=True, slots=True)
class Policy:
    """A network that nobody changes any more; any thread may read with it."""

    network: nn.Module
    version: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What one state is worth: Q per action, float32[A], and its key, float32[D]."""

    key: Tensor
    q_values: F32
    is_empty: bool  # no action has any entry
    effective_neighbours: float  # mean over the actions that have entries; 0 when none has


def read_all_actions(
    network: nn.Module, memory: EpisodicMemory, settings: Settings, observation: U8
) -> Reading:
    """Q of every action for uint8[4, 84, 84]; its neighbours count as retrieved (trainer only)."""
    key = embed(network, observation[None], memory.device)
    neighbours = memory.lookup(key, touch=True)
    return _reading(key, neighbours, settings)


def peek_all_actions(
    network: nn.Module, memory: EpisodicMemory, settings: Settings, observation: U8
) -> Reading:
    """As :func:`read_all_actions`, leaving no trace in the memory (any thread)."""
    key = embed(network, observation[None], memory.device)
    neighbours = memory.lookup(key, touch=False)
    return _reading(key, neighbours, settings)


def peek_q_values(
    network: nn.Module, memory: EpisodicMemory, settings: Settings, observations: U8
) -> F32:
    """Q float32[B, A] of uint8[B, 4, 84, 84], each as if alone, without a trace (any thread)."""
    keys = embed_each(network, observations, memory.device)
    q_values: F32 = _read(memory.lookup(keys), settings).q.cpu().numpy()
    return q_values


def explain_all_actions(
    policy: Policy, memory: EpisodicMemory, settings: Settings, observation: U8
) -> tuple[tuple[ActionEvidence, ...], Neighbours]:
    """The evidence of every action for uint8[4, 84, 84], leaving no trace (any thread).

    Each q is computed from the very shares and values handed out, so that they add up to it.
    """
    key = embed(policy.network, observation[None], memory.device)
    neighbours = memory.lookup(key, touch=False, with_evidence=True)
    read = _read(neighbours, settings)
    shares = read.shares[0].cpu().numpy()
    prior_shares = read.prior_shares[0].cpu().numpy()
    return tuple(
        _action_evidence(
            action, neighbours, shares[action], float(prior_shares[action]), settings.prior_value
        )
        for action in range(memory.num_actions)
    ), neighbours


def _action_evidence(
    action: int, neighbours: Neighbours, shares: F32, prior_share: float, prior_value: float
) -> ActionEvidence:
    found = neighbours.evidence(0, action)
    shares = shares[: len(found.slots)].copy()
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
    )


def _read(neighbours: Neighbours, settings: Settings) -> Read:
    with torch.inference_mode():
        return read_memory(
            neighbours.distances_sq,
            neighbours.values,
            neighbours.mask,
            neighbours.kernel_scale,
            settings,
        )


def _reading(key: Tensor, neighbours: Neighbours, settings: Settings) -> Reading:
    read = _read(neighbours, settings)
    q_values: F32 = read.q[0].cpu().numpy()
    is_filled = neighbours.num_entries[0] > 0
    effective = 0.0
    if is_filled.any():
        shares = read.shares[0].cpu().numpy()[is_filled]
        prior_shares = read.prior_shares[0].cpu().numpy()[is_filled]
        squares = np.square(shares).sum(axis=1) + np.square(prior_shares)
        effective = float((1.0 / squares).mean())
    return Reading(key[0], q_values, not is_filled.any(), effective)
