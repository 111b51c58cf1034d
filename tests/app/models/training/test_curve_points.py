import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.models.training.curve_points import every_nth, numbers_only, running_mean, thinned, within

SERIES = st.lists(st.floats(-1e6, 1e6), max_size=400).map(lambda ys: np.array(ys, np.float64))


@given(SERIES, st.integers(1, 40))
def test_thinning_keeps_order_and_both_extremes(y: np.ndarray, num_buckets: int) -> None:
    x = np.arange(len(y), dtype=np.float64)
    thin_x, thin_y = thinned(x, y, num_buckets)
    assert len(thin_y) <= max(2 * num_buckets + 2, 3 * num_buckets)
    assert (np.diff(thin_x) > 0).all()
    assert (y[thin_x.astype(int)] == thin_y).all()  # real points, not made-up ones
    if len(y):
        assert thin_y.min() == y.min()
        assert thin_y.max() == y.max()


@given(SERIES, st.integers(1, 150))
def test_the_running_mean_is_the_mean_of_the_last_ones(y: np.ndarray, window: int) -> None:
    means = running_mean(y, window)
    wanted = [y[max(i + 1 - window, 0) : i + 1].mean() for i in range(len(y))]
    np.testing.assert_allclose(means, wanted, atol=1e-6)


@given(SERIES, st.integers(1, 50))
def test_a_sample_is_evenly_spaced_and_has_the_newest_point(y: np.ndarray, most: int) -> None:
    x = np.arange(len(y), dtype=np.float64)
    some_x, _ = every_nth(x, y, most)
    assert len(some_x) <= most
    if len(y):
        assert some_x[-1] == x[-1]
        assert len(set(np.diff(some_x))) <= 1


def test_points_without_a_number_are_left_out() -> None:
    x, y = numbers_only(np.arange(4.0), np.array([1.0, np.nan, np.inf, 2.0]))
    assert x.tolist() == [0.0, 3.0]
    assert y.tolist() == [1.0, 2.0]


def test_a_window_on_x_keeps_a_point_beyond_each_edge_so_that_lines_run_out_of_it() -> None:
    x = np.arange(10.0)
    assert within(x, x, 2.5, 4.5)[0].tolist() == [2.0, 3.0, 4.0, 5.0]
