"""Learning curves: scores by who played, and the measures a person picks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from app.models.curve_measures import MEASURES
from app.models.curve_points import running_mean
from app.models.wording import value_text
from app.theme import Theme
from app.views.panel import Clock, Panel
from nec_engine.messages import F64, Curves, Series

if TYPE_CHECKING:
    from app.views.curve_plot import CurvePlot

REFRESH_MS: Final = 400
MEAN_OF: Final = 100  # episodes
SCORES: Final = "score"
SHOWN_FIRST: Final = (SCORES, "max Q")


class CurvesView(Panel):
    """Plots side by side, one for the scores and one for each measure switched on.

    The plots are made when the first curves are seen: their library is slow to import, and the
    game should not wait for it.
    """

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__("Learning curves", REFRESH_MS, parent, clock)
        self._curves: Curves | None = None
        self.plots: dict[str, CurvePlot] = {}
        self.buttons: dict[str, QToolButton] = {}
        self._hint = self.add_muted_label(QLabel("The first finished episode begins the curves."))
        self._legend = self.add_muted_label(QLabel())
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
        self.request_refresh()

    def set_shown(self, name: str, is_shown: bool) -> None:
        """Switch the plot of the scores, or of a measure, on or off."""
        self.buttons[name].setChecked(is_shown)

    def fit(self) -> None:
        """Show every curve whole."""
        for plot in self.plots.values():
            plot.fit()

    def refresh(self) -> None:
        curves = self._curves
        self._hint.setVisible(curves is None)
        self._show_legend()
        for name, button in self.buttons.items():
            is_shown = button.isChecked() and curves is not None
            if is_shown and name not in self.plots:
                self._add_plot(name)
            if name in self.plots:
                self.plots[name].setVisible(is_shown)
            if is_shown and curves is not None:
                self._plot(name, curves)

    def _plot(self, name: str, curves: Curves) -> None:
        plot = self.plots[name]
        if name != SCORES:
            measure = next(m for m in MEASURES if m.name == name)
            series = measure.series(curves)
            plot.show_series([(series.x, series.y)])
            return
        training = curves.training_scores
        plot.show_series(
            [
                (training.x, training.y),
                (training.x, running_mean(training.y, MEAN_OF)),
                _points(curves.live_agent_scores),
                _points(curves.live_person_scores),
            ]
        )
        plot.show_level("random", curves.random_score)
        plot.show_level("human", curves.human_score)

    def _add_plot(self, name: str) -> None:
        from app.views.curve_plot import CurvePlot, CurveStyle

        if name == SCORES:
            styles: tuple[CurveStyle, ...] = (
                CurveStyle("training", 0, symbol="o", has_line=False, is_faint=True),
                CurveStyle("mean of 100", 0),
                CurveStyle("agent, live", 3, symbol="d", has_line=False),
                CurveStyle("you, live", 1, symbol="t1", has_line=False),
            )
            plot = CurvePlot("score", "points an episode", styles)
        else:
            place = next(i for i, m in enumerate(MEASURES) if m.name == name)
            measure = MEASURES[place]
            style = CurveStyle(name, place % len(self.theme.curves))
            plot = CurvePlot(measure.name, measure.unit, (style,))
            plot.setToolTip(measure.explanation)
        plot.set_theme(self.theme)
        self.plots[name] = plot
        order = list(self.buttons)
        place = sum(order.index(other) < order.index(name) for other in self.plots)
        self._row.insertWidget(place, plot, 2 if name == SCORES else 1)

    def _show_legend(self) -> None:
        curves, colours = self._curves, self.theme.curves
        parts = [
            f'<span style="color:{colours[0]}">•</span> training',
            f'<span style="color:{colours[0]}">▬</span> mean of {MEAN_OF}',
            f'<span style="color:{colours[3]}">◆</span> agent, live',
            f'<span style="color:{colours[1]}">▲</span> you, live',
        ]
        for name in ("random", "human"):
            value = getattr(curves, f"{name}_score") if curves else None
            if value is not None:
                parts.append(f"╌ {name} {value_text(value)}")
        self._legend.setText("&nbsp;&nbsp; ".join(parts))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        tips = {SCORES: "Score of each episode, by who played it"}
        tips |= {measure.name: measure.explanation for measure in MEASURES}
        for name, tip in tips.items():
            button = QToolButton()
            button.setText(name)
            button.setCheckable(True)
            button.setChecked(name in SHOWN_FIRST)
            button.setToolTip(tip)
            button.setAccessibleName(f"Plot {name}")
            button.toggled.connect(self.request_refresh)
            self.buttons[name] = button
            top.addWidget(button)
        top.addStretch(1)
        fit_button = QToolButton()
        fit_button.setText("Fit")
        fit_button.setToolTip("Show every curve whole, and follow as it grows (double click)")
        fit_button.setAccessibleName("Fit all plots")
        fit_button.clicked.connect(self.fit)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        top.addWidget(fit_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self._legend)
        layout.addWidget(self._hint, 1, Qt.AlignmentFlag.AlignCenter)
        layout.addLayout(self._row, 1)


def _points(series: Series) -> tuple[F64, F64]:
    return series.x, series.y
