import numpy as np

from app.models.map.map_frame import MapFrame
from app.models.map.map_raster import NOBODY, coloured, density_image, entry_image, entry_near
from nec_engine.messages import MapDensity

FRAME = MapFrame(60, 40)  # (0, 0) in the middle, a pixel for 1


def image_of(places: list[tuple[float, float]], ratio: float = 1.0) -> np.ndarray:
    xy = np.array(places, np.float32).reshape(-1, 2)
    return entry_image(xy, np.arange(len(xy)), FRAME, ratio)


def test_every_entry_is_a_dot_at_its_place_and_the_later_lies_on_top() -> None:
    image = image_of([(0, 0), (20, 10), (0, 0)])
    assert image.shape == (40, 60)
    assert image[20, 30] == 2
    assert image[10, 50] == 1
    assert set(np.unique(image)) == {NOBODY, 1, 2}
    assert 9 <= (image == 1).sum() <= 25


def test_entries_out_of_sight_are_not_drawn() -> None:
    assert (image_of([(100, 0), (0, -70), (-1e9, 1e9)]) == NOBODY).all()


def test_only_the_shown_are_drawn_and_keep_their_numbers() -> None:
    xy = np.array([(0, 0), (20, 10), (-20, 10)], np.float32)
    image = entry_image(xy, np.array([2]), FRAME)
    assert set(np.unique(image)) == {NOBODY, 2}


def test_many_entries_have_smaller_dots() -> None:
    few = (image_of([(0, 0)]) == 0).sum()
    xy = np.concatenate([np.full((30_000, 2), -15), [[0, 0]]]).astype(np.float32)
    many = (entry_image(xy, np.arange(30_001), FRAME) == 30_000).sum()
    assert 1 < many < few


def test_a_fine_screen_has_more_pixels_for_the_same_dots() -> None:
    assert image_of([(0, 0)], ratio=2.0).shape == (80, 120)
    assert image_of([(0, 0)], ratio=2.0)[40, 60] == 0


def test_a_pixel_has_its_entrys_colour_and_the_ground_is_clear() -> None:
    pixels = coloured(
        np.array([[0, -1], [1, 1]], np.int32),
        np.array([5, 0], np.uint8),
        np.arange(100, 106, dtype=np.uint32),
    )
    assert pixels.tolist() == [[105, 0], [100, 100]]


def test_the_nearest_entry_within_reach_is_found() -> None:
    image = image_of([(0, 0), (9, 0)])
    assert entry_near(image, 30, 20) == 0
    assert entry_near(image, 35, 20) == 1
    assert entry_near(image, 34, 20) in (0, 1)
    assert entry_near(image, 5, 5) is None
    assert entry_near(image, 59, 39) is None


def test_where_more_entries_are_the_density_is_stronger() -> None:
    counts = np.zeros((4, 4), np.float32)
    counts[0, 0], counts[3, 3] = 1, 50
    image = density_image(MapDensity(counts, (0, 0), (1, 1)), 0x8090A0)
    alpha = image >> 24
    assert alpha[3, 0] < alpha[0, 3]  # the first row of a density is the lowest
    assert alpha[0, 0] == 0
    assert image[0, 0] == 0
