"""The picture of a video frame: the game's pixels in their shape, and a strip of Q values."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from nec_engine.messages import U8

NATIVE_WIDTH: Final = 160  # of every Atari screen
PIXEL_ASPECT: Final = 2  # an Atari pixel is about twice as wide as high
STRIP_WIDTH: Final = 288


def video_size(
    screen_height: int, *, scale: int = 2, with_overlay: bool = False
) -> tuple[int, int]:
    """(width, height), both even, of the video of a game ``screen_height`` lines high.

    ``scale`` is the video's lines per line of the game: 640x420 for a game of 210 lines. The
    overlay is a strip to the right, so that it hides nothing.
    """
    width = NATIVE_WIDTH * PIXEL_ASPECT * scale + (STRIP_WIDTH if with_overlay else 0)
    height = screen_height * scale
    return width, height + height % 2


class Canvas:
    """Composes pictures of one size; keeps its buffers, so one thread at a time."""

    def __init__(self, size: tuple[int, int], *, with_overlay: bool = False) -> None:
        width, height = size
        self._rgb = np.zeros((height, width, 3), np.uint8)
        self._game_size = (width - (STRIP_WIDTH if with_overlay else 0), height)

    def compose(self, rgb: U8) -> U8:
        """The game's screen, uint8[H, 160, 3], as planar YUV 4:2:0 (BT.601), uint8[1.5 h, w]."""
        width, height = self._game_size
        game = self._rgb[:, :width]
        game[:] = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_NEAREST)
        yuv: U8 = cv2.cvtColor(self._rgb, cv2.COLOR_RGB2YUV_I420)  # type: ignore[assignment]  # cv2's stub
        return yuv

    def set_strip(self, strip: U8) -> None:
        """Show ``strip``, uint8[height, STRIP_WIDTH, 3], from now on."""
        self._rgb[:, self._game_size[0] :] = strip
