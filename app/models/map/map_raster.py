"""A hundred thousand entries as one picture: which entry each pixel shows, and its colour. No Qt.

A pixel knows its entry, so that pointing at it is a look-up and other colours need no new layout.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from app.models.map.map_frame import MapFrame
from nec_engine.messages import F32, I32, I64, U8, U32, MapDensity

NOBODY: Final = -1
# Largest number of entries in sight for each size of a dot, in pixels.
SIZES: Final = ((1_500, 5), (20_000, 3))
SMALLEST_DOT: Final = 2
REACH: Final = 4  # pixels around the pointer in which an entry is found
DENSEST_ALPHA: Final = 130.0  # of 255


def entry_image(xy: F32, shown: I64, frame: MapFrame, pixel_ratio: float = 1.0) -> I32:
    """Which of the entries at places ``xy`` each pixel shows, int32[H, W]; -1 where none is.

    ``shown`` are the entries to draw, ascending; later ones lie on top. ``pixel_ratio``: pixels of
    the picture for one of the frame.
    """
    width, height = round(frame.width * pixel_ratio), round(frame.height * pixel_ratio)
    image: I32 = np.full(width * height, NOBODY, np.int32)
    x, y = frame.columns_of(xy, shown)
    x, y = (pixel_ratio * x).astype(np.int32), (pixel_ratio * y).astype(np.int32)
    seen = np.flatnonzero((x > 0) & (x < width) & (y > 0) & (y < height))
    image[(y * width + x)[seen]] = shown[seen]
    size = next((size for most, size in SIZES if len(seen) <= most), SMALLEST_DOT)
    return _dots(image.reshape(height, width), max(1, round(size * pixel_ratio)))


def coloured(image: I32, codes: U8, palette: U32) -> U32:
    """uint32[H, W], 0xAARRGGBB: each pixel in its entry's colour, clear where there is none.

    ``codes`` uint8[N]: which colour of the palette uint32[up to 256] each entry has.
    """
    colours = np.zeros(len(codes) + 1, np.uint32)  # the last, -1, is nobody's
    colours[:-1] = palette[codes]
    return colours[image]


def entry_near(image: I32, x: int, y: int) -> int | None:
    """The entry at a pixel, or the nearest within reach."""
    height, width = image.shape
    x0, y0 = max(x - REACH, 0), max(y - REACH, 0)
    around = image[y0 : min(y + REACH + 1, height), x0 : min(x + REACH + 1, width)]
    at_y, at_x = np.nonzero(around != NOBODY)
    if not len(at_x):
        return None
    nearest = np.argmin((at_x + x0 - x) ** 2 + (at_y + y0 - y) ** 2)
    return int(around[at_y[nearest], at_x[nearest]])


def density_image(density: MapDensity, rgb: int) -> U32:
    """uint32[Y, X], premultiplied 0xAARRGGBB, top row first: ``rgb``, the denser the less clear."""
    counts = density.counts[::-1]
    part = np.log1p(counts) / max(float(np.log1p(counts.max())), 1e-9)
    alpha = (DENSEST_ALPHA * part).astype(np.uint32)
    image = alpha << 24
    for shift in (16, 8, 0):
        image |= (alpha * (rgb >> shift & 255) // 255) << shift
    pixels: U32 = image.astype(np.uint32)
    return pixels


def _dots(image: I32, size: int) -> I32:
    """Every entry's pixel grown to a dot of about ``size`` pixels; later entries lie on top."""
    if size < 4:
        return _grown(_grown(image, size, axis=0), size, axis=1)
    wide = _grown(_grown(image, size - 2, axis=0), size, axis=1)
    high = _grown(_grown(image, size, axis=0), size - 2, axis=1)
    return np.maximum(wide, high)


def _grown(image: I32, size: int, axis: int) -> I32:
    """The largest of ``size`` neighbours along an axis, the pixel itself about in the middle."""
    grown = image.copy()
    into, out = np.moveaxis(grown, axis, 0), np.moveaxis(image, axis, 0)
    for shift in range(1, size // 2 + 1):
        np.maximum(into[shift:], out[:-shift], out=into[shift:])
    for shift in range(1, (size - 1) // 2 + 1):
        np.maximum(into[:-shift], out[shift:], out=into[:-shift])
    return grown
