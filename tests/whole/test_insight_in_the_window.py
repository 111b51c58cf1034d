"""Maps, a blurred region and the test of a map with a real trained brain in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from program import SMALL, Program
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtTest import QTest

import main
from app.models.neighbours.neighbour_rows import entry_of
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from app.views.saliency.saliency_controls import LIKENESS
from nec_engine.messages import BlurredAnswer, LikenessTo, SaliencyAnswer, SaliencyMethod

BRAIN = Path(__file__).resolve().parents[2] / "snapshots" / "pong.nec"


@pytest.fixture
def program(qtbot: Any, tmp_path: Path) -> Iterator[Program]:
    desktop = Desktop(
        WindowRequest(
            open_engine=main.open_engine, snapshot=BRAIN, rom=None, data_dir=tmp_path,
            settings=SMALL, settings_changes={}, train=False,
        ),
        WindowSettings(tmp_path / "window.ini"),
        open_output=lambda _: None,
    )  # fmt: skip
    made = Program(qtbot, desktop)
    desktop.window.resize(1280, 800)
    desktop.window.show()
    yield made
    desktop.close()


def maps(program: Program, method: SaliencyMethod) -> list[SaliencyAnswer]:
    return [a for a in program.answers if isinstance(a, SaliencyAnswer) and a.method is method]


def wait_for_map(program: Program, method: SaliencyMethod) -> None:
    program.wait(lambda: bool(maps(program, method)))


def test_a_person_asks_what_the_agent_looks_at_and_whether_that_is_so(program: Program) -> None:
    window = program.window
    panel, game = window.panels.saliency, window.central.game
    program.wait_frames(60)
    program.press(Qt.Key.Key_P)
    program.wait(lambda: bool(maps(program, SaliencyMethod.GRADIENT)))

    # each method has a map, of a Q and of the likeness to a neighbour
    for place, method in enumerate(SaliencyMethod):
        panel.controls.method_box.setCurrentIndex(place)
        wait_for_map(program, method)
        newest = maps(program, method)[-1]
        assert newest.problem == ""
        assert newest.heat.any()
    panel.controls.method_box.setCurrentIndex(0)
    panel.controls.target_box.setCurrentIndex(LIKENESS)
    decision = window.panels.neighbours.shown_decision
    assert decision is not None
    window.selection.select(entry_of(decision.evidence[decision.best_action], 2))
    program.wait(lambda: isinstance(maps(program, SaliencyMethod.GRADIENT)[-1].target, LikenessTo))
    assert 0 < maps(program, SaliencyMethod.GRADIENT)[-1].value <= 1

    # without a region of the game
    program.press(Qt.Key.Key_X)
    corner = game.picture_rect.topLeft()
    QTest.mousePress(game.picker, Qt.MouseButton.LeftButton, pos=corner + QPoint(20, 20))
    QTest.mouseRelease(game.picker, Qt.MouseButton.LeftButton, pos=corner + QPoint(250, 200))
    program.wait(lambda: any(isinstance(a, BlurredAnswer) for a in program.answers))
    program.wait(lambda: "neighbours" in panel.blurred.sentence.text())

    # the network forgets; another wish ends that, and nothing more of it comes
    program.press(Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    program.wait(lambda: panel.sanity.is_complete)
    assert "agrees with the true one" in panel.sanity.sentence.text()
    panel.controls.method_box.setCurrentIndex(4)
    program.press(Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    num_maps = len(maps(program, SaliencyMethod.SMOOTHGRAD))
    panel.controls.method_box.setCurrentIndex(1)
    program.wait(lambda: len(maps(program, SaliencyMethod.SMOOTHGRAD)) > num_maps)
    assert not panel.is_checking
    assert not panel.sanity.is_complete
