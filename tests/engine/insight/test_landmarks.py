"""Places on a map that knows some entries alone."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.insight.landmarks import places_between, places_on
from nec_engine.insight.projection import best_plane, laid_over, places_of
from nec_engine.messages import Landmarks

seeds = st.integers(0, 2**32 - 1)


def landmarks_of(seed: int, num: int = 40) -> Landmarks:
    rng = np.random.default_rng(seed)
    keys = rng.normal(size=(num, 6)).astype(np.float32) + 30
    return Landmarks(keys, (rng.normal(size=(num, 2)) * 5).astype(np.float32))


@given(seeds)
def test_a_landmark_has_its_own_place(seed: int) -> None:
    landmarks = landmarks_of(seed)
    places = places_between(landmarks, torch.from_numpy(landmarks.keys))
    np.testing.assert_allclose(places, landmarks.xy, atol=0.05)  # places span some 30


@given(seeds, st.integers(1, 40))
def test_any_other_key_lies_among_the_places_of_its_nearest(seed: int, num: int) -> None:
    landmarks = landmarks_of(seed, num)
    keys = np.random.default_rng(seed).normal(size=(10, 6)).astype(np.float32) + 30
    places = places_between(landmarks, torch.from_numpy(keys))
    for key, place in zip(keys, places, strict=True):
        nearest = landmarks.xy[np.argsort(np.square(landmarks.keys - key).sum(1))[:5]]
        assert (place >= nearest.min(0) - 1e-3).all()
        assert (place <= nearest.max(0) + 1e-3).all()


@given(seeds)
def test_places_are_laid_back_over_those_of_before(seed: int) -> None:
    rng = np.random.default_rng(seed)
    then = rng.normal(size=(30, 2)).astype(np.float32)
    turn, _ = np.linalg.qr(rng.normal(size=(2, 2)))
    now = (then @ turn + rng.normal(size=2)).astype(np.float32)
    np.testing.assert_allclose(laid_over(now, then), then, atol=1e-4)


def test_a_plane_and_landmarks_are_asked_in_the_same_way() -> None:
    landmarks = landmarks_of(1)
    keys = torch.from_numpy(landmarks.keys)
    plane = best_plane(keys)
    assert np.array_equal(places_on(plane, keys), places_of(keys, plane))
    assert np.array_equal(places_on(landmarks, keys), places_between(landmarks, keys))
