"""The lessons panel, its actions and files, around a fake engine."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from fake_engine import FakeEngine
from made_news import game_info, progress
from pressing import OpenDesktop
from PyQt6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.models.memory.lesson_sums import WEIGHTS
from app.startup.lifecycle import Desktop
from app.views.memory.lessons_view import LessonsView
from nec_engine.messages import (
    ForgetLessons,
    LessonsFailed,
    LessonsLoaded,
    LessonsSaved,
    LoadLessons,
    SaveLessons,
    SetLessonWeight,
)

TAUGHT = progress(num_by_origin=(61_142, 76, 0, 0), num_taught=76)


def shown(
    qtbot: QtBot, open_desktop: OpenDesktop, engine: FakeEngine
) -> tuple[Desktop, LessonsView]:
    desktop = open_desktop(engine)
    desktop.window.panels.toggle("lessons")
    view = desktop.window.panels.lessons
    qtbot.waitUntil(lambda: "Nothing is taught" in view.taught.text())
    return desktop, view


def dialog_of(desktop: Desktop) -> QFileDialog:
    (dialog,) = desktop.window.findChildren(QFileDialog)
    return dialog


def test_the_panel_tells_what_is_taught_and_how_much_leans_on_it(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    _, view = shown(qtbot, open_desktop, engine)
    assert view.leaning.isHidden()
    status = dataclasses.replace(engine.status, num_judged=50, num_leaning=6)
    engine.publish(progress=TAUGHT, status=status)
    qtbot.waitUntil(lambda: view.taught.text().startswith("76 memories are taught"))
    assert view.leaning.text().startswith("12 % of this episode’s 50")
    assert not view.leaning.isHidden()


def test_an_agent_without_memories_says_so_and_has_no_weight(qtbot: QtBot) -> None:
    view = LessonsView()
    qtbot.addWidget(view)
    view.open_game(dataclasses.replace(game_info(), has_memory=False))
    view.show_progress(progress())
    view.refresh()
    assert "replay" in view.taught.text()
    assert not view.weight_box.isEnabled()
    view.open_game(None)
    view.refresh()
    assert view.taught.text().startswith("Open a game")


def test_the_weight_is_sent_and_follows_what_is_in_force(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop, view = shown(qtbot, open_desktop, engine)
    view.weight_box.activated.emit(WEIGHTS.index(4.0))
    assert engine.commands[-1] == SetLessonWeight(4.0)
    desktop.window.central.game.setFocus()
    engine.publish(progress=dataclasses.replace(TAUGHT, lesson_weight=4.0))
    qtbot.waitUntil(lambda: view.weight_box.currentIndex() == WEIGHTS.index(4.0))


def test_lessons_are_saved_loaded_and_forgotten_by_their_actions(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    engine = FakeEngine()
    desktop, _ = shown(qtbot, open_desktop, engine)
    actions = desktop.window.actions_by_name
    actions["save_lessons"].trigger()
    path = tmp_path / "a.lesson"
    dialog = dialog_of(desktop)
    dialog.fileSelected.emit(str(path))
    assert engine.commands[-1] == SaveLessons(path)
    dialog.close()
    qtbot.waitUntil(lambda: not desktop.window.findChildren(QFileDialog))
    actions["load_lessons"].trigger()
    dialog = dialog_of(desktop)
    dialog.fileSelected.emit(str(path))
    assert engine.commands[-1] == LoadLessons(path)
    dialog.close()
    actions["forget_lessons"].trigger()
    assert engine.commands[-1] == ForgetLessons()


def test_a_lesson_dropped_on_the_window_is_taught(open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    desktop.window.file_dropped.emit(Path("somewhere/a.lesson"))
    assert engine.commands[-1] == LoadLessons(Path("somewhere/a.lesson"))


def test_a_lesson_dropped_before_there_is_a_game_says_what_to_do(
    open_desktop: OpenDesktop,
) -> None:
    desktop = open_desktop(rom=None)
    desktop.window.file_dropped.emit(Path("somewhere/a.lesson"))
    assert desktop.session.opening is None
    (text,) = desktop.window.notes.texts()
    assert text.startswith("a.lesson holds lessons")
    assert "open their game first" in text


def test_what_became_of_a_file_is_noted(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    lines: list[str] = []
    desktop.session.logged.connect(lambda line, _: lines.append(line))
    path = Path("a.lesson")
    events = (LessonsSaved(path, 1, 76), LessonsLoaded(path, 2, 1000), LessonsFailed(path, "why"))
    engine.publish(events=events)
    qtbot.waitUntil(lambda: len(lines) >= 3)
    assert lines[-3:] == [
        "Saved 1 lesson (76 steps) in a.lesson",
        "Taught 2 lessons (1,000 steps) from a.lesson",
        "No lesson: why",
    ]


def test_only_while_the_panel_is_seen_are_decisions_wanted_for_it(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    for name in ("why", "neighbours", "saliency"):
        panels.docks[name].close()
    qtbot.waitUntil(lambda: engine.wanted[0] is False)
    panels.toggle("lessons")
    qtbot.waitUntil(lambda: engine.wanted[0] is True)
