"""One plot of learning curves; thins long series to what its width can show.

Imports pyqtgraph, which takes a third of a second: import this module only when a plot is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFontMetricsF
from PyQt6.QtWidgets import QGraphicsRectItem, QGraphicsSimpleTextItem

from app.look.theme import DARK, Theme
from app.models.training.curve_points import every_nth, thinned, within
from app.models.wording import LEAST_VALUE, tick_text
from app.views.widgets.marks import faded
from nec_engine.messages import F64

MOST_SYMBOLS: Final = 600
GAP: Final = 6.0  # pixels between two numbers of an axis, at least
LEAST_SPAN: Final = 1000.0  # frames; of a first point alone pyqtgraph would show one
COARSER: Final = (1, 2, 5, 10)  # times the space between two ticks


@dataclass(frozen=True, slots=True)
class CurveStyle:
    """How a series is told apart: by colour, and by line or symbol."""

    colour: int  # place in Theme.curves
    symbol: str | None = None  # of pyqtgraph: o circle, t1 triangle up, d diamond; None: a line
    is_faint: bool = False


class ShortNumbersAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph has no types
    """An axis whose numbers are written as everywhere else in the window, and never overlap."""

    def tickSpacing(self, low: float, high: float, pixels: float) -> list[tuple[float, float]]:
        levels: list[tuple[float, float]] = super().tickSpacing(low, high, pixels)
        if self.orientation != "bottom":
            return levels
        spacing = levels[0][0]
        for times in COARSER:
            coarser = spacing * times
            pixels_apart = coarser / max(high - low, 1e-30) * pixels
            if pixels_apart > self._widest(low, high, coarser):
                break
        return levels if times == 1 else [(coarser, 0.0), *levels]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [tick_text(value * scale, spacing * scale) for value in values]

    def _widest(self, low: float, high: float, spacing: float) -> float:
        """Pixels of the longest number of ticks ``spacing`` apart, with a gap."""
        metrics = QFontMetricsF(self.style["tickFont"] or self.font())
        first, last = math.ceil(low / spacing), math.floor(high / spacing)
        texts = self.tickStrings([i * spacing for i in range(first, last + 1)], 1.0, spacing)
        return GAP + max((metrics.horizontalAdvance(text) for text in texts), default=0.0)


class CurvePlot(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph has no types
    """Series over frames, with level lines; a drag moves, the wheel zooms, double click fits.

    No grid: pyqtgraph's costs 7 ms a painting, six times all the rest.
    """

    def __init__(self, title: str, unit: str, styles: tuple[CurveStyle, ...]) -> None:
        axes = {"left": ShortNumbersAxis("left"), "bottom": ShortNumbersAxis("bottom")}
        super().__init__(axisItems=axes, enableMenu=False)
        menu = self.plotItem.ctrlMenu  # made without an owner, and never deleted then
        menu.setParent(self, menu.windowFlags())
        self.theme: Theme = DARK
        self.num_shown = [0 for _ in styles]
        self._title, self._unit, self._styles = title, unit, styles
        self._data: list[tuple[F64, F64]] = [(np.zeros(0), np.zeros(0)) for _ in styles]
        self.levels: dict[str, Any] = {}
        self._fitted_levels: set[str] = set()  # names of levels
        self.setAccessibleName(f"{title} over frames")
        self.hideButtons()
        self.setMinimumSize(150, 80)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._backing = QGraphicsRectItem(self.getViewBox())  # inside: no line of its own
        self._backing.setPen(pg.mkPen(None))
        self._backing.setZValue(10)
        self.getViewBox().setLimits(minXRange=LEAST_SPAN, minYRange=LEAST_VALUE)
        self._words = QGraphicsSimpleTextItem(self._backing)
        self._items = [self.plot([], []) for _ in styles]
        self.getViewBox().sigXRangeChanged.connect(self._thin)
        self.getViewBox().sigResized.connect(self._centre_title)
        self.getViewBox().sigYRangeChanged.connect(self._show_levels_in_range)
        self.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        self.setBackground(theme.panel)
        for side in ("left", "bottom"):
            axis = self.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(self.font())
            axis.setStyle(tickLength=-4)
        self._show_title()
        for style, item in zip(self._styles, self._items, strict=True):
            self._apply_style(style, item)
        for line in self.levels.values():
            self._colour_level(line)

    def show_series(self, data: list[tuple[F64, F64]]) -> None:
        """One (x, y) for each style, float64[N] each, every one a number, x never decreasing."""
        self._data = data
        self._show_title()
        self._thin()

    def show_level(self, name: str, value: float | None, *, is_fitted: bool = False) -> None:
        """A dashed line across at ``value``; None takes it away.

        A view that fits the curves shows it too where ``is_fitted``.
        """
        line = self.levels.get(name)
        if value is None:
            if line is not None:
                self.removeItem(self.levels.pop(name))
            return
        if line is None:
            options = {"position": 0.98, "anchors": [(1, 0), (1, 1)]}
            line = pg.InfiniteLine(angle=0, label=name, labelOpts=options)
            self.levels[name] = line
            self.addItem(line, ignoreBounds=not is_fitted)
            if is_fitted:
                self._fitted_levels.add(name)
            self._colour_level(line)
        line.setValue(value)
        self._show_levels_in_range()

    def fit(self) -> None:
        """Show everything, and follow as it grows."""
        self.enableAutoRange()
        self._show_levels_in_range()

    @property
    def title(self) -> str:
        """The words at the top of the plot."""
        return self._words.text()

    @property
    def is_empty(self) -> bool:
        return not any(len(y) for _, y in self._data)

    def _thin(self, *_: object) -> None:
        view = self.getViewBox()
        is_following = bool(view.autoRangeEnabled()[0])
        num_buckets = max(int(view.width()) // 2, 50)
        low, high = view.viewRange()[0]
        for i, (style, (x, y)) in enumerate(zip(self._styles, self._data, strict=True)):
            if not is_following:
                x, y = within(x, y, low, high)
            if style.symbol is not None:
                x, y = every_nth(x, y, MOST_SYMBOLS)
            else:
                x, y = thinned(x, y, num_buckets)
            self.num_shown[i] = len(y)
            self._items[i].setData(x, y)

    def _show_levels_in_range(self, *_: object) -> None:
        view = self.getViewBox()
        low, high = view.viewRange()[1]
        fitted = self._fitted_levels if view.autoRangeEnabled()[1] else ()
        for name, line in self.levels.items():
            line.setVisible(name in fitted or low < line.value() < high)

    def _show_title(self) -> None:
        words = f"{self._title}: nothing yet" if self.is_empty else f"{self._title} ({self._unit})"
        self._words.setText(words)
        self._words.setBrush(QColor(self.theme.text))
        self._backing.setBrush(faded(self.theme.panel, 0.75))
        self._centre_title()
        for side in ("left", "bottom"):
            self.getAxis(side).setStyle(showValues=not self.is_empty)

    def _centre_title(self, *_: object) -> None:
        room = self.getViewBox().width() - self._words.boundingRect().width()
        self._backing.setRect(self._words.boundingRect())
        self._backing.setPos(max(room / 2, 2.0), 0.0)

    def _apply_style(self, style: CurveStyle, item: Any) -> None:
        colour = QColor(self.theme.curves[style.colour % len(self.theme.curves)])
        if style.is_faint:
            colour.setAlphaF(0.45)
        if style.symbol is None:
            item.setPen(pg.mkPen(colour, width=1 if style.is_faint else 2))
            return
        item.setPen(None)
        item.setSymbol(style.symbol)
        item.setSymbolSize(4 if style.is_faint else 8)
        item.setSymbolBrush(colour)
        item.setSymbolPen(None)

    def _colour_level(self, line: Any) -> None:
        line.setPen(pg.mkPen(self.theme.muted, style=Qt.PenStyle.DashLine))
        line.label.setColor(self.theme.muted)

    def mouseDoubleClickEvent(self, _: Any) -> None:
        self.fit()
