"""The whole window around a fake engine: what is seen is fed, and where it is."""

from __future__ import annotations

from typing import Any

from fake_engine import FakeEngine, decide
from made_news import FULL, decision, game_info
from made_timeline import branched
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import (
    QApplication,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.panels import PANELS
from app.startup.settings import WindowSettings
from nec_engine.messages import GoTo


def test_only_panels_that_are_seen_get_decisions(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    for name in ("why", "neighbours", "saliency"):
        panels.docks[name].close()
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    assert panels.why._decision is None
    panels.toggle("why")
    qtbot.waitUntil(lambda: engine.wanted[0] is True)
    assert panels.why._decision is None  # the game went on since then
    engine.publish(decision=decision(8))
    qtbot.waitUntil(lambda: panels.why.bars.decision is not None)
    assert panels.why.bars.decision.number == 8


def test_what_a_panel_costs_is_said_behind_its_title(
    open_desktop: OpenDesktop,
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    docks = desktop.window.panels.docks
    desktop.costs.tell(100.0)
    engine.publish(work_s={"saliency": 0.3, "saliency blur": 0.1, "map dot": 0.004})
    desktop.session.bridge.pull()
    desktop.costs.tell(104.0)
    assert docks["saliency"].windowTitle() == "Saliency \N{EM DASH} 10 % of a core"
    assert docks["map"].windowTitle() == "Map"
    desktop.costs.tell(108.0)
    assert docks["saliency"].windowTitle() == "Saliency"


def test_a_decision_from_before_everybody_looked_away_is_forgotten(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine, size=(960, 600))
    panels = desktop.window.panels
    decide(qtbot, desktop, engine, 7)
    panels.bring_to_front("timeline")
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    press(qtbot, desktop, Key.Key_G)
    assert not any(isinstance(command, GoTo) for command in engine.commands)  # one is made first
    panels.bring_to_front("why")
    qtbot.waitUntil(lambda: "No decision to explain yet" in panels.why.sentence.text())


def test_in_the_first_layout_nine_actions_and_their_axis_are_all_in_sight(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    names = FULL[:9]
    engine = FakeEngine(game_info("ms_pacman", names))
    desktop = open_desktop(engine, size=(1280, 800))
    panels = desktop.window.panels
    engine.publish(decision=decision(7, names), timeline=branched())
    qtbot.waitUntil(
        lambda: panels.timeline.strip.isVisible() and panels.why.bars.decision is not None
    )
    bar = panels.why.bars_area.verticalScrollBar()
    assert bar is not None
    qtbot.waitUntil(lambda: panels.timeline.height() > 70)  # the strip has its room
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_questions_of_the_panels_reach_the_engine_and_answers_come_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: {q.panel for q in engine.questions} == {"neighbours", "saliency"})
    heats: list[Any] = []
    desktop.window.panels.saliency.overlay_changed.connect(lambda heat, _: heats.append(heat))
    press(qtbot, desktop, Key.Key_V)
    qtbot.waitUntil(lambda: any(heat is not None for heat in heats))
    assert desktop.window.central.game._heat is not None
    desktop.window.panels.docks["saliency"].close()
    qtbot.waitUntil(lambda: desktop.window.central.game._heat is None)


def test_a_clicked_action_is_shown_in_both_panels_and_forgotten_with_the_game(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    panels = desktop.window.panels
    panels.why.action_clicked.emit(2)
    assert panels.neighbours._action == 2
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    assert panels.neighbours._action is None


def test_a_panels_key_closes_it_and_brings_it_back(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    dock = desktop.window.panels.docks["why"]
    press(qtbot, desktop, Key.Key_1, Mod.ControlModifier)
    assert dock.isHidden()
    assert not desktop.window.actions_by_name["panel_why"].isChecked()
    press(qtbot, desktop, Key.Key_1, Mod.ControlModifier)
    assert dock.isVisible()
    assert desktop.window.actions_by_name["panel_why"].isChecked()


def test_a_small_window_has_all_open_panels_in_one_stack_of_tabs(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(size=(960, 600))
    window = desktop.window
    first, *others = (window.panels.docks[panel.name] for panel in PANELS if panel.is_open)
    assert set(window.tabifiedDockWidgets(first)) == set(others)
    assert (window.width(), window.height()) == (960, 600)
    for bar in window.findChildren(QTabBar):
        assert bar.elideMode() is Qt.TextElideMode.ElideNone  # "R…" would be no name


def test_a_panels_key_raises_it_when_it_is_behind_another_tab(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop(size=(960, 600))
    panels = desktop.window.panels
    press(qtbot, desktop, Key.Key_2, Mod.ControlModifier)
    qtbot.waitUntil(lambda: panels.is_seen("neighbours"))
    assert not panels.is_seen("why")


def test_the_layout_is_remembered_and_reset_puts_it_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    first = open_desktop()
    first.window.panels.docks["saliency"].close()
    first.close()
    second = open_desktop()
    assert second.window.panels.docks["saliency"].isHidden()
    second.window.actions_by_name["reset_layout"].trigger()
    assert all(second.window.panels.docks[panel.name].isVisible() for panel in PANELS[:3])


def test_the_start_screen_beside_a_game_puts_the_panels_away_and_brings_them_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    desktop.window.panels.docks["saliency"].close()
    desktop.window.actions_by_name["choose_game"].trigger()
    assert desktop.window.panels.docks["why"].isHidden()
    press(qtbot, desktop, Key.Key_Escape)
    assert desktop.window.central.is_game_shown
    assert desktop.window.panels.docks["why"].isVisible()
    assert desktop.window.panels.docks["saliency"].isHidden()


def test_light_and_dark_change_everything_and_are_remembered(
    open_desktop: OpenDesktop, window_settings: WindowSettings
) -> None:
    desktop = open_desktop()
    dark = desktop.window.actions_by_name["dark"]
    for theme in (LIGHT, DARK, LIGHT):
        if dark.isChecked() != theme.is_dark:
            dark.trigger()
        assert desktop.window.theme is theme
        assert window_settings.is_dark is theme.is_dark
        assert QApplication.palette().window().color().name() == theme.background
        for name in ("why", "curves"):
            view = desktop.window.panels.docks[name].widget()
            assert view is not None
            assert view.palette().window().color().name() == theme.panel


def test_the_tool_bar_cannot_be_hidden_and_one_that_was_comes_back(
    open_desktop: OpenDesktop,
) -> None:
    before = open_desktop()
    menu = before.window.createPopupMenu()
    assert menu is not None
    offered = [action.text() for action in menu.actions() if action.isVisible()]
    assert "Timeline" in offered
    assert before.window.tool_bar.windowTitle() not in offered
    before.window.tool_bar.hide()  # as a window of old left it
    before.close()
    assert open_desktop().window.tool_bar.isVisible()
