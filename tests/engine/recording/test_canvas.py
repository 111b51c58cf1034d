"""The game's pixels keep their shape and their colours."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.messages import U8
from nec_engine.recording.canvas import STRIP_WIDTH, Canvas, video_size


@given(height=st.integers(1, 400), scale=st.integers(1, 6), with_overlay=st.booleans())
def test_sizes_are_even_and_pixels_twice_as_wide(
    height: int, scale: int, with_overlay: bool
) -> None:
    width, video_height = video_size(height, scale=scale, with_overlay=with_overlay)
    assert width % 2 == video_height % 2 == 0
    assert width - STRIP_WIDTH * with_overlay == 320 * scale
    assert 0 <= video_height - height * scale <= 1


def test_the_usual_heights() -> None:
    assert video_size(210) == (640, 420)
    assert video_size(250) == (640, 500)
    assert video_size(210, with_overlay=True) == (640 + STRIP_WIDTH, 420)


def test_every_native_pixel_keeps_its_colour(
    play: Callable[[str, int], tuple[tuple[U8, U8], ...]],
) -> None:
    rgb = play("breakout", 120)[-1][0]
    yuv = Canvas(video_size(210)).compose(rgb)
    assert yuv.shape == (630, 640)
    shown = cv2.cvtColor(yuv, cv2.COLOR_YUV2RGB_I420)
    error = np.abs(shown[::2, ::4].astype(int) - rgb)
    assert error.max() <= 4  # 8-bit YUV in the studio range


def test_the_strip_stands_beside_the_game() -> None:
    canvas = Canvas(video_size(210, with_overlay=True), with_overlay=True)
    canvas.set_strip(np.full((420, STRIP_WIDTH, 3), 255, np.uint8))
    luma = canvas.compose(np.zeros((210, 160, 3), np.uint8))[:420]
    assert (luma[:, :640] == 16).all()
    assert (luma[:, 640:] == 235).all()
