"""The whole window around a fake engine: games, snapshots, files that are neither."""

from __future__ import annotations

import threading
from pathlib import Path

from fake_engine import FakeEngine, Openings
from pressing import Key, Mod, OpenDesktop, press
from PyQt6.QtCore import QMimeData, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent
from PyQt6.QtWidgets import (
    QFileDialog,
)
from pytestqt.qtbot import QtBot

from app.dialogs.unsupported_rom import UnsupportedRom
from app.startup.request import OpenRequest
from app.startup.settings import WindowSettings
from nec_engine.errors import RomError, SnapshotError
from nec_engine.messages import HoldStick, Player, SetPaused


def test_without_a_game_only_what_makes_sense_is_enabled(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(rom=None)
    actions = desktop.window.actions_by_name
    assert not actions["pause"].isEnabled()
    assert not actions["save"].isEnabled()
    assert actions["open"].isEnabled()
    assert desktop.window.central.start.isVisible()
    assert all(dock.isHidden() for dock in desktop.window.panels.docks.values())


def test_a_game_chosen_on_the_start_screen_opens_and_becomes_recent(
    qtbot: QtBot, open_desktop: OpenDesktop, window_settings: WindowSettings
) -> None:
    openings = Openings()
    desktop = open_desktop(rom=None, open_engine=openings)
    start = desktop.window.central.start
    start.search.setText("q*b")
    with qtbot.waitSignal(desktop.session.game_opened):
        qtbot.keyClick(start.search, Key.Key_Return)
    assert openings.asked[0].rom == "qbert"
    assert desktop.window.central.is_game_shown
    assert window_settings.recent == ("qbert",)
    assert desktop.window.panels.why.isVisible()


def test_a_dropped_snapshot_is_opened_as_one(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    openings = Openings()
    desktop = open_desktop(rom=None, open_engine=openings)
    path = tmp_path / "agent.nec"
    path.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    event = QDropEvent(
        QPointF(100, 100), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Mod.NoModifier,
    )  # fmt: skip
    with qtbot.waitSignal(desktop.session.game_opened):
        desktop.window.dropEvent(event)
    assert openings.asked[0].snapshot == path


def test_a_file_that_is_no_game_is_explained_and_the_game_goes_on(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    path = tmp_path / "ms pacman (1982).bin"
    path.write_bytes(b"junk")

    def open_engine(request: OpenRequest) -> FakeEngine:
        if isinstance(request.rom, Path):
            raise RomError(f"{path.name} is no game", "its content is unknown", "choose another")
        return FakeEngine()

    desktop = open_desktop(rom="pong", open_engine=open_engine)
    qtbot.waitUntil(lambda: desktop.session.info is not None)
    with qtbot.waitSignal(desktop.session.open_failed):
        desktop.opening.open_file(path)
    (dialog,) = desktop.window.findChildren(UnsupportedRom)
    assert not dialog.isModal()
    assert desktop.session.info is not None
    assert desktop.window.central.is_game_shown
    dialog.close()


def test_a_broken_snapshot_is_a_note_and_the_start_screen_stays(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    def open_engine(request: OpenRequest) -> FakeEngine:
        raise SnapshotError("broken.nec", "it is cut short", "take another")

    desktop = open_desktop(rom=None, open_engine=open_engine)
    with qtbot.waitSignal(desktop.session.open_failed):
        desktop.opening.open_file(tmp_path / "broken.nec")
    assert "cut short" in desktop.window.notes.texts()[-1]
    assert desktop.window.central.start.isVisible()


def test_opening_can_be_cancelled(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    gate = threading.Event()

    def open_engine(_: OpenRequest) -> FakeEngine:
        gate.wait(10)
        return FakeEngine()

    desktop = open_desktop(rom="pong", open_engine=open_engine)
    assert desktop.window.central.loading.isVisible()
    desktop.window.central.loading.cancel.click()
    assert desktop.window.central.start.isVisible()
    gate.set()


def test_the_dialog_for_files_is_not_in_the_way_of_the_game(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    desktop.window.actions_by_name["open"].trigger()
    (dialog,) = desktop.window.findChildren(QFileDialog)
    engine.tick()
    desktop.session.bridge.pull()
    assert desktop.window.central.game.num_painted == 1
    dialog.close()


def test_a_game_that_is_played_waits_under_the_start_screen_whose_list_has_the_arrow_keys(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    window = desktop.window
    press(qtbot, desktop, Key.Key_M)
    window.actions_by_name["choose_game"].trigger()
    assert engine.commands[-1] == SetPaused(True)
    num_sent = len(engine.commands)
    qtbot.keyClick(window.central.start.search, Key.Key_Down)
    assert len(engine.commands) == num_sent
    qtbot.keyClick(window.central.start.search, Key.Key_Escape)
    assert window.central.is_game_shown
    assert desktop.session.controls.player is Player.PERSON
    qtbot.keyPress(window.central.game, Key.Key_Up)
    assert engine.commands[-1] == HoldStick(up=True)
    qtbot.keyRelease(window.central.game, Key.Key_Up)


def test_the_agents_game_goes_on_under_the_start_screen(open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    desktop.window.actions_by_name["choose_game"].trigger()
    assert SetPaused(True) not in engine.commands
