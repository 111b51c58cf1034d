import dataclasses

import numpy as np
import pytest
from made_messages import Clock, show_panel
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.training.curve_measures import MEASURES, SCORES
from app.models.wording import LEAST_VALUE
from app.views.training.curve_plot import LEAST_SPAN, CurvePlot, CurveStyle
from app.views.training.curves_view import CurvesView
from nec_engine.messages import Curves, Series

NOTHING = np.zeros(0)


def make_curves(num_episodes: int, person: tuple[float, ...] = ()) -> Curves:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 4e6, num_episodes))
    y = rng.normal(-10, 3, num_episodes)

    def measure(name: str) -> Series:
        return Series(name, x, np.abs(y))

    return Curves(
        training_scores=Series("training", x, y),
        live_agent_scores=Series("agent", NOTHING, NOTHING),
        live_person_scores=Series(
            "you", np.arange(len(person), dtype=np.float64) * 1e5, np.array(person)
        ),
        mean_max_q=measure("max Q"),
        loss=measure("loss"),
        epsilon=measure("epsilon"),
        effective_neighbours=measure("effective"),
        recall_at_50=measure("recall"),
        steps_per_s=measure("speed"),
        random_score=-20.7,
        human_score=14.6,
    )


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> CurvesView:
    view = CurvesView(clock=clock)
    show_panel(view, qtbot, clock, (1200, 200))
    return view


def show(view: CurvesView, clock: Clock, curves: Curves) -> None:
    """Show curves and let every plot have its turn."""
    view.show_curves(curves)
    for _ in view.buttons:
        clock.now_s += 1
        view.request_refresh()


def test_the_score_of_random_play_is_always_in_a_view_that_fits(
    view: CurvesView, clock: Clock, qtbot: QtBot
) -> None:
    show(view, clock, dataclasses.replace(make_curves(1), random_score=307.0, human_score=6952.0))
    plot = view.plots[SCORES]

    def is_in_view(name: str) -> bool:
        low, high = plot.getViewBox().viewRange()[1]
        return bool(plot.levels[name].isVisible() and low < plot.levels[name].value() < high)

    qtbot.waitUntil(lambda: is_in_view("random"))
    assert not plot.levels["human"].isVisible()
    plot.setYRange(-20, -5)
    qtbot.waitUntil(lambda: not plot.levels["random"].isVisible())
    plot.fit()
    qtbot.waitUntil(lambda: is_in_view("random"))
    assert not plot.levels["human"].isVisible()


@pytest.mark.parametrize("frames", [7.0, 1000.0, 12_000_400.0])
def test_the_ticks_of_a_first_point_have_room_beside_each_other(
    qtbot: QtBot, frames: float
) -> None:
    plot = CurvePlot("Score", "points", (CurveStyle(0),))
    qtbot.addWidget(plot)
    plot.resize(230, 130)
    plot.show()
    qtbot.waitExposed(plot)
    plot.show_series([(np.array([frames]), np.zeros(1))])
    axis, view = plot.getAxis("bottom"), plot.getViewBox()
    qtbot.waitUntil(lambda: view.viewRange()[0][1] - view.viewRange()[0][0] >= LEAST_SPAN)
    (spacing, values), *_ = axis.tickValues(*view.viewRange()[0], view.width())
    texts = axis.tickStrings(values, 1.0, spacing)
    assert len(set(texts)) == len(texts) >= 2
    pixels_apart = spacing / (view.viewRange()[0][1] - view.viewRange()[0][0]) * view.width()
    assert max(plot.fontMetrics().horizontalAdvance(text) for text in texts) < pixels_apart


def test_the_ticks_of_a_curve_of_rounding_errors_differ(qtbot: QtBot) -> None:
    plot = CurvePlot("max Q", "points", (CurveStyle(0),))
    qtbot.addWidget(plot)
    plot.resize(230, 130)
    plot.show()
    plot.show_series([(np.arange(3.0), np.array([0.0, 3e-17, 1e-17]))])
    axis, view = plot.getAxis("left"), plot.getViewBox()
    qtbot.waitUntil(lambda: view.viewRange()[1][1] - view.viewRange()[1][0] >= LEAST_VALUE)
    (spacing, values), *_ = axis.tickValues(*view.viewRange()[1], view.height())
    texts = axis.tickStrings(values, 1.0, spacing)
    assert len(set(texts)) == len(texts) >= 2


def test_training_live_agent_and_person_are_never_in_one_series(
    view: CurvesView, clock: Clock
) -> None:
    show(view, clock, make_curves(30, person=(3.0, 5.0)))
    training, mean, agent, person = view.plots[SCORES].num_shown
    assert (training, mean, agent, person) == (30, 30, 0, 2)


def test_random_and_human_scores_are_lines_and_numbers(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(30))
    assert set(view.plots[SCORES].levels) == {"random", "human"}
    words = [label.text() for label in view.legend if not label.isHidden()]
    assert "╌ random −20.7" in words
    assert "╌ human 14.6" in words


def test_only_what_is_switched_on_is_plotted(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(30))
    assert set(view.plots) == {SCORES, "max Q"}
    view.buttons["loss"].setChecked(True)
    view.buttons[SCORES].setChecked(False)
    clock.now_s += 1
    view.refresh()
    assert "loss" in view.plots
    assert not view.plots[SCORES].isVisible()


def test_a_hidden_panel_plots_nothing(view: CurvesView, clock: Clock) -> None:
    view.hide()
    show(view, clock, make_curves(30))
    assert view.plots == {}


def test_a_hundred_thousand_points_are_thinned_to_what_the_plot_can_show(
    view: CurvesView, clock: Clock
) -> None:
    for measure in MEASURES:
        view.buttons[measure.name].setChecked(True)
    curves = make_curves(100_000)
    show(view, clock, curves)
    assert len(view.plots) == 1 + len(MEASURES)
    for plot in view.plots.values():
        assert max(plot.num_shown) <= 2500


def test_one_refresh_brings_one_plot_up_to_date(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(10))
    clock.now_s += 1
    view.show_curves(make_curves(20))
    shown = [plot.num_shown[0] for plot in view.plots.values()]
    assert sorted(shown) == [10, 20]


def test_zooming_in_shows_the_points_that_were_thinned_away(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(100_000))
    plot = view.plots[SCORES]
    plot.setXRange(1e6, 1.001e6, padding=0)
    assert 15 <= plot.num_shown[0] <= 40  # all of the 25 or so that lie there
    plot.fit()


def test_points_without_a_number_are_left_out(view: CurvesView, clock: Clock) -> None:
    curves = make_curves(10)
    curves.loss.y[3] = np.nan
    view.buttons["loss"].setChecked(True)
    show(view, clock, curves)
    assert view.plots["loss"].num_shown[0] == 9


def test_curves_without_a_point_say_so(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(0))
    assert all(plot.is_empty for plot in view.plots.values())
    assert "nothing yet" in view.plots[SCORES].title
    assert not view.grab().isNull()


def test_without_a_game_there_is_a_hint_instead_of_plots(view: CurvesView, clock: Clock) -> None:
    view.show_curves(None)
    assert view.hint.isVisible()
    show(view, clock, make_curves(3))
    assert not view.hint.isVisible()


def test_both_themes_are_painted(view: CurvesView, clock: Clock) -> None:
    show(view, clock, make_curves(300, person=(1.0,)))
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        assert not view.grab().isNull()


def test_every_control_has_a_tooltip_and_a_name(view: CurvesView) -> None:
    for button in view.buttons.values():
        assert button.toolTip()
        assert button.accessibleName()


def test_another_game_is_shown_from_its_start_however_far_one_had_zoomed_in(
    view: CurvesView, clock: Clock
) -> None:
    show(view, clock, make_curves(400))
    name = next(name for name in view.plots if view.plots[name].isVisible())
    view.plots[name].setXRange(3.3e5, 3.7e5, padding=0)
    view.show_curves(None)
    show(view, clock, make_curves(300))
    view.grab()  # how far a plot reaches is worked out as it is painted
    low, high = view.plots[name].viewRange()[0]
    assert low < 1e5
    assert high > 3.5e6
