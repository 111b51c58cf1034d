"""The plane of the map: principal components that hold still while the keys move."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.insight.projection import aligned, best_plane, next_plane, places_of
from nec_engine.messages import Projection

NO_KEYS, NO_PLACES = torch.empty(0, 8), np.empty((0, 2), np.float32)
seeds = st.integers(0, 2**32 - 1)


def keys_of(seed: int, num: int = 60, size: int = 8, offset: float = 30.0) -> torch.Tensor:
    """Keys that scatter differently along each axis, far from the origin, as real ones do."""
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(num, size)) * np.linspace(4.0, 0.5, size) + offset
    return torch.from_numpy(keys.astype(np.float32))


@given(seeds, st.integers(3, 80), st.integers(2, 20))
def test_the_best_plane_is_that_of_the_singular_value_decomposition(
    seed: int, num: int, size: int
) -> None:
    keys = keys_of(seed, num, size)
    plane = best_plane(keys)
    centred = keys.numpy().astype(np.float64) - keys.numpy().astype(np.float64).mean(0)
    _, lengths, directions = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(plane.axes @ plane.axes.T, np.eye(2), atol=1e-5)
    shown = np.square(centred @ plane.axes.T).sum()
    assert np.isclose(shown, np.square(lengths[:2]).sum(), rtol=1e-4)
    assert np.isclose(plane.explained, shown / np.square(centred).sum(), rtol=1e-4)
    if lengths[0] > 1.01 * lengths[1]:  # else any turn of it is as good
        assert np.isclose(abs(plane.axes[0] @ directions[0]), 1.0, atol=1e-3)


@given(seeds)
def test_a_turned_mirrored_and_shifted_map_is_laid_back_over_the_old_one(seed: int) -> None:
    keys = keys_of(seed)
    plane = best_plane(keys)
    then = places_of(keys, plane)
    rng = np.random.default_rng(seed)
    turn, _ = np.linalg.qr(rng.normal(size=(2, 2)))
    moved = Projection(
        plane.mean + rng.normal(size=8).astype(np.float32),
        (turn @ plane.axes).astype(np.float32),
        plane.explained,
    )
    back = aligned(moved, keys, then)
    np.testing.assert_allclose(places_of(keys, back), then, atol=2e-3)


@given(seeds, st.floats(0.0, 0.2))
def test_keys_that_move_a_little_have_places_that_move_a_little(seed: int, much: float) -> None:
    before = keys_of(seed)
    first = best_plane(before)
    then = places_of(before, first)
    noise = torch.from_numpy(np.random.default_rng(seed).normal(size=before.shape))
    after = before + much * noise.float()
    second = next_plane(after, first, after, then)
    moved = np.linalg.norm(places_of(after, second) - then, axis=1).mean()
    assert moved <= 4 * much + 1e-3  # the spread of the map itself is 4


def test_a_plane_that_is_nearly_the_best_is_kept_to_the_last_bit() -> None:
    keys = keys_of(1)
    first = best_plane(keys)
    second = next_plane(keys + 0.3 * torch.randn(keys.shape), first, NO_KEYS, NO_PLACES)
    assert second.mean is first.mean
    assert second.axes is first.axes


def test_when_the_keys_spread_another_way_the_map_takes_the_new_plane() -> None:
    keys = keys_of(1)
    first = best_plane(keys)
    other = keys.flip(1)
    second = next_plane(other, first, other, places_of(keys, first))
    assert second.explained > 2 * np.trace(first.axes @ np.cov(other.numpy().T) @ first.axes.T) / (
        np.trace(np.cov(other.numpy().T))
    )


def test_without_shared_entries_or_with_other_keys_a_map_begins_anew() -> None:
    first = best_plane(keys_of(1))
    other = keys_of(2).flip(1)
    fresh = best_plane(other)
    assert np.array_equal(next_plane(other, first, other[:2], NO_PLACES).axes, fresh.axes)
    longer = keys_of(3, size=12)
    assert next_plane(longer, first, longer[:0], NO_PLACES).mean.shape == (12,)


def test_one_entry_or_equal_ones_are_a_map_as_well() -> None:
    for keys in (keys_of(1, num=1), keys_of(1, num=1).repeat(5, 1), torch.ones(4, 1)):
        plane = best_plane(keys)
        assert plane.explained == 1.0
        assert np.isfinite(places_of(keys, plane)).all()
