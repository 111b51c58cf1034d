"""What a map can explain."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from remembered_states import ACTION, OTHER, entry_of, map_of, remembered

from nec_engine.errors import DataError
from nec_engine.insight.targets import actions_of, target_of
from nec_engine.learning.dqn import QPolicy
from nec_engine.learning.q_network import QNetwork
from nec_engine.messages import GapOfBest, LikenessTo, Moment, QOf, SaliencyMethod

AGENT, DECISION = remembered()
POLICY = AGENT.policy()
GRADIENT = SaliencyMethod.GRADIENT


def test_the_gap_of_the_best_two_is_the_difference_of_their_gradients() -> None:
    torch.manual_seed(1)
    policy = QPolicy(QNetwork(9), 0)
    decision = dataclasses.replace(
        DECISION,
        evidence=policy.explain(DECISION.observation).evidence,
        best_action=int(policy.q_values(DECISION.observation[None])[0].argmax()),
    )
    first, second = actions_of(decision, GapOfBest())
    q = policy.q_values(decision.observation[None])[0]
    assert sorted(q)[-2:] == [q[second], q[first]]
    gap = map_of(policy, decision, GRADIENT, GapOfBest())
    parts = [map_of(policy, decision, GRADIENT, QOf(action)) for action in (first, second)]
    np.testing.assert_allclose(gap, parts[0] - parts[1], atol=1e-5 * np.abs(gap).max())


def test_the_gap_goes_through_the_memory_too() -> None:
    evidence = tuple(
        dataclasses.replace(part, q=float(part.action == OTHER) + 2.0 * (part.action == ACTION))
        for part in DECISION.evidence
    )
    decision = dataclasses.replace(DECISION, evidence=evidence, best_action=ACTION)
    gap = map_of(POLICY, decision, GRADIENT, GapOfBest())
    parts = [map_of(POLICY, decision, GRADIENT, QOf(action)) for action in (ACTION, OTHER)]
    np.testing.assert_allclose(gap, parts[0] - parts[1], atol=1e-4 * np.abs(gap).max())


def test_the_gradient_of_likeness_points_to_a_smaller_distance() -> None:
    entry = entry_of(DECISION.evidence[ACTION], 3)
    gradient = map_of(POLICY, DECISION, GRADIENT, LikenessTo(entry))
    target = target_of(POLICY, DECISION, LikenessTo(entry))
    screens = torch.from_numpy(DECISION.observation).float()
    stored = torch.from_numpy(AGENT.memory.contents.entry(entry.action, entry.slot).key)
    step = 0.3 * torch.from_numpy(gradient / np.abs(gradient).max())

    def distance_sq(at: torch.Tensor) -> float:
        with torch.no_grad():
            return float((AGENT.network(at[None])[0] - stored).square().sum())

    assert distance_sq(screens + step) < distance_sq(screens) < distance_sq(screens - step)
    with torch.no_grad():
        more, less = target.slope(torch.stack([screens + step, screens - step])).tolist()
    expected = float((torch.from_numpy(gradient) * 2 * step).sum())
    assert more - less == pytest.approx(expected, rel=0.2)


def test_likeness_is_familiarity_with_one_entry() -> None:
    evidence = DECISION.evidence[ACTION]
    wish = LikenessTo(entry_of(evidence, 0))
    (likeness,) = target_of(POLICY, DECISION, wish).judge(DECISION.observation[None])
    expected = 1 / (1 + evidence.distances_sq[0] / AGENT.memory.kernel_scale)
    assert likeness == pytest.approx(expected, rel=1e-3)


def test_a_memory_that_moved_or_was_met_again_is_still_explained() -> None:
    entry = entry_of(DECISION.evidence[ACTION], 0)
    moved = dataclasses.replace(entry, slot=499, moment=Moment(5, 5))
    likeness = [
        target_of(POLICY, DECISION, LikenessTo(each)).judge(DECISION.observation[None])[0]
        for each in (entry, moved)
    ]
    assert likeness[0] == likeness[1]


def test_a_memory_that_is_gone_is_not() -> None:
    entry = entry_of(DECISION.evidence[ACTION], 0)
    gone = dataclasses.replace(entry, state_hash=entry.state_hash + 1_000_000)
    with pytest.raises(DataError, match="not remembered any more"):
        target_of(POLICY, DECISION, LikenessTo(gone))
