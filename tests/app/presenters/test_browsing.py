"""One selected memory in all views of the whole window, and what is done with it."""

from __future__ import annotations

from fake_engine import FakeEngine
from made_entries import made_facts
from made_news import decision
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.actions import ENTRY_ACTIONS
from app.startup.lifecycle import Desktop
from app.views.memory.entry_details import PICTURES
from nec_engine.messages import (
    AskEntries,
    AskEntry,
    AskEpisodes,
    AskPictures,
    Column,
    Entry,
    GoTo,
    LikeEntry,
    LikeMoment,
    Limits,
    MemoryEdited,
    Moment,
)

ENTRY = Entry(2, 17, Moment(3, 40), 99)


def test_a_click_on_a_card_selects_its_memory_for_every_view(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    cards = desktop.window.panels.neighbours.cards
    qtbot.waitUntil(lambda: cards.num_cards > 0)
    qtbot.mouseClick(
        cards.viewport(), Qt.MouseButton.LeftButton, pos=cards.card_rect(0).center().toPoint()
    )
    entry = desktop.window.selection.entry
    assert entry is not None
    best = decision(7).evidence[decision(7).best_action]
    assert (entry.action, entry.slot) == (best.action, int(best.slots[0]))


def are_enabled(desktop: Desktop) -> set[bool]:
    return {desktop.window.actions_by_name[name].isEnabled() for name in ENTRY_ACTIONS}


def test_the_selected_memory_is_gone_to_by_its_key_and_nothing_is_without_one(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    assert are_enabled(desktop) == {False}
    desktop.window.selection.select(ENTRY)
    assert are_enabled(desktop) == {True}
    press(qtbot, desktop, Key.Key_G, Mod.ControlModifier)
    assert GoTo(ENTRY.moment, ENTRY.state_hash) in engine.commands


def test_another_game_has_nothing_selected(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.window.selection.select(ENTRY)
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    assert desktop.window.selection.entry is None
    assert are_enabled(desktop) == {False}


def test_memories_like_now_or_like_the_selected_one_are_listed_in_a_panel_that_comes_forward(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    assert not panels.is_seen("memory")
    assert not any(isinstance(question, AskEntries) for question in engine.questions)
    engine.tick()
    desktop.session.bridge.pull()
    press(qtbot, desktop, Key.Key_L)
    qtbot.waitUntil(lambda: panels.is_seen("memory"))
    qtbot.waitUntil(lambda: panels.memory.shown is not None)
    likes = [q.like for q in engine.questions if isinstance(q, AskEntries)]
    assert likes[-1] == LikeMoment(Moment(3, 0))
    desktop.window.selection.select(ENTRY)
    press(qtbot, desktop, Key.Key_L, Mod.ShiftModifier)
    qtbot.waitUntil(lambda: isinstance(panels.memory.shown.question.like, LikeEntry))


def test_a_row_of_the_table_is_marked_on_the_cards_and_told_in_full(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    panels.bring_forward("memory")
    qtbot.waitUntil(lambda: panels.memory.shown is not None)
    table = panels.memory.table
    index = table.table.index(1, 0)
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center()
    )
    entry = table.table.entry(1)
    assert desktop.window.selection.entry == entry
    assert panels.neighbours.cards._selected == entry
    qtbot.waitUntil(lambda: "value" in panels.memory.details.title.text())
    asked = [q.panel for q in engine.questions if isinstance(q, AskPictures)]
    assert PICTURES in asked
    (go_there,) = [b for b in panels.memory.details.buttons if b.text() == "Go there"]
    go_there.click()
    assert entry is not None
    assert GoTo(entry.moment, entry.state_hash) in engine.commands


def test_a_memory_that_is_written_again_stays_selected_under_its_new_moment(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(autowake=False)
    desktop = open_desktop(engine)
    desktop.window.selection.select(ENTRY)
    again = Entry(ENTRY.action, ENTRY.slot, Moment(9, 1), ENTRY.state_hash)
    engine.publish(answers=(made_facts(AskEntry("memory facts", ENTRY), entry=again),))
    desktop.session.bridge.pull()
    assert desktop.window.selection.entry == again
    engine.publish(answers=(made_facts(AskEntry("memory facts", ENTRY)),))  # about the old one
    desktop.session.bridge.pull()
    assert desktop.window.selection.entry == again


def test_the_games_of_the_episode_list_show_their_memories_in_the_table(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    assert not any(isinstance(question, AskEpisodes) for question in engine.questions)
    panels.bring_forward("episodes")
    qtbot.waitUntil(lambda: panels.episodes.games.rowCount() > 0)
    panels.episodes.episode_chosen.emit(40)
    qtbot.waitUntil(lambda: panels.memory.shown is not None)
    asked = [question for question in engine.questions if isinstance(question, AskEntries)]
    assert asked[-1].filter.limits == {Column.EPISODE: Limits(40, 40)}


def test_after_an_edit_the_tables_are_read_anew(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    memory = desktop.window.panels.memory
    desktop.window.panels.bring_forward("memory")
    qtbot.waitUntil(lambda: memory.shown is not None)
    engine.questions.clear()
    engine.publish(events=(MemoryEdited("Deleted 1 entry", "the deletion", "", 1, 0),))
    desktop.session.bridge.pull()
    qtbot.waitUntil(
        lambda: any(isinstance(q, AskEntries) and q.most_age_s == 0 for q in engine.questions)
    )


def test_a_memory_that_an_edit_moved_or_training_wrote_again_is_the_same() -> None:
    entry = Entry(2, 17, Moment(5, 80), 1234)
    assert entry.is_same(Entry(2, 17, Moment(6, 3), 1234))
    assert entry.is_same(Entry(2, 4, Moment(5, 80), 1234))
    assert not entry.is_same(Entry(2, 4, Moment(6, 3), 1234))
    assert not entry.is_same(Entry(1, 17, Moment(5, 80), 1234))
    assert not entry.is_same(Entry(2, 17, Moment(5, 80), 1235))
    assert not entry.is_same(None)
