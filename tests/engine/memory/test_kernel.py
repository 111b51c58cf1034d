from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nec_engine.config import Settings
from nec_engine.memory.kernel import Read, inverse_distance, read_memory, squared_distances
from nec_engine.messages import F32

P = 6
Mask = npt.NDArray[np.bool_]
floats: dict[str, Any] = {"allow_nan": False, "allow_infinity": False, "width": 32}
distances = hnp.arrays(np.float32, (2, 3, P), elements=st.floats(0, 1e4, **floats))
values = hnp.arrays(np.float32, (2, 3, P), elements=st.floats(-1e4, 1e4, **floats))
masks = hnp.arrays(np.bool_, (2, 3, P))
scales = st.floats(0, 1e3, **floats)
kernels = st.builds(
    Settings,
    kernel_scale=st.sampled_from(["relative", "absolute"]),
    delta=st.sampled_from([1e-5, 1e-3, 1.0]),
    prior_distance=st.sampled_from([0.0, 0.5, 10.0]),
    prior_value=st.floats(-50, 50, **floats),
)


def read(d: Any, v: Any, mask: Any, scale: float, settings: Settings) -> Read:
    return read_memory(
        torch.from_numpy(np.asarray(d, np.float32)),
        torch.from_numpy(np.asarray(v, np.float32)),
        torch.from_numpy(np.asarray(mask, np.bool_)),
        scale,
        settings,
    )


@given(distances, values, masks, scales, kernels)
def test_shares_sum_to_one_or_to_nothing(
    d: F32, v: F32, mask: Mask, scale: float, settings: Settings
) -> None:
    result = read(d, v, mask, scale, settings)
    total = result.shares.sum(-1) + result.prior_shares
    expected = torch.from_numpy(mask.any(-1)).float()
    torch.testing.assert_close(total, expected, atol=1e-5, rtol=0)
    assert not result.shares[torch.from_numpy(~mask)].any()
    assert (result.shares >= 0).all()


@given(distances, values, masks, scales, kernels)
def test_contributions_add_up_to_q(
    d: F32, v: F32, mask: Mask, scale: float, settings: Settings
) -> None:
    result = read(d, v, mask, scale, settings)
    contributions = np.where(mask, result.shares.numpy() * v, 0)
    total = contributions.sum(-1, dtype=np.float64)
    total += result.prior_shares.numpy() * settings.prior_value
    total = np.where(mask.any(-1), total, settings.prior_value)
    assert (np.abs(total - result.q.numpy()) <= 1e-5 * np.maximum(1, np.abs(total))).all()


@given(distances, values, masks, scales, kernels)
def test_q_lies_between_the_least_and_the_largest_value(
    d: F32, v: F32, mask: Mask, scale: float, settings: Settings
) -> None:
    result = read(d, v, mask, scale, settings)
    prior = settings.prior_value
    low = np.minimum(np.where(mask, v, np.inf).min(-1), prior)
    high = np.maximum(np.where(mask, v, -np.inf).max(-1), prior)
    slack = 1e-3 * np.maximum(1, np.abs(v).max())
    assert (result.q.numpy() >= low - slack).all()
    assert (result.q.numpy() <= high + slack).all()


@given(distances, values, masks, kernels, st.floats(0.125, 8, **floats))
def test_relative_shares_do_not_depend_on_the_size_of_the_keys(
    d: F32, v: F32, mask: Mask, settings: Settings, size: float
) -> None:
    settings = Settings(kernel_scale="relative", delta=settings.delta)
    one = read(d, v, mask, 1.0, settings)
    other = read(d * size, v, mask, size, settings)
    torch.testing.assert_close(one.shares, other.shares, atol=1e-3, rtol=1e-3)


def test_the_kernel_is_that_of_the_paper() -> None:
    result = read([[[0.5, 1.5]]], [[[1.0, 3.0]]], [[[True, True]]], 99.0,
                  Settings(kernel_scale="absolute", delta=0.5))  # fmt: skip
    # k = 1 and 1/2: shares 2/3 and 1/3
    assert result.q.item() == pytest.approx(2 / 3 * 1 + 1 / 3 * 3)


def test_a_prior_is_one_more_entry_at_its_distance() -> None:
    settings = Settings(kernel_scale="relative", delta=0.5, prior_distance=1.5, prior_value=-6.0)
    result = read([[[1.0]]], [[[3.0]]], [[[True]]], 2.0, settings)
    # kernels 1 / (0.5 + 0.5) and 1 / (1.5 + 0.5)
    assert result.prior_shares.item() == pytest.approx(1 / 3)
    assert result.q.item() == pytest.approx(2 / 3 * 3 - 1 / 3 * 6)


def test_the_unfamiliar_is_worth_what_all_neighbours_promise() -> None:
    settings = Settings(
        kernel_scale="relative", delta=0.5, prior_distance=1.5,
        prior_source="neighbours", prior_optimism=2.0,
    )  # fmt: skip
    # Two actions, kernels 1 / (0.5 + 0.5) and 1 / (1.5 + 0.5): mean 2, variance 2
    result = read([[[1.0], [3.0]]], [[[3.0], [0.0]]], [[[True], [True]]], 2.0, settings)
    promised = 2.0 + 2.0 * 2.0**0.5
    assert result.prior_values[0].tolist() == pytest.approx([promised, promised])
    assert result.q[0].tolist() == pytest.approx([2 / 3 * 3 + promised / 3, promised / 2])

    one_empty = read([[[1.0], [np.inf]]], [[[3.0], [0.0]]], [[[True], [False]]], 2.0, settings)
    assert one_empty.q[0, 1] == pytest.approx(3.0)  # all that is known


def test_an_empty_memory_is_worth_the_prior_value() -> None:
    for prior_distance in (0.0, 1.0):
        settings = Settings(prior_distance=prior_distance, prior_value=7.0)
        result = read([[[np.inf]]], [[[0.0]]], [[[False]]], 0.0, settings)
        assert result.q.item() == 7.0
        assert result.shares.item() == result.prior_shares.item() == 0


def test_an_exact_match_has_the_distance_zero_however_long_its_key() -> None:
    keys = torch.randn(1, 1, 40, 128) * 1e-3 + 100.0
    found = squared_distances(keys[0, 0, :1], keys)
    assert found[0, 0, 0] == 0
    expected = (keys.double()[0, 0, :1] - keys.double()[0, 0]).square().sum(-1)
    torch.testing.assert_close(found[0, 0].double(), expected, rtol=1e-4, atol=0)


def test_masked_places_give_no_gradient_and_no_nan() -> None:
    d = torch.tensor([[[1.0, torch.inf], [torch.inf, torch.inf]]], requires_grad=True)
    v = torch.tensor([[[2.0, 5.0], [5.0, 5.0]]], requires_grad=True)
    mask = torch.isfinite(d)
    read_memory(d, v, mask, 1.0, Settings(prior_distance=1.0)).q.sum().backward()  # type: ignore[no-untyped-call]  # torch's
    for gradient in (d.grad, v.grad):
        assert gradient is not None
        assert torch.isfinite(gradient).all()
        assert not gradient[~mask].any()


def test_the_gradients_are_those_of_finite_differences() -> None:
    generator = torch.Generator().manual_seed(0)
    d = torch.rand(2, 2, 4, generator=generator, dtype=torch.float64) + 0.1
    mask = torch.tensor([True, True, True, False]).expand(2, 2, 4)

    def q_of(distances_sq: torch.Tensor) -> torch.Tensor:
        kernel = torch.where(mask, inverse_distance(distances_sq, 0.1), 0.0)
        return kernel / kernel.sum(-1, keepdim=True)

    assert torch.autograd.gradcheck(q_of, d.requires_grad_())
