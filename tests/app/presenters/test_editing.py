"""The whole window around a fake engine: edits of the memory by key, menu and popup."""

from __future__ import annotations

from typing import Any

import pytest
from fake_engine import FakeEngine
from made_entries import made_answer, made_facts
from made_news import decision
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QContextMenuEvent
from PyQt6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.startup.lifecycle import Desktop
from app.views.memory.edit_popup import EditPopup
from nec_engine.messages import (
    AskEntry,
    DeleteEntries,
    Entry,
    EntrySet,
    JudgeAgain,
    ListedEntries,
    MemoryEdited,
    Moment,
    OfEpisode,
    PinEntries,
    RedoEdit,
    SameOrigin,
    SetValues,
    UndoEdit,
)

ENTRY = Entry(2, 17, Moment(5, 80), 1234)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def desktop(open_desktop: OpenDesktop, engine: FakeEngine) -> Desktop:
    desktop = open_desktop(engine)
    desktop.window.selection.select(ENTRY)
    return desktop


def is_entry(entries: Any) -> bool:
    assert isinstance(entries, EntrySet)
    named = (entries.actions, entries.state_hashes, entries.episodes, entries.steps)
    return [array.tolist() for array in named] == [[2], [1234], [5], [80]]


def test_del_takes_the_selected_memory_out(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    press(qtbot, desktop, Key.Key_Delete)
    sent = engine.commands[-1]
    assert isinstance(sent, DeleteEntries)
    assert is_entry(sent.entries)
    assert desktop.window.selection.entry is None
    assert not desktop.window.actions_by_name["delete_selected"].isEnabled()


def test_ctrl_p_pins_the_selected_memory_and_keeps_it_selected(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    press(qtbot, desktop, Key.Key_P, Mod.ControlModifier)
    sent = engine.commands[-1]
    assert isinstance(sent, PinEntries)
    assert sent.pinned is None
    assert is_entry(sent.entries)
    assert desktop.window.selection.entry == ENTRY


def test_its_episode_and_its_maker_are_deleted_as_a_whole(
    desktop: Desktop, engine: FakeEngine
) -> None:
    desktop.window.actions_by_name["delete_episode"].trigger()
    assert engine.commands[-1] == DeleteEntries(OfEpisode(5))
    desktop.window.selection.select(ENTRY)
    desktop.window.actions_by_name["delete_origin"].trigger()
    assert engine.commands[-1] == DeleteEntries(SameOrigin(ENTRY))


def popup_of(qtbot: QtBot, desktop: Desktop) -> EditPopup:
    press(qtbot, desktop, Key.Key_E, Mod.ControlModifier)
    (popup,) = desktop.window.findChildren(EditPopup)
    return popup


def test_no_value_is_made_up_and_what_is_told_later_comes_into_the_editor(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    popup, before = popup_of(qtbot, desktop), len(engine.commands)
    if not popup.value_box.is_empty:  # it was told in the meantime
        popup.value_box.setValue(popup.value_box.minimum())
    assert popup.value_box.text() == "\N{EN DASH}"
    assert not popup.set_button.isEnabled()
    qtbot.keyClick(popup.value_box, Key.Key_Return)
    assert len(engine.commands) == before
    asked = [question for question in engine.questions if isinstance(question, AskEntry)]
    assert asked
    desktop.session.bridge.answer_came.emit(made_facts(asked[-1], value=0.0004))
    assert popup.value_box.text() == "0.0004"
    assert popup.set_button.isEnabled()
    popup.value_box.setValue(7.0)
    desktop.session.bridge.answer_came.emit(made_facts(asked[-1], value=3.0))
    assert popup.value_box.value() == 7.0  # a person's word stays


def test_the_editor_gives_one_memory_or_many_a_value_while_the_game_runs(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    popup = popup_of(qtbot, desktop)
    assert not popup.isModal()
    popup.value_box.setValue(-2.5)
    qtbot.keyClick(popup.value_box, Key.Key_Return)
    sent = engine.commands[-1]
    assert isinstance(sent, SetValues)
    assert sent.value == -2.5
    assert is_entry(sent.entries)
    qtbot.waitUntil(lambda: desktop.window.findChildren(EditPopup) == [])
    popup = popup_of(qtbot, desktop)
    popup.scope_box.setCurrentIndex(1)
    popup.pin_button.click()
    assert engine.commands[-1] == PinEntries(OfEpisode(5), True)


def test_the_editor_begins_with_the_value_that_is_seen(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    neighbours = desktop.window.panels.neighbours
    qtbot.waitUntil(lambda: neighbours.shown_decision is not None)
    shown = neighbours.shown_decision
    assert shown is not None
    evidence = shown.evidence[1]
    desktop.window.selection.select(
        Entry(1, int(evidence.slots[3]), Moment(0, 0), int(evidence.state_hashes[3]))
    )
    popup = popup_of(qtbot, desktop)
    assert popup.value_box.value() == pytest.approx(float(evidence.values[3]), abs=1e-3)
    popup.close()


def test_undo_and_redo_say_what_they_would_do(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    actions = desktop.window.actions_by_name
    assert not actions["undo_edit"].isEnabled()
    done = MemoryEdited("Deleted 3 entries of LEFT", "deleting 3 entries of LEFT", "", 1, 0)
    engine.publish(events=(done,))
    desktop.session.bridge.pull()
    assert actions["undo_edit"].isEnabled()
    assert actions["undo_edit"].text() == "Undo deleting 3 entries of LEFT"
    assert not actions["redo_edit"].isEnabled()
    assert engine.commands[-1] == JudgeAgain()
    press(qtbot, desktop, Key.Key_Z, Mod.ControlModifier)
    assert engine.commands[-1] == UndoEdit()
    undone = MemoryEdited("Undone", "", "deleting 3 entries of LEFT", 0, 1)
    engine.publish(events=(undone,))
    desktop.session.bridge.pull()
    assert not actions["undo_edit"].isEnabled()
    press(qtbot, desktop, Key.Key_Y, Mod.ControlModifier)
    assert engine.commands[-1] == RedoEdit()
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    assert not actions["redo_edit"].isEnabled()


def test_a_cards_menu_edits_the_memory_that_was_clicked(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    cards = desktop.window.panels.neighbours.cards
    qtbot.waitUntil(lambda: cards.num_cards > 0)
    at = cards.card_rect(0).center().toPoint()
    area = cards.viewport()
    assert area is not None
    qtbot.mouseClick(area, Qt.MouseButton.RightButton, pos=at)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, area.mapToGlobal(QPoint(at)))
    QApplication.sendEvent(area, event)
    (menu,) = cards.findChildren(QMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert "Delete the selected memory" in texts
    clicked = desktop.window.selection.entry
    assert clicked not in (None, ENTRY)
    desktop.window.actions_by_name["delete_selected"].trigger()
    sent = engine.commands[-1]
    assert isinstance(sent, DeleteEntries)
    assert isinstance(sent.entries, EntrySet)
    assert clicked is not None
    assert sent.entries.state_hashes.tolist() == [clicked.state_hash]
    menu.close()


def test_without_a_selected_memory_there_is_nothing_to_edit(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    desktop.window.selection.select(None)
    engine.commands.clear()
    press(qtbot, desktop, Key.Key_Delete)
    press(qtbot, desktop, Key.Key_E, Mod.ControlModifier)
    press(qtbot, desktop, Key.Key_P, Mod.ControlModifier)
    assert engine.commands == []


def test_all_that_the_table_lists_is_edited_at_once(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    engine.commands.clear()
    desktop.window.actions_by_name["edit_listed"].trigger()
    assert any("List the memories" in text for text in desktop.window.notes.texts())
    memory = desktop.window.panels.memory
    memory.table.show_answer(made_answer(order=[40, 3, 12]))
    desktop.window.actions_by_name["edit_listed"].trigger()
    (popup,) = desktop.window.findChildren(EditPopup)
    popup.delete_button.click()
    sent = engine.commands[-1]
    assert isinstance(sent, DeleteEntries)
    assert isinstance(sent.entries, ListedEntries)
    shown = memory.shown
    assert shown is not None
    named = sent.entries.named()
    first = shown.columns.entry(int(shown.order[0]))
    assert len(named) == len(shown.order)
    assert (named.actions[0], named.state_hashes[0]) == (first.action, first.state_hash)
    assert (named.episodes[0], named.steps[0]) == tuple(first.moment)


def test_the_keypads_point_without_num_lock_takes_nothing_out_while_a_person_plays(
    qtbot: QtBot, desktop: Desktop, engine: FakeEngine
) -> None:
    press(qtbot, desktop, Key.Key_M)
    press(qtbot, desktop, Key.Key_Delete, Mod.KeypadModifier)
    assert not any(isinstance(command, DeleteEntries) for command in engine.commands)
    press(qtbot, desktop, Key.Key_M)
    press(qtbot, desktop, Key.Key_Delete, Mod.KeypadModifier)
    assert isinstance(engine.commands[-1], DeleteEntries)
