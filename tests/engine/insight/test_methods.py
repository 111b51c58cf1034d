"""What each method of explaining promises."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from remembered_states import ACTION, end_of, map_of, remembered

from nec_engine.insight.blurring import blurred, blurred_in
from nec_engine.insight.gradient import Gradient
from nec_engine.insight.integrated import IntegratedGradients
from nec_engine.insight.methods import METHODS, methods_of, words_of
from nec_engine.insight.perturbation import Perturbation
from nec_engine.insight.protocol import Target
from nec_engine.insight.smoothgrad import SmoothGrad
from nec_engine.insight.targets import target_of
from nec_engine.learning.agents import Policy
from nec_engine.learning.dqn import QPolicy
from nec_engine.learning.q_network import QNetwork
from nec_engine.messages import Box, Decision, QOf, SaliencyMethod

REMEMBERED = remembered()


@pytest.fixture
def policy() -> Policy:
    return REMEMBERED[0].policy()


@pytest.fixture
def decision() -> Decision:
    return REMEMBERED[1]


def test_smoothgrad_without_noise_is_the_gradient(policy: Policy, decision: Decision) -> None:
    smooth = map_of(policy, decision, SmoothGrad(num_copies=5, noise=0.0))
    plain = map_of(policy, decision, Gradient())
    np.testing.assert_allclose(smooth, plain, atol=1e-4 * np.abs(plain).max())


def test_smoothgrad_looks_at_noisy_copies_of_the_screens(decision: Decision) -> None:
    target = looks_at(Box(0, 0, 84, 84))
    plain = end_of(Gradient(), target, decision)
    smooth = end_of(SmoothGrad(num_copies=9, noise=0.02), target, decision)
    grey_levels = float(np.ptp(decision.observation))
    expected = 2e-4 * 0.02 * grey_levels / np.sqrt(9)  # the target's slope is linear
    assert np.std((smooth - plain)[-1]) == pytest.approx(expected, rel=0.05)


def test_smoothgrad_is_the_same_for_the_same_screens(policy: Policy, decision: Decision) -> None:
    method = SmoothGrad(num_copies=6)
    np.testing.assert_array_equal(
        map_of(policy, decision, method), map_of(policy, decision, method)
    )


@pytest.mark.parametrize("blur", [3.0, 10.0])
def test_integrated_gradients_add_up_to_what_the_target_gains(
    policy: Policy, decision: Decision, blur: float
) -> None:
    target = target_of(policy, decision, QOf(ACTION))
    total = end_of(IntegratedGradients(num_steps=128, blur=blur), target, decision).sum()
    ends = np.stack([decision.observation, blurred(decision.observation, blur)])
    with torch.no_grad():
        q, q_baseline = target.slope(torch.from_numpy(ends).float()).tolist()
    assert abs(q - q_baseline) > 0.05
    assert total == pytest.approx(q - q_baseline, rel=0.02)


def test_integrated_gradients_of_a_network_alone_add_up_too(decision: Decision) -> None:
    torch.manual_seed(3)
    target = target_of(QPolicy(QNetwork(9), 0), decision, QOf(ACTION))
    total = end_of(IntegratedGradients(num_steps=64), target, decision).sum()
    q, q_baseline = target.judge(
        np.stack([decision.observation, blurred(decision.observation, 10.0)])
    )
    assert total == pytest.approx(q - q_baseline, rel=0.02)


def looks_at(box: Box) -> Target:
    """A target that reads one region of the newest screen and nothing else."""
    rows, columns = slice(box.top, box.top + box.height), slice(box.left, box.left + box.width)

    def slope(screens: torch.Tensor) -> torch.Tensor:
        return screens[:, -1, rows, columns].square().sum((1, 2)) * 1e-4

    def judge(observations: np.ndarray) -> np.ndarray:
        return slope(torch.from_numpy(observations).float()).numpy()

    return Target(slope, judge, "", torch.device("cpu"))


@settings(max_examples=3, deadline=None)
@given(left=st.integers(0, 60), top=st.integers(0, 60))
def test_what_nobody_looks_at_gets_nothing_from_any_method(left: int, top: int) -> None:
    decision = REMEMBERED[1]
    noise = np.random.default_rng(1).integers(0, 256, (4, 84, 84)).astype(np.uint8)
    decision = dataclasses.replace(decision, observation=noise)
    target = looks_at(Box(left, top, 20, 20))
    seen = np.zeros((84, 84), bool)
    reach = 30  # of a patch: six standard deviations
    seen[max(0, top - reach) : top + 20 + reach, max(0, left - reach) : left + 20 + reach] = True
    attribution = end_of(Perturbation(patch=3.0), target, decision)
    assert not attribution[:, ~seen].any()
    assert attribution.any()
    for method in (Gradient(), SmoothGrad(num_copies=2), IntegratedGradients(num_steps=2)):
        attribution = end_of(method, target, decision)
        attribution[-1, top : top + 20, left : left + 20] = 0
        assert not attribution.any()


def test_a_flat_patch_of_the_screen_is_not_perturbed_at_all(
    policy: Policy, decision: Decision
) -> None:
    flat = decision.observation.copy()
    flat[:, :, :42] = 80
    decision = dataclasses.replace(decision, observation=flat)
    attribution = map_of(policy, decision, Perturbation(patch=1.0, blur=1.0))
    assert not attribution[:, :, :30].any()
    assert attribution[:, :, 50:].any()


def test_perturbation_asks_the_agent_itself(policy: Policy, decision: Decision) -> None:
    asked: list[np.ndarray] = []
    target = target_of(policy, decision, QOf(ACTION))

    def judge(observations: np.ndarray) -> np.ndarray:
        asked.append(observations)
        return target.judge(observations)

    end_of(Perturbation(spacing=20), dataclasses.replace(target, judge=judge), decision)
    assert sum(map(len, asked)) <= 1 + 16
    whole = np.concatenate(asked)
    np.testing.assert_allclose(
        target.judge(whole), policy.q_values(whole)[:, ACTION], rtol=1e-5, atol=1e-5
    )


@pytest.mark.parametrize("factor", [1.0, 3.0, -1.0])
def test_perturbation_shows_half_the_squared_change_and_its_sign(
    decision: Decision, factor: float
) -> None:
    target = looks_at(Box(0, 0, 84, 84))
    said: list[float] = []

    def judge(observations: np.ndarray) -> np.ndarray:
        said.extend(factor * target.judge(observations))
        return np.array(said[-len(observations) :])

    attribution = end_of(
        Perturbation(spacing=84), dataclasses.replace(target, judge=judge), decision
    )
    before, after = said  # of one patch, in the middle
    expected = 0.5 * (before - after) ** 2 * np.sign(before - after)
    assert expected * factor > 0
    np.testing.assert_allclose(attribution, expected, rtol=1e-5)


def test_a_blurred_box_changes_nothing_outside(decision: Decision) -> None:
    box = Box(20, 30, 15, 10)
    changed = blurred_in(decision.observation, box)
    outside = np.ones((84, 84), bool)
    outside[30:40, 20:35] = False
    np.testing.assert_array_equal(changed[:, outside], decision.observation[:, outside])
    assert (changed != decision.observation).any()


@pytest.mark.parametrize("agent", ["nec", "mfec", "ec"])
def test_an_agent_has_the_methods_that_say_something_about_it(agent: str) -> None:
    policy = remembered(agent=agent)[0].policy()
    methods = methods_of(policy)
    assert (SaliencyMethod.GUIDED in methods) == (agent == "nec")
    assert len(methods) >= 4


def test_every_method_says_its_source_and_settings(policy: Policy, decision: Decision) -> None:
    target = target_of(policy, decision, QOf(ACTION))
    for method in SaliencyMethod:
        words = words_of(method, target)
        assert "20" in words  # a year
        assert ("memory" in words) == (method is not SaliencyMethod.PERTURBATION)
    assert set(METHODS) == set(SaliencyMethod)
