"""A decision with its whole evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from nec_engine.messages.arrays import F32, I64, U8, U64, read_only
from nec_engine.messages.words import Choice, Moment

NOBODY: Final = read_only(np.empty(0, np.bool_))


@dataclass(frozen=True, slots=True)
class ActionEvidence:
    """Why one action has its Q: every neighbour that was read, nearest first.

    ``q`` is the sum of ``shares * values`` plus ``prior_share * prior_value`` plus
    ``network_share * network_value``; all shares sum to 1 (all are 0 and q is prior_value when the
    memory of the action is empty and no network speaks). All arrays have P' <= p elements.
    """

    action: int
    q: float
    slots: I64
    distances_sq: F32
    shares: F32
    values: F32
    origins: U8  # Origin
    episodes: I64  # moment of the latest write
    steps: I64
    ages_steps: I64  # training steps since the latest write
    state_hashes: U64
    prior_share: float
    prior_value: float
    num_entries: int  # filled entries of this action's memory
    network_share: float = 0.0  # of a network that judges without the memory
    network_value: float = 0.0
    bonus: float = 0.0  # that training adds for choosing, no part of q
    # bool[P']: a person's play made the neighbour or changed it; empty: none of them
    taught: npt.NDArray[np.bool_] = field(default_factory=lambda: NOBODY)
    pinned: npt.NDArray[np.bool_] = field(default_factory=lambda: NOBODY)  # never evicted

    @classmethod
    def of_network(cls, action: int, q: float) -> ActionEvidence:
        """What an agent without a memory knows of an action."""
        none, floats = read_only(np.empty(0, np.int64)), read_only(np.empty(0, np.float32))
        return cls(
            action=action, q=q, slots=none, distances_sq=floats, shares=floats, values=floats,
            origins=read_only(np.empty(0, np.uint8)), episodes=none, steps=none, ages_steps=none,
            state_hashes=read_only(np.empty(0, np.uint64)), prior_share=0.0, prior_value=0.0,
            num_entries=0, network_share=1.0, network_value=q,
        )  # fmt: skip

    @property
    def contributions(self) -> F32:
        """float32[P']: each neighbour's part of q."""
        product: F32 = self.shares * self.values
        return product

    @property
    def taught_share(self) -> float:
        """0 .. 1: the share of what a person taught in q."""
        return float(self.shares[self.taught].sum()) if self.taught.size else 0.0

    @property
    def effective_neighbours(self) -> float:
        """1 / sum of squared shares: how many neighbours really speak; 0 when there are none."""
        total = float(np.square(self.shares).sum()) + self.prior_share**2 + self.network_share**2
        return 1.0 / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision with its whole evidence, as read under one consistent view of the memory."""

    number: int  # counts decisions since the engine started
    moment: Moment
    action_names: tuple[str, ...]
    evidence: tuple[ActionEvidence, ...]  # one for each action, in the order of the action set
    action: int  # what was done
    best_action: int  # what is greedy
    choice: Choice
    epsilon: float
    observation: U8  # uint8[4, 84, 84], oldest first: what the agent saw
    state_hash: int
    kernel_scale: float  # squared distance that counts as 1 in the kernel
    network_version: int
    memory_version: int
    has_memory: bool = True  # of the agent; without one there are no neighbours to show

    @property
    def q_values(self) -> F32:
        """float32[A]."""
        return np.array([evidence.q for evidence in self.evidence], np.float32)

    @property
    def gap(self) -> float:
        """Best Q minus second best; 0 with a single action."""
        if len(self.evidence) < 2:
            return 0.0
        second, first = np.sort(self.q_values)[-2:]
        return float(first - second)

    @property
    def nearest_distance_sq(self) -> float | None:
        """Squared distance to the nearest entry of any action; None when there is none."""
        return _nearest_distance_sq(self.evidence)

    @property
    def familiarity(self) -> float | None:
        """See :func:`familiarity_of`."""
        return familiarity_of(self.evidence, self.kernel_scale)


def familiarity_of(evidence: Iterable[ActionEvidence], kernel_scale: float) -> float | None:
    """0 .. 1: 1 / (1 + nearest squared distance / kernel_scale); None with an empty memory."""
    nearest = _nearest_distance_sq(evidence)
    return None if nearest is None else 1.0 / (1.0 + nearest / max(kernel_scale, 1e-30))


def _nearest_distance_sq(evidence: Iterable[ActionEvidence]) -> float | None:
    nearest = [float(e.distances_sq[0]) for e in evidence if e.distances_sq.size]
    return min(nearest) if nearest else None
