import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.map.map_frame import LARGEST_ZOOM, MapFrame

sizes = st.tuples(st.integers(50, 900), st.integers(50, 900))
numbers = st.floats(-50, 50)


def frame_of(size: tuple[int, int], seed: int = 0) -> MapFrame:
    xy = np.random.default_rng(seed).normal(size=(100, 2)).astype(np.float32)
    return MapFrame(*size).fitted(xy)


@given(sizes, numbers, numbers)
def test_places_and_pixels_undo_each_other(size: tuple[int, int], x: float, y: float) -> None:
    frame = frame_of(size)
    assert frame.place_at(*frame.pixel_of(x, y)) == pytest.approx((x, y), abs=1e-6)
    columns = frame.columns_of(np.array([[0, 0], [x, y]], np.float32), np.array([1]))
    assert (columns[0][0], columns[1][0]) == pytest.approx(frame.pixel_of(x, y), rel=1e-4, abs=0.1)


@given(sizes)
def test_a_fitted_map_is_in_sight_but_for_what_lies_far_out(size: tuple[int, int]) -> None:
    xy = np.random.default_rng(1).normal(size=(1000, 2)).astype(np.float32)
    xy[0] = 1e4
    frame = MapFrame(*size).fitted(xy)
    x, y = frame.columns_of(xy, np.arange(1000))
    seen = (x > 0) & (x < size[0]) & (y > 0) & (y < size[1])
    assert 980 <= seen.sum() < 1000


@given(st.floats(0.5, 2), st.floats(0, 300), st.floats(0, 200))
def test_what_is_under_the_pointer_stays_there_when_zooming(
    factor: float, x: float, y: float
) -> None:
    frame = frame_of((300, 200))
    assert frame.zoomed(factor, x, y).place_at(x, y) == pytest.approx(frame.place_at(x, y))


def test_zooming_ends_somewhere() -> None:
    frame = frame_of((300, 200))
    assert frame.zoomed(1e9, 0, 0).scale == LARGEST_ZOOM * frame.scale
    assert frame.zoomed(1e-9, 0, 0).scale > 0


def test_the_map_follows_the_pull() -> None:
    frame = frame_of((300, 200))
    x, y = frame.pixel_of(1, 1)
    assert frame.moved(30, -20).pixel_of(1, 1) == pytest.approx((x + 30, y - 20))


def test_one_place_alone_is_in_the_middle() -> None:
    frame = MapFrame(300, 200).fitted(np.full((5, 2), 3, np.float32))
    assert frame.pixel_of(3, 3) == (150, 100)
