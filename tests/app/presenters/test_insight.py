"""Regions of the game's picture, the selected memory and the panel's actions, in the window."""

from __future__ import annotations

from fake_engine import FakeEngine
from made_news import decision
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.views.saliency.saliency_controls import LIKENESS
from nec_engine.messages import AskBlurred, AskSaliency, AskSanityCheck, Entry, LikenessTo, Moment


def explained(engine: FakeEngine) -> list[int]:
    """Numbers of the decisions whose maps were asked for."""
    return [q.decision.number for q in engine.questions if isinstance(q, AskSaliency)]


def test_a_box_dragged_over_the_game_is_asked_about_and_esc_leaves(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    panel, game = desktop.window.panels.saliency, desktop.window.central.game
    qtbot.waitUntil(lambda: panel._decision is not None)
    press(qtbot, desktop, Key.Key_X)
    assert panel.is_blurring
    assert desktop.window.actions_by_name["blur_and_ask"].isChecked()
    assert game.picker.isVisible()
    corner = game.picture_rect.topLeft()
    start, end = corner + QPoint(50, 60), corner + QPoint(150, 160)
    QTest.mousePress(game.picker, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseRelease(game.picker, Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: "neighbours" in panel.blurred.sentence.text())
    (question,) = [q for q in engine.questions if isinstance(q, AskBlurred)]
    assert question.box == panel.blurred.picker.box == game.picker.box
    press(qtbot, desktop, Key.Key_Escape)
    assert not panel.is_blurring
    assert game.picker.isHidden()
    assert game.hasFocus()
    assert not desktop.window.actions_by_name["blur_and_ask"].isChecked()


def test_the_key_brings_a_hidden_panel_to_the_front_and_closing_it_ends_the_mode(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    window = desktop.window
    window.panels.docks["saliency"].close()
    press(qtbot, desktop, Key.Key_X)
    qtbot.waitUntil(lambda: window.panels.is_seen("saliency"))
    window.panels.docks["saliency"].close()
    qtbot.waitUntil(lambda: not window.panels.saliency.is_blurring)
    assert window.central.game.picker.isHidden()


def test_the_map_is_tested_and_the_switch_shows_it(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panel, action = desktop.window.panels.saliency, desktop.window.actions_by_name["test_saliency"]
    press(qtbot, desktop, Key.Key_X, Mod.ShiftModifier)  # nothing was decided yet
    assert not action.isChecked()
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: panel._decision is not None)
    press(qtbot, desktop, Key.Key_X, Mod.ShiftModifier)
    assert action.isChecked()
    qtbot.waitUntil(lambda: panel.sanity.is_complete)
    assert any(isinstance(q, AskSanityCheck) for q in engine.questions)


def test_the_likeness_is_that_to_the_memory_selected_in_any_view(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    panel = desktop.window.panels.saliency
    qtbot.waitUntil(lambda: panel._decision is not None)
    entry = Entry(1, 7, Moment(3, 41), 99)
    panel.controls.target_box.setCurrentIndex(LIKENESS)
    desktop.window.selection.select(entry)
    maps = [q for q in engine.questions if isinstance(q, AskSaliency)]
    assert maps[-1].target == LikenessTo(entry)


def test_the_heats_key_works_where_nobody_sees_the_panel_and_the_heat_follows_the_game(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine, size=(960, 600))
    window = desktop.window
    engine.publish(decision=decision(7))
    qtbot.waitUntil(lambda: desktop.feeding.decision is not None)
    assert not window.panels.is_seen("saliency")
    press(qtbot, desktop, Key.Key_V)
    qtbot.waitUntil(lambda: window.central.game._heat is not None)
    window.panels.bring_to_front("log")
    qtbot.waitUntil(lambda: not window.panels.is_seen("why"))
    assert engine.wanted[0]
    engine.publish(decision=decision(8))
    qtbot.waitUntil(lambda: explained(engine)[-1] == 8)


def test_the_heats_key_brings_the_closed_panel_back_and_closing_it_turns_the_heat_off(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    window = desktop.window
    panel, dock = window.panels.saliency, window.panels.docks["saliency"]
    dock.close()
    engine.publish(decision=decision(7))
    press(qtbot, desktop, Key.Key_V)
    assert dock.isVisible()
    qtbot.waitUntil(lambda: window.central.game._heat is not None)
    dock.close()
    qtbot.waitUntil(lambda: not panel.controls.overlay_box.isChecked())
    assert window.central.game._heat is None


def test_the_heat_stays_on_over_the_start_screen_and_when_the_panels_are_put_back(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop(FakeEngine())
    panel, soon = desktop.window.panels.saliency, desktop.insight._soon
    press(qtbot, desktop, Key.Key_V)
    for name in ("choose_game", "give_back", "reset_layout"):
        desktop.window.actions_by_name[name].trigger()
        qtbot.waitUntil(lambda: not soon.isActive())
        assert panel.controls.overlay_box.isChecked()
