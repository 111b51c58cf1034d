"""The game's picture and what stands around it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from fake_engine import FakeEngine
from hypothesis import given
from hypothesis import strategies as st
from made_news import FULL, game_info
from PyQt6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.game.game_view import GameView
from app.views.game.joystick import stick_of_action
from app.views.saliency.heat import HeatLight
from nec_engine.messages import Frame, HoldStick, Player


def frame(number: int = 1, **changes: object) -> Frame:
    engine = FakeEngine()
    engine._number = number
    return replace(engine._frame(0), **changes)  # type: ignore[arg-type]  # fields by name


@pytest.fixture
def view(qtbot: QtBot) -> GameView:
    made = GameView()
    qtbot.addWidget(made)
    made.resize(700, 560)
    made.open_game(game_info(action_names=FULL))
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_each_new_frame_is_painted_and_counted_once(view: GameView) -> None:
    painted: list[int] = []
    view.painted.connect(lambda number, _: painted.append(number))
    view.show_frame(frame(1))
    view.repaint()
    view.show_frame(frame(2))
    assert painted == [1, 2]
    assert view.num_painted == 2


@pytest.mark.parametrize("size", [(340, 300), (700, 560), (960, 900), (2000, 700), (500, 1200)])
@pytest.mark.parametrize("height", [210, 250])
def test_the_picture_fits_and_has_the_true_shape(
    view: GameView, size: tuple[int, int], height: int
) -> None:
    view.resize(*size)
    view.show_frame(frame(rgb=np.zeros((height, 160, 3), np.uint8)))
    picture = view.picture_rect
    assert view.rect().contains(picture)
    assert abs(picture.width() / picture.height() - 320 / height) < 0.02


def test_pixels_are_of_equal_size_and_unmixed(view: GameView) -> None:
    rgb = np.zeros((210, 160, 3), np.uint8)
    rgb[::2, 1::2] = rgb[1::2, ::2] = 255
    view.show_frame(frame(rgb=rgb))
    picture = view.picture_rect
    assert (picture.width(), picture.height()) == (640, 420)
    shot = view.grab(picture).toImage()
    row = np.array([shot.pixelColor(x, 0).red() for x in range(640)])
    np.testing.assert_array_equal(row, np.repeat(rgb[0, :, 0], 4))


def test_the_screens_colours_arrive_unchanged(view: GameView) -> None:
    rgb = np.zeros((210, 160, 3), np.uint8)
    rgb[:] = (200, 72, 17)
    view.show_frame(frame(rgb=rgb))
    shot = view.grab(view.picture_rect).toImage()
    assert shot.pixelColor(300, 200) == QColor(200, 72, 17)


def test_who_plays_is_told_in_words_and_by_another_border(view: GameView) -> None:
    borders = set()
    for player, words in (
        (Player.AGENT, "AGENT"), (Player.PERSON, "YOU"), (Player.TRAINER, "TRAINING"),
    ):  # fmt: skip
        view.show_frame(frame(player=player))
        assert words in view.accessibleDescription()
        edge = view.picture_rect.adjusted(-7, -7, 7, 7)
        image = view.grab(edge).toImage()
        line = [image.pixelColor(3, y).lightness() > 60 for y in range(100, 200)]
        width = sum(image.pixelColor(x, 100).lightness() > 60 for x in range(7))
        borders.add((width, all(line)))
    assert len(borders) == 3


def test_saliency_lights_up_what_matters_and_dims_the_rest(view: GameView) -> None:
    rgb = np.full((210, 160, 3), 100, np.uint8)
    heat = np.zeros((84, 84), np.float32)
    heat[30:50, 30:50] = 1.0
    view.show_frame(frame(rgb=rgb))
    view.set_overlay(heat, 0.8)
    shot = view.grab(view.picture_rect).toImage()
    hot, cold = shot.pixelColor(305, 200), shot.pixelColor(10, 10)
    assert hot.red() > 150
    assert cold.red() < 100
    view.set_overlay(None, 0.8)
    assert view.grab(view.picture_rect).toImage().pixelColor(305, 200) == QColor(100, 100, 100)


@given(
    opacity=st.floats(0, 1), grey=st.integers(0, 255),
    height=st.sampled_from([210, 250]), level=st.floats(0, 1, width=32),
)  # fmt: skip
def test_light_over_a_picture_never_overflows(
    opacity: float, grey: int, height: int, level: float
) -> None:
    heat = np.full((84, 84), level, np.float32)
    rgb = np.full((height, 160, 3), grey, np.uint8)
    lit = HeatLight(heat, opacity, height, 160).over(rgb)
    assert lit.shape == rgb.shape
    assert lit.dtype == np.uint8
    assert np.ptp(lit, axis=(0, 1)).max() <= 1
    if grey == 255 and level < 1:
        assert lit[..., 2].max() <= 255


def test_opacity_none_changes_nothing() -> None:
    rng = np.random.default_rng(1)
    rgb = rng.integers(0, 256, (210, 160, 3)).astype(np.uint8)
    heat = rng.random((84, 84)).astype(np.float32)
    np.testing.assert_array_equal(HeatLight(heat, 0.0, 210, 160).over(rgb), rgb)


@pytest.mark.parametrize(
    ("name", "stick"),
    [
        ("noop", HoldStick()),
        ("fire", HoldStick(fire=True)),
        ("up right fire", HoldStick(up=True, right=True, fire=True)),
        ("down left", HoldStick(down=True, left=True)),
    ],
)
def test_an_actions_name_says_where_the_stick_stands(name: str, stick: HoldStick) -> None:
    assert stick_of_action(name) == stick


def test_the_drawn_joystick_moves_with_the_action(view: GameView) -> None:
    pictures = []
    for action in range(len(FULL)):
        view.show_frame(frame(action=action))
        foot = view.picture_rect.adjusted(-7, view.picture_rect.height() + 7, 0, 45)
        foot.setWidth(60)  # without the words
        image = view.grab(foot).toImage()
        pictures.append(bytes(image.constBits().asarray(image.sizeInBytes())))
    assert len(set(pictures)) == len(FULL)


def test_it_is_painted_light_and_dark_and_before_the_first_frame(view: GameView) -> None:
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        assert view.grab().toImage().pixelColor(1, 1).name() == theme.background
