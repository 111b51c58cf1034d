"""Learning curves: scores by who played, and the measures a person picks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.look.theme import Theme
from app.models.training.curve_measures import (
    MEAN_OF_EPISODES,
    MEASURES,
    SCORE_TIP,
    SCORES,
    measure_points,
    score_points,
)
from app.models.wording import value_text
from app.views.widgets.flow_layout import FlowLayout
from app.views.widgets.panel import Clock, Panel, muted
from nec_engine.messages import Curves

if TYPE_CHECKING:
    from app.views.training.curve_plot import CurvePlot

REFRESH_MS: Final = 150  # one plot each time, so that no painting takes long
SHOWN_FIRST: Final = (SCORES, "max Q")


class CurvesView(Panel):
    """Plots side by side, one for the scores and one for each measure switched on.

    The plots are made when the first curves are seen: their library is slow to import, and the
    game should not wait for it.
    """

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Learning curves", REFRESH_MS, parent, clock)
        self._curves: Curves | None = None
        self._due: list[str] = []  # plots to be brought up to date, one each refresh
        self.plots: dict[str, CurvePlot] = {}
        self.buttons: dict[str, QToolButton] = {}
        self.hint = muted(QLabel("Open a game to see how the agent learns it."))
        self.legend = tuple(muted(QLabel()) for _ in range(6))
        self._row = QHBoxLayout()
        self._lay_out()
        self.set_theme(self.theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        for plot in self.plots.values():
            plot.set_theme(theme)
        self._show_legend()

    def show_curves(self, curves: Curves | None) -> None:
        """Plot ``curves``; None when no game is open."""
        self._curves = curves
        if curves is None:
            self.fit()  # how far one has zoomed in means nothing in another game
        self._refresh_all()

    def fit(self) -> None:
        """Show every curve whole."""
        for plot in self.plots.values():
            plot.fit()

    def refresh(self) -> None:
        self.hint.setVisible(self._curves is None)
        self._show_legend()
        for name, plot in self.plots.items():
            plot.setVisible(self._is_shown(name))
        while self._due:
            name = self._due.pop(0)
            if self._is_shown(name) and self._curves is not None:
                self._plot(name, self._curves)
                break
        if self._due:
            self.request_refresh()

    def _refresh_all(self) -> None:
        self._due += [name for name in self.buttons if name not in self._due]
        self.request_refresh()

    def _refresh_first(self, name: str) -> None:
        self._due = [name, *(other for other in self._due if other != name)]
        self.request_refresh()

    def _is_shown(self, name: str) -> bool:
        return self._curves is not None and self.buttons[name].isChecked()

    def _plot(self, name: str, curves: Curves) -> None:
        if name not in self.plots:
            self._add_plot(name)
        plot = self.plots[name]
        if name == SCORES:
            plot.show_series(score_points(curves))
            plot.show_level("random", curves.random_score, is_fitted=True)
            plot.show_level("human", curves.human_score)
        else:
            plot.show_series(measure_points(name, curves))

    def _add_plot(self, name: str) -> None:
        from app.views.training.curve_plot import CurvePlot, CurveStyle

        if name == SCORES:
            training = CurveStyle(0, symbol="o", is_faint=True)
            agent, person = CurveStyle(3, symbol="d"), CurveStyle(1, symbol="t1")
            plot = CurvePlot("score by frames", "points", (training, CurveStyle(0), agent, person))
            plot.setToolTip(SCORE_TIP)
        else:
            place = next(i for i, measure in enumerate(MEASURES) if measure.name == name)
            styles = (CurveStyle(place, is_faint=True), CurveStyle(place))
            plot = CurvePlot(name, MEASURES[place].unit, styles)
            plot.setToolTip(f"{MEASURES[place].explanation} Thin: each value; thick: their mean.")
        plot.set_theme(self.theme)
        order = list(self.buttons)
        before = sum(order.index(other) < order.index(name) for other in self.plots)
        self.plots[name] = plot
        self._row.insertWidget(before, plot, 2 if name == SCORES else 1)

    def _show_legend(self) -> None:
        curves, colours = self._curves, self.theme.curves
        texts = [
            f'<span style="color:{colours[0]}">•</span> training',
            f'<span style="color:{colours[0]}">▬</span> mean of {MEAN_OF_EPISODES}',
            f'<span style="color:{colours[3]}">◆</span> agent, live',
            f'<span style="color:{colours[1]}">▲</span> you, live',
        ]
        for name in ("random", "human"):
            value = getattr(curves, f"{name}_score") if curves else None
            texts.append("" if value is None else f"╌ {name} {value_text(value)}")
        for label, text in zip(self.legend, texts, strict=True):
            label.setText(text)
            label.setHidden(not text)

    def _lay_out(self) -> None:
        top = FlowLayout()
        tips = {SCORES: SCORE_TIP} | {m.name: m.explanation for m in MEASURES}
        for name, tip in tips.items():
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setChecked(name in SHOWN_FIRST)
            button.setToolTip(tip)
            button.setAccessibleName(f"Plot {name}")
            button.toggled.connect(lambda _, name=name: self._refresh_first(name))
            self.buttons[name] = button
            top.addWidget(button)
        fit_button = QToolButton()
        fit_button.setText("Fit")
        fit_button.setToolTip("Show every curve whole, and follow as it grows (double click)")
        fit_button.setAccessibleName("Fit all plots")
        fit_button.clicked.connect(self.fit)
        top.addWidget(fit_button)
        for label in self.legend:
            label.setContentsMargins(6, 0, 0, 0)
            top.addWidget(label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.hint, 1, Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(self._row, 1)
