"""Small screens and hashes of observations."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.game.preprocess import hash_observation, shrink_screen


@given(st.integers(0, 2**32 - 1), st.sampled_from([210, 250]))
def test_a_small_screen_is_the_mean_of_the_areas(seed: int, height: int) -> None:
    grey = np.random.default_rng(seed).integers(0, 256, (height, 160), np.uint8)
    small = np.empty((84, 84), np.uint8)
    shrink_screen(grey, small)
    rows = np.repeat(grey.astype(float), 84, axis=0).reshape(84, height, 160).mean(1)
    exact = np.repeat(rows, 84, axis=1).reshape(84, 84, 160).mean(2)
    assert np.abs(small - exact).max() <= 1.0


@given(st.integers(0, 2**32 - 1), st.integers(0, 4 * 84 * 84 - 1))
def test_a_hash_tells_observations_apart_by_one_grey_level(seed: int, where: int) -> None:
    observation = np.random.default_rng(seed).integers(0, 255, (4, 84, 84), np.uint8)
    other = observation.copy()
    other.reshape(-1)[where] += 1
    assert hash_observation(observation) == hash_observation(observation.copy())
    assert hash_observation(observation) != hash_observation(other)
    assert 0 <= hash_observation(other) < 2**64


def test_a_hash_depends_on_the_content_not_on_the_layout() -> None:
    observation = np.random.default_rng(1).integers(0, 256, (4, 84, 84), np.uint8)
    strided = np.asfortranarray(observation)
    assert hash_observation(strided) == hash_observation(observation)
    assert hash_observation(observation[::-1]) != hash_observation(observation)
