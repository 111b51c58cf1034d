import pytest
from made_messages import (
    Clock,
    decision_without_memory,
    make_decision,
    make_evidence,
    show_panel,
)
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QHelpEvent
from PyQt6.QtWidgets import QToolTip
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.views.why.why_view import FACTS, WhyView
from nec_engine.messages import Choice


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> WhyView:
    view = WhyView(clock=clock)
    show_panel(view, qtbot, clock, (400, 380))
    return view


def row_centre(view: WhyView, action: int) -> QPoint:
    return view.bars.geometry_of_rows().row(action).center().toPoint()


@pytest.mark.parametrize("num_actions", [1, 6, 18])
@pytest.mark.parametrize("centre", [3.0, -2.0, 0.1, 250_000.0])
def test_the_bars_drawn_add_up_to_the_q_shown(
    view: WhyView, num_actions: int, centre: float
) -> None:
    decision = make_decision(num_actions, centre=centre)
    view.show_decision(decision)
    bars = view.bars
    layout = bars.geometry_of_rows()
    per_unit = layout.bar_width / (bars.scale.high - bars.scale.low)
    for evidence, segments in zip(decision.evidence, bars.segments, strict=True):
        drawn = sum(bars.x_of(s.end) - bars.x_of(s.start) for s in segments)
        assert drawn == pytest.approx(per_unit * evidence.q, abs=0.05)


def test_eighteen_rows_fit_without_overlap_or_scrolling(view: WhyView) -> None:
    view.show_decision(make_decision(18))
    layout = view.bars.geometry_of_rows()
    assert layout.bottom + layout.small_height <= view.bars.height()
    assert layout.row_height >= layout.font.pixelSize()
    assert layout.bar(0).left() >= layout.name(0).right()
    assert layout.number(0).left() >= layout.bar(0).right()


def test_a_click_on_a_row_chooses_its_action_and_a_second_click_the_best_again(
    view: WhyView, qtbot: QtBot
) -> None:
    view.show_decision(make_decision(6))
    chosen: list[object] = []
    view.action_clicked.connect(chosen.append)
    for _ in range(2):
        qtbot.mouseClick(view.bars, Qt.MouseButton.LeftButton, pos=row_centre(view, 4))
    assert chosen == [4, None]


def test_up_and_down_choose_without_a_mouse(view: WhyView, qtbot: QtBot) -> None:
    decision = make_decision(6)
    view.show_decision(decision)
    chosen: list[object] = []
    view.action_clicked.connect(chosen.append)
    qtbot.keyClick(view.bars, Qt.Key.Key_Up)
    qtbot.keyClick(view.bars, Qt.Key.Key_Up)
    assert chosen == [decision.best_action - 1, decision.best_action - 2]


def test_a_click_beside_the_rows_chooses_nothing(view: WhyView, qtbot: QtBot) -> None:
    view.show_decision(make_decision(6))
    with qtbot.assertNotEmitted(view.action_clicked):
        below = QPoint(100, view.bars.height() - 2)
        qtbot.mouseClick(view.bars, Qt.MouseButton.LeftButton, pos=below)


def test_the_sentence_and_the_facts_say_why(view: WhyView) -> None:
    decision = make_decision(6, choice=Choice.EXPLORED, action=0)
    view.show_decision(decision)
    assert view.sentence.text().startswith("NOOP (")
    texts = view.facts.texts
    assert (texts["choice"], texts["epsilon"]) == ("explored", "5 %")
    assert (texts["familiar"], texts["nearest"]) == ("100 %", "0")
    assert texts["effective"].endswith(" of 50")
    assert "epsilon 5 %" in view.facts.accessibleDescription()


def test_every_number_is_explained_by_a_tooltip(view: WhyView) -> None:
    for i, fact in enumerate(FACTS):
        position = view.facts.cell(i).center().toPoint()
        place = view.facts.mapToGlobal(position)
        view.facts.event(QHelpEvent(QEvent.Type.ToolTip, position, place))
        assert QToolTip.text() == fact.explanation
    QToolTip.hideText()


def test_a_low_panel_gives_the_room_of_the_legend_to_the_bars(view: WhyView) -> None:
    assert view.legend.isVisible()
    view.resize(280, 300)
    assert not view.legend.isVisible()


def test_the_pointer_over_a_piece_is_told_which_memory_it_is(view: WhyView) -> None:
    decision = make_decision(6)
    view.show_decision(decision)
    bars = view.bars
    largest = bars.segments[2][0]
    x = (bars.x_of(largest.start) + bars.x_of(largest.end)) / 2
    place = QPointF(x, bars.geometry_of_rows().row(2).center().y())
    assert bars.segment_at(place) == largest
    position = place.toPoint()
    bars.event(QHelpEvent(QEvent.Type.ToolTip, position, bars.mapToGlobal(position)))
    assert f"neighbour {largest.neighbour + 1}" in QToolTip.text()
    assert "by person" in QToolTip.text()
    QToolTip.hideText()


def test_a_hidden_panel_works_nothing_out_until_it_is_seen(view: WhyView, qtbot: QtBot) -> None:
    view.show_decision(make_decision(6, number=1))
    view.hide()
    view.show_decision(make_decision(6, number=2))
    assert view.bars.decision is not None
    assert view.bars.decision.number == 1
    view.show()
    qtbot.waitUntil(lambda: view.bars.decision is not None and view.bars.decision.number == 2)


def test_busy_decisions_are_shown_at_most_fifteen_times_a_second(
    view: WhyView, clock: Clock, qtbot: QtBot
) -> None:
    shown = set()
    for number in range(100):
        clock.now_s += 0.01
        view.show_decision(make_decision(1, number=number))
        assert view.bars.decision is not None
        shown.add(view.bars.decision.number)
    assert 14 <= len(shown) <= 17


def test_the_prior_has_a_column_when_there_is_one(view: WhyView) -> None:
    view.show_decision(make_decision(6))
    assert view.bars.geometry_of_rows().unfamiliar_width == 0
    evidence = tuple(make_evidence(a, prior=(0.3, 0.0)) for a in range(6))
    view.bars.show_decision(make_decision(evidence=evidence), 0.0)
    assert view.bars.geometry_of_rows().unfamiliar_width > 0


def test_the_prior_is_one_more_voice(view: WhyView) -> None:
    evidence = tuple(make_evidence(a, prior=(0.3, 0.0)) for a in range(6))
    view.show_decision(make_decision(evidence=evidence))
    assert view.facts.texts["effective"].endswith(f" of {len(evidence[0].slots) + 1}")


@pytest.mark.parametrize("num_actions", [1, 6, 18])
def test_every_state_is_painted_in_both_themes_and_at_any_size(
    view: WhyView, num_actions: int
) -> None:
    for theme in (DARK, LIGHT):
        view.set_theme(theme)
        for choice, num_neighbours in ((Choice.EMPTY, 0), (Choice.PERSON, 1), (Choice.GREEDY, 50)):
            for width, height in ((240, 200), (400, 380), (900, 1200)):
                view.resize(width, height)
                view.show_decision(
                    make_decision(num_actions, choice=choice, num_neighbours=num_neighbours)
                )
                assert not view.grab().isNull()


def test_no_decision_is_a_state_too(view: WhyView) -> None:
    view.show_decision(None)
    assert view.sentence.text().startswith("No decision to explain yet")
    assert not view.grab().isNull()


def test_an_agent_without_memories_has_bars_and_says_so(view: WhyView) -> None:
    view.show_decision(decision_without_memory())
    assert "without memories" in view.sentence.text()
    assert view.facts.texts["effective"] == view.facts.texts["familiar"] == "–"
    assert [len(segments) for segments in view.bars.segments] == [1, 1, 1]
    assert not view.bars.grab().isNull()


def test_in_a_low_panel_eighteen_rows_scroll_and_the_panel_asks_for_no_more_height(
    view: WhyView, qtbot: QtBot
) -> None:
    view.show_decision(make_decision(18))
    assert view.minimumSizeHint().height() < 190
    view.resize(400, 190)
    layout = view.bars.geometry_of_rows()
    qtbot.waitUntil(lambda: layout.bottom + layout.small_height <= view.bars.height())
    bar = view.bars_area.verticalScrollBar()
    assert bar is not None
    assert bar.maximum() > 0
