"""Replay in the whole window, around a fake engine: the ways in and out."""

from __future__ import annotations

from dataclasses import replace

from fake_engine import FakeEngine, decide
from made_news import decision, game_info
from made_replays import answer
from pressing import Key, Mod, OpenDesktop, press
from pytestqt.qtbot import QtBot

from app.models.replay.replay_words import NOTHING_TO_REPLAY
from app.views.replay.replay_view import THOUGHTS
from nec_engine.messages import (
    AskHindsight,
    AskReplay,
    Entry,
    GoTo,
    HindsightAnswer,
    MemoryEdited,
    Moment,
    SaveRangeVideo,
)


def replay_questions(engine: FakeEngine) -> list[AskReplay]:
    return [question for question in engine.questions if isinstance(question, AskReplay)]


def test_shift_g_replays_the_nearest_memory_in_front(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    engine.publish(decision=decision(7))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: panels.neighbours.cards.num_cards > 0)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    qtbot.waitUntil(lambda: bool(replay_questions(engine)))
    assert panels.is_seen("replay")
    shown = panels.neighbours.shown_decision
    assert shown is not None
    nearest = shown.evidence[shown.best_action]
    entry = desktop.window.selection.entry
    assert entry is not None
    assert entry.moment == Moment(int(nearest.episodes[0]), int(nearest.steps[0]))
    assert panels.replay.reel.episode == entry.moment.episode


def test_shift_g_works_when_the_cards_are_behind_another_tab_and_says_when_it_cannot(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine, size=(960, 600))
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    assert desktop.window.notes.texts()[-1].startswith("There is no memory to replay yet")
    decide(qtbot, desktop, engine, 7)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    qtbot.waitUntil(lambda: bool(replay_questions(engine)))
    assert desktop.window.panels.is_seen("replay")


def test_g_goes_to_the_selected_memory_when_the_cards_are_behind_another_tab(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    panels.bring_to_front("map")
    qtbot.waitUntil(lambda: not panels.is_seen("neighbours"))
    press(qtbot, desktop, Key.Key_G)
    assert desktop.window.notes.texts()[-1].startswith("There is no memory to go to yet: select")
    desktop.window.selection.select(Entry(1, 2, Moment(9, 50), 1050))
    press(qtbot, desktop, Key.Key_G)
    assert engine.commands[-1] == GoTo(Moment(9, 50), 1050)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    assert panels.replay.reel.episode == 9


def test_where_no_panel_is_about_decisions_shift_g_has_one_made_and_replays_its_nearest_memory(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine, size=(960, 600))
    panels = desktop.window.panels
    decide(qtbot, desktop, engine, 7)
    panels.bring_to_front("replay")
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    assert engine.wanted[0] is True
    assert not desktop.window.notes.texts()
    made = decision(8)
    engine.publish(decision=made)
    qtbot.waitUntil(lambda: bool(replay_questions(engine)))
    evidence = made.evidence[made.best_action]
    entry = desktop.window.selection.entry
    assert entry is not None
    assert entry.moment == Moment(int(evidence.episodes[0]), int(evidence.steps[0]))
    assert engine.wanted[0] is False  # one was enough


def test_where_no_panel_is_about_decisions_g_goes_to_the_nearest_of_the_next_or_says_there_is_none(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine, size=(960, 600))
    desktop.window.panels.bring_to_front("log")
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    press(qtbot, desktop, Key.Key_G)
    engine.publish(decision=decision(7, num_neighbours=0))
    qtbot.waitUntil(lambda: bool(desktop.window.notes.texts()))
    assert desktop.window.notes.texts()[-1].startswith("There is no memory to go to yet")
    assert engine.wanted[0] is False
    press(qtbot, desktop, Key.Key_G)
    press(qtbot, desktop, Key.Key_G)  # once more, impatient
    engine.publish(decision=decision(8))
    qtbot.waitUntil(lambda: any(isinstance(command, GoTo) for command in engine.commands))
    assert sum(isinstance(command, GoTo) for command in engine.commands) == 1


def test_nothing_is_waited_for_where_the_training_game_is_watched(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop(FakeEngine(), size=(960, 600))
    desktop.session.set_watching_training(True)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    assert desktop.window.notes.texts()[-1].startswith("There is no memory to replay yet")


def test_an_agent_without_memories_promises_no_replay(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(replace(game_info(), has_memory=False))
    desktop = open_desktop(engine)
    press(qtbot, desktop, Key.Key_G, Mod.ShiftModifier)
    assert desktop.window.notes.texts()[-1].startswith("This agent keeps no memories")
    desktop.window.panels.bring_to_front("replay")
    picture = desktop.window.panels.replay.picture
    qtbot.waitUntil(lambda: picture._words == NOTHING_TO_REPLAY)


def test_the_selected_memory_is_replayed_gone_to_and_saved(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    view = desktop.window.panels.replay
    action = desktop.window.actions_by_name["replay_selected"]
    assert not action.isEnabled()
    desktop.window.selection.select(Entry(1, 2, Moment(9, 50), 1050))
    action.trigger()
    qtbot.waitUntil(lambda: bool(replay_questions(engine)))
    view.set_playing(False)
    engine.publish(answers=tuple(answer(replay_questions(engine)[-1])))
    desktop.session.bridge.pull()
    qtbot.waitUntil(lambda: view.controls.visit.isEnabled())
    view.controls.visit.click()
    assert isinstance(engine.commands[-1], GoTo)
    assert engine.commands[-1].moment == Moment(9, 20)
    view.controls.save_episode.trigger()
    assert isinstance(engine.commands[-1], SaveRangeVideo)
    assert (engine.commands[-1].first, engine.commands[-1].num_steps) == (Moment(9, 0), 400)


def test_another_game_forgets_the_replay(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.replaying.replay(Entry(1, 2, Moment(9, 50), 1050))
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.session.open(rom="hero")
    assert desktop.window.panels.replay.reel.episode is None


def test_an_edit_is_heard_by_a_replay_that_stands(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)

    def thoughts() -> list[Moment]:
        return [asked.first for asked in engine.questions if isinstance(asked, AskHindsight)]

    desktop.replaying.replay(Entry(1, 2, Moment(9, 50), 1050))
    view = desktop.window.panels.replay
    view.scrub(50)
    qtbot.waitUntil(lambda: bool(replay_questions(engine)))
    num_answered = 0

    def answer_all() -> bool:
        nonlocal num_answered
        for question in replay_questions(engine)[num_answered:]:
            num_answered += 1
            engine.publish(answers=tuple(answer(question)))
        return bool(thoughts())

    qtbot.waitUntil(answer_all)
    here = thoughts()[-1]
    thought = replace(decision(7), moment=here)
    engine.publish(answers=(HindsightAnswer(THOUGHTS, thought),))
    qtbot.waitUntil(lambda: view._thoughts.get(here) is not None)
    num_asked = len(thoughts())
    engine.publish(events=(MemoryEdited("Deleted 1 entry", "the deletion", "", 1, 0),))
    qtbot.waitUntil(lambda: len(thoughts()) > num_asked)
    assert thoughts()[num_asked:] == [here]
