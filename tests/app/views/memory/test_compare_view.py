"""The comparison's panel, and its way to the engine and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine
from pytestqt.qtbot import QtBot

from app.models.memory.comparison_words import comparison_words, verdict
from app.startup.lifecycle import Desktop
from app.views.memory.compare_view import CHOOSE_TWO, NO_GAME, CompareView
from nec_engine.messages import (
    CancelComparison,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    MemoryEdited,
    PlanComparison,
    StartComparison,
    TwoSnapshots,
    WithAndWithoutEdits,
)

NAMES = ("with the edits", "without them")
EDITS = WithAndWithoutEdits()


def won() -> ComparisonEnded:
    return ComparisonEnded(NAMES, ((5.0, 7.0, 6.0), (1.0, 2.0, 3.0)), 4.0, 3.0, 5.0)


class NotedView(CompareView):
    """Keeps what it wanted."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Any] = []
        self.wanted.connect(self.sent.append)


@pytest.fixture
def view(qtbot: QtBot) -> NotedView:
    view = NotedView()
    qtbot.addWidget(view)
    view.resize(360, 400)
    with qtbot.waitExposed(view):
        view.show()
    return view


def test_it_says_what_it_takes_before_it_can_be_started(qtbot: QtBot, view: NotedView) -> None:
    assert view.plan_label.text() == NO_GAME
    view.open_game(True)
    qtbot.waitUntil(lambda: view.sent == [PlanComparison(EDITS)])
    assert not view.start_button.isEnabled()
    view.show_plan(ComparisonPlanned(EDITS, 0, "No edit can be undone."))
    assert view.plan_label.text() == "No edit can be undone."
    assert not view.start_button.isEnabled()
    view.show_plan(ComparisonPlanned(EDITS, 620_000_000))
    assert "about 0.6 GB of main memory" in view.plan_label.text()
    view.episodes_box.setValue(12)
    view.start_button.click()
    assert view.sent[-1] == StartComparison(EDITS, 12, 0.05)


def test_what_is_being_started_cannot_be_started_again(qtbot: QtBot, view: NotedView) -> None:
    view.open_game(True)
    view.refresh()
    view.show_plan(ComparisonPlanned(EDITS, 1))
    view.start_button.click()
    view.sent.clear()
    view.show_plan(ComparisonPlanned(EDITS, 2))  # the answer to a question asked before
    assert not view.start_button.isEnabled()
    view.ask_plan()  # an edit was made meanwhile
    view.refresh()
    assert not view.start_button.isEnabled()
    assert view.sent == []  # what it takes is asked when it is over
    view.show_result(ComparisonEnded(NAMES, problem="the disk is full"))
    view.refresh()
    assert view.sent == [PlanComparison(EDITS)]
    view.show_plan(ComparisonPlanned(EDITS, 1))
    assert view.start_button.isEnabled()


def test_it_shows_how_far_it_is_and_can_be_cancelled(qtbot: QtBot, view: NotedView) -> None:
    view.open_game(True)
    view.show_progress(ComparisonProgressed(NAMES, 0, 0, 20))
    view.refresh()
    assert view.plan_label.text().startswith("Copying what the agent knows")
    view.show_progress(ComparisonProgressed(NAMES, 0, 0, 20, 1280))
    view.refresh()
    assert view.plan_label.text() == "with the edits: 0 of 10 episodes, 1,280 steps"
    view.show_progress(ComparisonProgressed(NAMES, 1, 15, 20))
    view.refresh()
    assert view.plan_label.text() == "without them: 5 of 10 episodes"
    assert (view.bar.value(), view.bar.maximum()) == (15, 20)
    assert not view.episodes_box.isEnabled()
    view.cancel_button.click()
    assert view.sent[-1] == CancelComparison()
    view.show_result(ComparisonEnded(NAMES, is_cancelled=True))
    view.refresh()
    assert "cancelled" in view.result_label.text()
    assert not view.bar.isVisible()
    assert not view.plot.isVisible()


def test_the_result_has_its_interval_in_words_and_in_a_picture(
    qtbot: QtBot, view: NotedView
) -> None:
    view.open_game(True)
    view.show_result(won())
    view.refresh()
    assert view.verdict_label.text() == "The agent plays better with the edits."
    assert "+4.0 (95 % interval +3.0 to +5.0, 3 pairs" in view.result_label.text()
    assert view.plot.isVisible()
    assert not view.plot.grab().isNull()


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-3.0, -1.0, "plays better without them"),
        (-1.0, 2.0, "no difference"),
    ],
)
def test_the_verdict_follows_the_interval(low: float, high: float, words: str) -> None:
    ended = ComparisonEnded(NAMES, ((1.0, 2.0), (3.0, 4.0)), (low + high) / 2, low, high)
    assert words in verdict(ended)


def test_what_went_wrong_is_a_sentence() -> None:
    ended = ComparisonEnded(("a.nec", "b.nec"), problem="the disk is full")
    assert comparison_words(ended) == "Nothing was compared: the disk is full"


def test_two_snapshots_are_chosen_and_planned(qtbot: QtBot, view: NotedView) -> None:
    view.open_game(True)
    with qtbot.waitSignal(view.snapshots_wanted):
        view.what_box.setCurrentIndex(1)
        view.what_box.activated.emit(1)
    assert view.plan_label.text() == CHOOSE_TWO
    assert not view.start_button.isEnabled()
    view.set_snapshots(Path("a.nec"), Path("b.nec"))
    files = TwoSnapshots(Path("a.nec"), Path("b.nec"))
    view.refresh()
    assert view.sent[-1] == PlanComparison(files)
    view.show_plan(ComparisonPlanned(files, 500_000_000))
    assert view.plan_label.text().startswith("a.nec and b.nec. It takes about")
    view.start_button.click()
    assert view.sent[-1].sides == files


def test_the_window_plans_anew_after_each_edit_and_logs_the_result(
    qtbot: QtBot, open_desktop: Callable[..., Desktop]
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    assert not any(isinstance(command, PlanComparison) for command in engine.commands)
    panels.bring_to_front("compare")
    qtbot.waitUntil(lambda: PlanComparison(EDITS) in engine.commands)
    engine.publish(events=(ComparisonPlanned(EDITS, 0, "No edit can be undone."),))
    desktop.session.bridge.pull()
    engine.commands.clear()
    engine.publish(events=(MemoryEdited("Deleted", "deleting", "", 1, 0),))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: PlanComparison(EDITS) in engine.commands)
    engine.publish(events=(won(),))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: panels.compare.plot.isVisible())
    assert "With the edits: 6.0, without them: 2.0" in panels.log.toPlainText()


def test_so_many_digits_are_told_that_the_verdict_can_be_read_off_them() -> None:
    scores = ((20.04, 20.04), (19.96, 19.96))
    ended = ComparisonEnded(("pong-a.nec", "pong-b.nec"), scores, 0.08, 0.033, 0.2)
    assert verdict(ended) == "pong-a.nec plays better."
    words = comparison_words(ended)
    assert words.startswith("pong-a.nec: 20.04, pong-b.nec: 19.96 on average")
    assert "+0.03 to +0.20" in words
