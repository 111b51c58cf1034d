"""A real trained brain in the real window: offered, opened, its memories seen, learning on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from program import SMALL, Program
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest

import main
from app.session import SessionState
from app.startup.lifecycle import Desktop
from app.startup.request import WindowRequest
from app.startup.settings import WindowSettings
from nec_engine.config import changed
from nec_engine.game.roms import find_rom
from nec_engine.messages import Notice, PictureAnswer
from nec_engine.run import shipped
from nec_engine.run.export.play_only import Exporter, read_to_export
from nec_engine.run.opening import open_new
from nec_engine.run.training.saving import save_run
from nec_engine.storage.reader import SnapshotReader
from nec_engine.storage.snapshot import read_header, write_snapshot

MAX_BYTES = 2_200_000


@pytest.fixture(scope="module")
def brains(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``pong.nec``, made from a short run."""
    folder = tmp_path_factory.mktemp("brains")
    settings = changed(SMALL, {"torch_threads": 1, "num_neighbours": 10})
    trainer = open_new(find_rom("pong"), settings).trainer
    for _ in range(900):
        trainer.step()
    save_run(trainer, folder / "run")
    trainer.close()
    with SnapshotReader(folder / "run") as reader:
        exporter = Exporter(reader.header, read_to_export(reader))
    made = exporter.made(np.zeros(sum(read_header(folder / "run")["memory"]["sizes"])), MAX_BYTES)
    write_snapshot(folder / "pong.nec", made.tree, header=made.header)
    return folder


@pytest.fixture
def start(
    qtbot: Any, tmp_path: Path, brains: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Program]]:
    """Opens windows of a program that has this brain, and closes them."""
    monkeypatch.setattr(shipped, "FOLDER", brains)
    desktops: list[Desktop] = []

    def open_window(**request: Any) -> Program:
        words = {"data_dir": tmp_path, "settings": SMALL, "settings_changes": {}, **request}
        desktop = Desktop(
            WindowRequest(open_engine=main.open_engine, **words),
            WindowSettings(tmp_path / "window.ini"),
            open_output=lambda _: None,
        )
        desktops.append(desktop)
        desktop.window.resize(1280, 800)
        desktop.window.show()
        return Program(qtbot, desktop)

    yield open_window
    for desktop in desktops:
        desktop.close()


def assert_it_is_the_brain(program: Program, brains: Path) -> None:
    """Its counters, and the pictures of its memories as they were stored."""
    facts = read_header(brains / "pong.nec")
    program.wait(
        lambda: program.progress is not None and program.progress.frames >= facts["frames"]
    )
    assert program.progress is not None
    assert sum(program.progress.memory_sizes) >= sum(facts["memory"]["sizes"])
    program.answers.clear()
    program.wait(lambda: sum(isinstance(a, PictureAnswer) for a in program.answers) >= 5)
    pictures = [answer for answer in program.answers if isinstance(answer, PictureAnswer)]
    assert all(picture.is_exact for picture in pictures), [p.problem for p in pictures]
    notices = [event for event in program.events if isinstance(event, Notice)]
    assert [notice.is_problem for notice in notices if "to play from" in notice.text] == [False]


def test_a_game_offers_its_brain_and_one_click_opens_it(
    start: Callable[..., Program], brains: Path
) -> None:
    program = start(rom="pong")
    program.wait(lambda: program.session.state is SessionState.RUNNING)
    bar = program.window.central.offers
    button = bar.button("brain")
    assert bar.isVisible()
    assert button is not None
    program.wait_frames(10)
    with program.qtbot.waitSignal(program.session.game_opened):
        program.events.clear()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()
    assert_it_is_the_brain(program, brains)
    assert program.progress is not None
    steps = program.progress.steps
    program.wait(lambda: program.progress is not None and program.progress.steps > steps + 5)


def test_the_start_screen_opens_it_too(start: Callable[..., Program], brains: Path) -> None:
    program = start()
    (button,) = program.window.central.start.brains.buttons
    program.qtbot.waitUntil(button.isVisible)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert_it_is_the_brain(program, brains)


def test_so_does_the_command_line_with_the_game_beside_it(
    start: Callable[..., Program], brains: Path
) -> None:
    program = start(rom="pong.bin", snapshot=brains / "pong.nec", train=False)
    assert_it_is_the_brain(program, brains)
    assert not program.window.central.offers.isVisible()


def test_the_cheap_mode_is_another_agent_in_the_same_game(start: Callable[..., Program]) -> None:
    program = start(rom="breakout", settings=changed(SMALL, {"learning_starts": 10}))
    bar = program.window.central.offers
    program.wait(lambda: bar.button("cheap") is not None)
    assert "steps/s" in bar.label.text()
    button = bar.button("cheap")
    assert button is not None
    with program.qtbot.waitSignal(program.session.game_opened):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    info = program.session.info
    assert info is not None
    assert (info.name, info.agent) == ("breakout", "mfec")
    program.progress = None
    program.wait(lambda: program.progress is not None and program.progress.steps > 5)
    assert not bar.isVisible()
