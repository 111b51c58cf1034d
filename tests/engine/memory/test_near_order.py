import numpy as np
import pytest

from nec_engine.memory.index.near_order import LEAST_SPLIT, near_order


def made_keys(num: int, num_groups: int = 20) -> np.ndarray:
    """float32[num, 16] in groups far from each other, those of one group anywhere."""
    rng = np.random.default_rng(5)
    centres = 20 * rng.normal(size=(num_groups, 16))
    keys = centres[rng.integers(0, num_groups, num)] + rng.normal(size=(num, 16))
    return keys.astype(np.float32)


@pytest.mark.parametrize("num", [0, 1, LEAST_SPLIT, LEAST_SPLIT + 1, 5000])
def test_every_key_stands_in_it_once(num: int) -> None:
    order = near_order(made_keys(num), seed=1)
    assert order.dtype == np.int32
    assert sorted(order.tolist()) == list(range(num))


def test_keys_that_are_all_the_same_are_no_trouble() -> None:
    assert sorted(near_order(np.ones((1000, 4), np.float32), 1).tolist()) == list(range(1000))


def test_those_that_stand_together_are_near() -> None:
    keys = made_keys(5000)

    def mean_step(of: np.ndarray) -> float:
        return float(np.linalg.norm(np.diff(of, axis=0), axis=1).mean())

    assert mean_step(keys[near_order(keys, 1)]) < 0.2 * mean_step(keys)


def test_it_is_the_same_every_time() -> None:
    keys = made_keys(5000)
    first = near_order(keys, 1)
    assert np.array_equal(first, near_order(keys.copy(), 1))
    assert not np.array_equal(first, near_order(keys, 2))
