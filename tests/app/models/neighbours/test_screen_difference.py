import numpy as np

from app.models.neighbours.screen_difference import difference_picture, differing_part

BRIGHTER, DARKER = "#e98b3a", "#56b4e9"


def test_what_was_brighter_then_is_lighter_than_what_was_darker_without_any_colour() -> None:
    now = np.full((84, 84), 100, np.uint8)
    then = now.copy()
    then[10, 10], then[20, 20] = 220, 0
    grey = difference_picture(then, now, BRIGHTER, DARKER).mean(axis=2)
    assert grey[10, 10] > grey[0, 0] + 50
    assert grey[20, 20] < grey[0, 0] + 10
    assert grey[10, 10] > grey[20, 20] + 50


def test_equal_screens_are_dim_and_colourless() -> None:
    now = np.random.default_rng(0).integers(0, 255, (84, 84)).astype(np.uint8)
    picture = difference_picture(now, now, BRIGHTER, DARKER)
    assert (picture[..., 0] == picture[..., 2]).all()
    assert picture.max() < 130
    assert differing_part(now, now) == 0.0


def test_the_differing_part_counts_pixels_a_person_would_notice() -> None:
    now = np.full((84, 84), 100, np.uint8)
    then = now.copy()
    then[:42] = 180
    then[42:] = 104
    assert differing_part(then, now) == 0.5
