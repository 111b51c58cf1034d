"""The pictures on cards as images of the right size, scaled once each."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum
from typing import Final

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QImage

from app.look.theme import Theme
from app.models.neighbours.screen_difference import difference_picture
from nec_engine.messages import U8, Moment, PictureAnswer

NATIVE_WIDTH: Final = 320  # Atari pixels are twice as wide as high
CAPACITY: Final = 200


class CardMode(Enum):
    """What a card shows of its memory."""

    PICTURE = "Picture"
    DIFFERENCE = "Difference"
    FLICKER = "Flicker"


class CardPictures:
    """Scaled images by moment; a change of size or screen just makes others."""

    def __init__(self) -> None:
        self._images: OrderedDict[tuple[object, ...], QImage] = OrderedDict()

    def colour(self, answer: PictureAnswer, box: QSize, pixel_ratio: float) -> QImage | None:
        """The full-colour picture, fitted into ``box`` with its true shape."""
        if answer.rgb is None:
            return None
        key = ("colour", answer.moment, box.width(), box.height(), pixel_ratio)
        if key not in self._images:
            height = answer.rgb.shape[0]
            size = QSize(NATIVE_WIDTH, height).scaled(
                box * pixel_ratio, Qt.AspectRatioMode.KeepAspectRatio
            )
            image = rgb_image(answer.rgb).scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            image.setDevicePixelRatio(pixel_ratio)
            self._keep(key, image)
        return self._found(key)

    def grey(self, screen: U8, moment: Moment | None, number: int) -> QImage:
        """The 84x84 screen of a memory; without a moment, that of decision ``number``."""
        key = ("grey", moment, number if moment is None else -1)
        if key not in self._images:
            self._keep(key, grey_image(screen))
        return self._found(key)

    def difference(
        self, answer: PictureAnswer, now: U8, number: int, theme: Theme
    ) -> QImage | None:
        """Where the memory's screen differs from that of decision ``number``."""
        if answer.screen is None:
            return None
        key = ("difference", answer.moment, number, theme.name)
        if key not in self._images:
            pixels = difference_picture(answer.screen, now, theme.negative, theme.positive)
            self._keep(key, rgb_image(pixels))
        return self._found(key)

    def clear(self) -> None:
        self._images.clear()

    def _keep(self, key: tuple[object, ...], image: QImage) -> None:
        self._images[key] = image
        while len(self._images) > CAPACITY:
            self._images.popitem(last=False)

    def _found(self, key: tuple[object, ...]) -> QImage:
        self._images.move_to_end(key)
        return self._images[key]


def grey_image(screen: U8) -> QImage:
    """An image of its own from uint8[H, W]."""
    height, width = screen.shape
    return _copied(screen, width, height, width, QImage.Format.Format_Grayscale8)


def rgb_image(rgb: U8) -> QImage:
    """An image of its own from uint8[H, W, 3]."""
    height, width, _ = rgb.shape
    return _copied(rgb, width, height, 3 * width, QImage.Format.Format_RGB888)


def _copied(pixels: U8, width: int, height: int, line: int, kind: QImage.Format) -> QImage:
    """QImage borrows the bytes it is given, so it is copied while they live."""
    return QImage(pixels.tobytes(), width, height, line, kind).copy()
