"""Which part of the map is on the screen, and where. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from nec_engine.messages import F32, I64

MARGIN: Final = 0.07  # of the screen on each side: for entries that lie far out
OUTLIERS: Final = 0.2  # percent at each end: those
LARGEST_ZOOM: Final = 400.0  # times the fitted scale
SMALLEST_ZOOM: Final = 0.25


@dataclass(frozen=True, slots=True)
class MapFrame:
    """A window on the map: the same scale in both directions, y upwards."""

    width: int  # pixels
    height: int
    x: float = 0.0  # the map's place in the middle of the screen
    y: float = 0.0
    scale: float = 1.0  # pixels for 1 on the map
    fitted_scale: float = 1.0  # at which all of the map is seen

    def fitted(self, xy: F32) -> MapFrame:
        """The entries at places float32[N, 2], N > 0, in sight, but for a few that lie far out."""
        ends = (OUTLIERS, 100 - OUTLIERS)
        x0, x1 = np.percentile(xy[:, 0], ends).tolist()
        y0, y1 = np.percentile(xy[:, 1], ends).tolist()
        room = 1 - 2 * MARGIN
        spans = (max(x1 - x0, 1e-9) / self.width, max(y1 - y0, 1e-9) / self.height)
        scale = room / max(spans)
        return replace(self, x=(x0 + x1) / 2, y=(y0 + y1) / 2, scale=scale, fitted_scale=scale)

    def resized(self, width: int, height: int) -> MapFrame:
        """The same part as far as the new shape allows."""
        grown = min(width / self.width, height / self.height)
        return replace(
            self,
            width=width,
            height=height,
            scale=self.scale * grown,
            fitted_scale=self.fitted_scale * grown,
        )

    def zoomed(self, factor: float, at_x: float, at_y: float) -> MapFrame:
        """``factor`` times as large, and what is at this pixel stays there."""
        least, most = SMALLEST_ZOOM * self.fitted_scale, LARGEST_ZOOM * self.fitted_scale
        scale = min(max(self.scale * factor, least), most)
        x, y = self.place_at(at_x, at_y)
        keep = self.scale / scale
        return replace(self, x=x + (self.x - x) * keep, y=y + (self.y - y) * keep, scale=scale)

    def moved(self, dx: float, dy: float) -> MapFrame:
        """The map pulled along by so many pixels."""
        return replace(self, x=self.x - dx / self.scale, y=self.y + dy / self.scale)

    def place_at(self, pixel_x: float, pixel_y: float) -> tuple[float, float]:
        """What lies at a pixel."""
        return (
            self.x + (pixel_x - self.width / 2) / self.scale,
            self.y - (pixel_y - self.height / 2) / self.scale,
        )

    def pixel_of(self, x: float, y: float) -> tuple[float, float]:
        """Where a place is on the screen."""
        return (
            self.width / 2 + (x - self.x) * self.scale,
            self.height / 2 - (y - self.y) * self.scale,
        )

    def columns_of(self, xy: F32, chosen: I64) -> tuple[F32, F32]:
        """The same for those ``chosen`` of the places float32[N, 2]: all x, all y.

        One direction after the other: numpy is three times as fast on columns.
        """
        x: F32 = (xy[:, 0].take(chosen) - np.float32(self.x)) * np.float32(self.scale)
        y: F32 = (xy[:, 1].take(chosen) - np.float32(self.y)) * np.float32(-self.scale)
        return x + np.float32(self.width / 2), y + np.float32(self.height / 2)
