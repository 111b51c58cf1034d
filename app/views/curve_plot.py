"""One plot of learning curves; thins long series to what its width can show.

Imports pyqtgraph, which takes a third of a second: import this module only when a plot is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor

from app.models.curve_points import thinned, within
from app.models.wording import value_text
from app.theme import DARK, Theme
from nec_engine.messages import F64

SYMBOL_SIZE: Final = 6
pg.setConfigOptions(antialias=False, useOpenGL=False)


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """How a series is told apart: by colour, and by line or symbol."""

    name: str
    colour: int  # place in Theme.curves
    symbol: str | None = None  # of pyqtgraph: o circle, t1 triangle up, s square, d diamond
    has_line: bool = True
    is_faint: bool = False


class ShortNumbersAxis(pg.AxisItem):  # type: ignore[misc]
    """An axis whose numbers are written as everywhere else in the window."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if spacing and max((abs(v) for v in values), default=0.0) < 1000:
            decimals = max(0, -int(np.floor(np.log10(spacing * scale) + 1e-9)))
            return [f"{value * scale:.{decimals}f}".replace("-", "−") for value in values]
        return [_thousands(value * scale) for value in values]


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]
    """Series over frames, with level lines; a drag moves, the wheel zooms, double click fits."""

    def __init__(self, title: str, unit: str, styles: tuple[CurveStyle, ...]) -> None:
        axes = {"left": ShortNumbersAxis("left"), "bottom": ShortNumbersAxis("bottom")}
        super().__init__(axisItems=axes)
        self.theme: Theme = DARK
        self._title, self._unit, self._styles = title, unit, styles
        self._data: list[tuple[F64, F64]] = [(np.zeros(0), np.zeros(0)) for _ in styles]
        self._levels: dict[str, Any] = {}
        self.setAccessibleName(f"{title} over frames")
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumSize(150, 90)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._items = [self.plot([], []) for _ in styles]
        self._range_of_data: tuple[float, float] | None = None
        self.getViewBox().sigXRangeChanged.connect(self._thin)
        self.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setStyle(tickLength=-4)
        self.showGrid(x=True, y=True, alpha=0.12)
        self.setTitle(f"{self._title} ({self._unit})", color=theme.text, size="9pt")
        for style, item in zip(self._styles, self._items, strict=True):
            self._apply_style(style, item)
        for line in self._levels.values():
            self._colour_level(line)

    def show_series(self, data: list[tuple[F64, F64]]) -> None:
        """One (x, y) for each style, float64[N] each."""
        self._data = data
        self._thin()

    def show_level(self, name: str, value: float | None) -> None:
        """A dashed line across at ``value``; None takes it away."""
        line = self._levels.get(name)
        if value is None:
            if line is not None:
                self.removeItem(self._levels.pop(name))
            return
        if line is None:
            line = pg.InfiniteLine(angle=0, label=f"{name} {value_text(value)}")
            line.label.setPosition(0.04)
            self._levels[name] = line
            self.addItem(line, ignoreBounds=True)
            self._colour_level(line)
        line.setValue(value)

    def fit(self) -> None:
        """Show everything, and follow as it grows."""
        self.enableAutoRange()

    def _thin(self, *_: object) -> None:
        view = self.getViewBox()
        is_following = bool(view.autoRangeEnabled()[0])
        num_buckets = max(int(view.width()) // 2, 50)
        low, high = view.viewRange()[0]
        for style, item, (x, y) in zip(self._styles, self._items, self._data, strict=True):
            if not is_following:
                x, y = within(x, y, low, high)
            x, y = thinned(x, y, num_buckets // (3 if style.is_faint else 1))
            item.setData(x, y)

    def _apply_style(self, style: CurveStyle, item: Any) -> None:
        colour = QColor(self.theme.curves[style.colour])
        if style.is_faint:
            colour.setAlphaF(0.55)
        item.setPen(pg.mkPen(colour, width=2 if not style.is_faint else 1) if style.has_line else None)
        item.setSymbol(style.symbol)
        if style.symbol is not None:
            item.setSymbolSize(4 if style.is_faint else SYMBOL_SIZE + 1)
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)

    def _colour_level(self, line: Any) -> None:
        line.setPen(pg.mkPen(self.theme.muted, style=Qt.PenStyle.DashLine))
        line.label.setColor(self.theme.muted)

    def mouseDoubleClickEvent(self, event: Any) -> None:
        self.fit()


def _thousands(value: float) -> str:
    if value == 0:
        return "0"
    for unit, word in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= unit:
            return f"{value / unit:.4g}{word}".replace("-", "−")
    return f"{value:.4g}".replace("-", "−")
