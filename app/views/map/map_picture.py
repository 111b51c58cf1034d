"""The map as one ready picture, made anew only when what it shows has changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSize, Qt
from PyQt6.QtGui import QImage, QPainter, QPolygonF

from app.look.theme import DARK, Theme
from app.models.map.map_frame import MapFrame
from app.models.map.map_raster import coloured, density_image, entry_image, entry_near
from nec_engine.messages import F32, I32, I64, U8, U32, MapDensity


@dataclass(frozen=True, slots=True)
class Layout:
    """The entries of a map as they are drawn; ``shown`` are those that are, ascending."""

    xy: F32
    shown: I64
    codes: U8
    palette: U32
    density: MapDensity | None


class MapPicture:
    """Layout, frame and theme in; a picture out, and the entry at each pixel. Qt's thread."""

    def __init__(self) -> None:
        self.theme: Theme = DARK
        self._layout: Layout | None = None
        self._frame = MapFrame(1, 1)
        self._ratio = 1.0
        self._entries: I32 | None = None
        self._image: QImage | None = None

    @property
    def layout(self) -> Layout | None:
        return self._layout

    @property
    def frame(self) -> MapFrame:
        return self._frame

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self._image = None

    def set_layout(self, layout: Layout | None) -> None:
        """Other entries, or the same in other colours: then they are not laid out again."""
        before, self._layout, self._image = self._layout, layout, None
        if (
            before is None
            or layout is None
            or before.xy is not layout.xy
            or not np.array_equal(before.shown, layout.shown)
        ):
            self._entries = None

    def set_frame(self, frame: MapFrame) -> None:
        self._frame = frame
        self._entries = self._image = None

    def image(self, pixel_ratio: float) -> QImage | None:
        """The picture for a screen with so many pixels for one of the frame; None: no layout."""
        layout, entries = self._layout, self.entries(pixel_ratio)
        if layout is None or entries is None:
            return None
        if self._image is None:
            self._image = _image_of(coloured(entries, layout.codes, layout.palette))
            self._image.setDevicePixelRatio(pixel_ratio)
            if layout.density is not None:
                self._image = self._over_density(self._image, layout.density)
        return self._image

    def entries(self, pixel_ratio: float) -> I32 | None:
        """Which entry each pixel shows, int32[H, W]."""
        if pixel_ratio != self._ratio:
            self._ratio, self._entries, self._image = pixel_ratio, None, None
        if self._entries is None and self._layout is not None:
            self._entries = entry_image(
                self._layout.xy, self._layout.shown, self._frame, pixel_ratio
            )
        return self._entries

    def entry_at(self, at: QPointF, pixel_ratio: float) -> int | None:
        """The entry at a pixel of the frame, or very near to it."""
        entries = self.entries(pixel_ratio)
        if entries is None:
            return None
        return entry_near(entries, round(at.x() * pixel_ratio), round(at.y() * pixel_ratio))

    def entries_inside(self, polygon: QPolygonF) -> I64:
        """The shown entries in sight whose middle lies inside, ascending."""
        if self._layout is None:
            return np.empty(0, np.int64)
        size = QSize(self._frame.width, self._frame.height)
        mask = QImage(size, QImage.Format.Format_Grayscale8)
        mask.fill(Qt.GlobalColor.black)
        painter = QPainter(mask)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.white)
        painter.drawPolygon(polygon)
        painter.end()
        bits = mask.constBits()
        assert bits is not None
        lines = np.frombuffer(bits.asstring(mask.sizeInBytes()), np.uint8)
        is_inside = lines.reshape(size.height(), mask.bytesPerLine()) > 0
        shown = self._layout.shown
        x, y = (
            column.astype(np.int64) for column in self._frame.columns_of(self._layout.xy, shown)
        )
        seen = np.flatnonzero((x > 0) & (x < size.width()) & (y > 0) & (y < size.height()))
        inside: I64 = shown[seen[is_inside[y[seen], x[seen]]]]
        return inside

    def _over_density(self, points: QImage, density: MapDensity) -> QImage:
        whole = QImage(points.size(), QImage.Format.Format_ARGB32_Premultiplied)
        whole.setDevicePixelRatio(points.devicePixelRatio())
        whole.fill(Qt.GlobalColor.transparent)
        pixels = density_image(density, int(self.theme.muted[1:], 16))
        left, bottom = self._frame.pixel_of(*density.low)
        right, top = self._frame.pixel_of(*density.high)
        painter = QPainter(whole)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, top, right - left, bottom - top), _image_of(pixels))
        painter.drawImage(QPointF(), points)
        painter.end()
        return whole


def _image_of(pixels: U32) -> QImage:
    """An image of its own from uint32[H, W], 0xAARRGGBB premultiplied."""
    height, width = pixels.shape
    kind = QImage.Format.Format_ARGB32_Premultiplied
    return QImage(pixels.tobytes(), width, height, 4 * width, kind).copy()
