import numpy as np
import pytest
from made_maps import make_map
from made_messages import NAMES

from app.look.theme import DARK, LIGHT, Theme
from app.models.map.map_colours import Colouring, Ramp, action_colours, coded, palette_of


def brightness(colours: np.ndarray) -> np.ndarray:
    red, green, blue = (colours >> shift & 255 for shift in (16, 8, 0))
    bright: np.ndarray = 0.299 * red + 0.587 * green + 0.114 * blue
    return bright


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_a_ramp_is_ordered_by_brightness_for_every_kind_of_eye(theme: Theme) -> None:
    for colouring in (Colouring.VALUE, Colouring.AGE):
        assert (np.diff(brightness(palette_of(colouring, theme))) > -1.5).all()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_no_two_of_eighteen_actions_have_the_same_colour(theme: Theme) -> None:
    assert len(set(action_colours(theme))) == 18
    assert len(set(palette_of(Colouring.ACTION, theme)[:18].tolist())) == 18


def test_values_are_on_a_ramp_whose_ends_are_told() -> None:
    answer = make_map(200)
    colours = coded(answer, Colouring.VALUE, NAMES)
    assert (np.diff(colours.codes.astype(int)) >= 0).all()
    assert (colours.codes[0], colours.codes[-1]) == (0, 255)
    assert colours.legend == Ramp("≤ 4", "100", "≥ 195")


def test_a_value_that_all_share_is_told_once() -> None:
    answer = make_map(10, values=np.full(10, 2.5, np.float32))
    assert coded(answer, Colouring.VALUE, NAMES).legend == Ramp("", "2.50", "")


@pytest.mark.parametrize("centre", [0.0, 5e-16, -3.0, 12_345.0])
@pytest.mark.parametrize("span", [0.0, 1e-30, 1e-17, 1e-9, 3e-7, 1e-5, 0.02, 1.0, 4e6])
def test_a_map_never_has_two_legend_ends_that_read_alike(centre: float, span: float) -> None:
    values = np.linspace(centre - span / 2, centre + span / 2, 50).astype(np.float32)
    colours = coded(make_map(50, values=values), Colouring.VALUE, NAMES)
    legend = colours.legend
    assert isinstance(legend, Ramp)
    if len(set(colours.codes)) > 1:
        assert legend.low.removeprefix("≤ ") != legend.high.removeprefix("≥ ")
    else:
        assert (legend.low, legend.high) == ("", "")
        assert legend.middle


def test_values_that_are_as_good_as_nothing_have_one_colour_and_say_so() -> None:
    values = np.linspace(0.0, 5e-16, 50).astype(np.float32)
    colours = coded(make_map(50, values=values), Colouring.VALUE, NAMES)
    assert len(set(colours.codes)) == 1
    assert colours.legend == Ramp("", "≈0", "")


def test_new_entries_are_bright_and_old_ones_dark() -> None:
    colours = coded(make_map(200), Colouring.AGE, NAMES)
    assert (colours.codes[0], colours.codes[-1]) == (255, 0)
    assert colours.legend == Ramp("2.0k steps ago", "995 steps ago", "just now")


def test_kinds_have_their_names_and_numbers_in_the_legend() -> None:
    by_action = coded(make_map(20, num_actions=3), Colouring.ACTION, NAMES).legend
    assert not isinstance(by_action, Ramp)
    assert [kind.text for kind in by_action] == ["NOOP 7", "FIRE 7", "UP 6"]
    by_origin = coded(make_map(20), Colouring.ORIGIN, NAMES).legend
    assert not isinstance(by_origin, Ramp)
    assert [kind.text for kind in by_origin] == ["agent 10", "person 10"]


@pytest.mark.parametrize("colouring", list(Colouring))
def test_an_empty_map_can_be_coloured(colouring: Colouring) -> None:
    assert len(coded(make_map(0), colouring, NAMES).codes) == 0
