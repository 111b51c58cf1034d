"""The whole window around a fake engine: keys, panels, files, layout, closing."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_engine import FakeEngine, decision, game_info
from PyQt6.QtCore import QMimeData, QObject, QPointF, Qt, QUrl
from PyQt6.QtGui import QDropEvent, QImage
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QScrollBar,
    QTabBar,
)
from pytestqt.qtbot import QtBot

from app.dialogs.keys_sheet import KeysSheet
from app.dialogs.unsupported_rom import UnsupportedRom
from app.lifecycle import Desktop
from app.panels import PANELS
from app.request import OpenRequest
from app.settings import WindowSettings
from app.theme import DARK, LIGHT
from nec_engine.errors import RomError, SnapshotError
from nec_engine.messages import (
    Advance,
    HoldStick,
    Player,
    SaveSnapshot,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetTraining,
    StartNewEpisode,
    StartRecording,
    ThreadFailed,
)

OpenDesktop = Callable[..., Desktop]
MADE_BY_OTHERS = (QLineEdit, QTabBar, QComboBox, QMenu)  # Qt's own parts, pyqtgraph's menus
Key, Mod = Qt.Key, Qt.KeyboardModifier


def press(qtbot: QtBot, desktop: Desktop, key: Key, mod: Mod = Mod.NoModifier) -> None:
    """Press and release over the game."""
    qtbot.keyClick(desktop.window.central.game, key, mod)


@pytest.mark.parametrize(
    ("key", "mod", "command"),
    [
        (Key.Key_P, Mod.NoModifier, SetPaused(True)),
        (Key.Key_Pause, Mod.NoModifier, SetPaused(True)),
        (Key.Key_F, Mod.NoModifier, Advance(1, to_next_decision=True)),
        (Key.Key_F, Mod.ShiftModifier, Advance(1, to_next_decision=False)),
        (Key.Key_A, Mod.NoModifier, SetSpeed(0.5)),
        (Key.Key_S, Mod.NoModifier, SetSpeed(2.0)),
        (Key.Key_Equal, Mod.NoModifier, SetSpeed(1.0)),
        (Key.Key_M, Mod.NoModifier, SetPlayer(Player.PERSON)),
        (Key.Key_T, Mod.NoModifier, SetTraining(False)),
        (Key.Key_E, Mod.NoModifier, SetExploring(True)),
        (Key.Key_R, Mod.ControlModifier, StartNewEpisode()),
    ],
)
def test_a_key_becomes_its_command(
    qtbot: QtBot, open_desktop: OpenDesktop, key: Key, mod: Mod, command: object
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, key, mod)
    assert engine.commands[-1] == command


def test_keys_that_make_files_put_them_into_the_data_folder(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    press(qtbot, desktop, Key.Key_S, Mod.ControlModifier)
    press(qtbot, desktop, Key.Key_R)
    press(qtbot, desktop, Key.Key_F12)
    save, record = engine.commands[-2:]
    assert isinstance(save, SaveSnapshot)
    assert save.path.parent == tmp_path / "snapshots"
    assert isinstance(record, StartRecording)
    assert record.path.parent == tmp_path / "videos"
    (picture,) = (tmp_path / "screenshots").glob("pong-*.png")
    assert QImage(str(picture)).size() == desktop.window.size()


def test_taking_over_playing_and_giving_back(qtbot: QtBot, open_desktop: OpenDesktop) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    game = desktop.window.central.game
    press(qtbot, desktop, Key.Key_M)
    desktop.session.bridge.pull()
    qtbot.keyPress(game, Key.Key_Right)
    qtbot.keyPress(game, Key.Key_Space)
    assert engine.stick == HoldStick(right=True, fire=True)
    qtbot.keyRelease(game, Key.Key_Space)
    qtbot.keyRelease(game, Key.Key_Right)
    assert engine.stick == HoldStick()
    press(qtbot, desktop, Key.Key_Escape)
    assert engine.commands[-1] == SetPlayer(Player.AGENT)


def test_a_click_on_you_takes_over_and_leaves_the_keys_to_the_game(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    you = desktop.window.tool_bar.players.buttons[Player.PERSON]
    qtbot.mouseClick(you, Qt.MouseButton.LeftButton)
    assert engine.commands[-1] == SetPlayer(Player.PERSON)
    assert desktop.window.keyboard.stick == HoldStick()
    qtbot.keyPress(desktop.window.central.game, Key.Key_Left)
    assert engine.stick == HoldStick(left=True)
    qtbot.keyRelease(desktop.window.central.game, Key.Key_Left)


def test_letters_in_the_search_field_search_and_do_nothing_else(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.commands.clear()
    desktop.opening.show_start()
    search = desktop.window.central.start.search
    qtbot.keyClicks(search, "mpsart[]=?")
    assert search.text() == "mpsart[]=?"
    assert engine.commands == []


def test_letters_do_their_work_while_the_log_has_the_focus(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    panels = desktop.window.panels
    panels.toggle("log")
    panels.log.setFocus()
    qtbot.keyClick(panels.log, Key.Key_P)
    assert engine.commands[-1] == SetPaused(True)


def test_the_volume_keys_change_the_volume_and_it_is_remembered(
    qtbot: QtBot, open_desktop: OpenDesktop, window_settings: WindowSettings
) -> None:
    desktop = open_desktop()
    desktop.sound._is_opened = False  # as with a device
    desktop.sound.changed.emit()
    press(qtbot, desktop, Key.Key_BracketRight)
    press(qtbot, desktop, Key.Key_BracketRight)
    press(qtbot, desktop, Key.Key_BracketLeft)
    press(qtbot, desktop, Key.Key_BracketRight, Mod.ControlModifier)
    assert desktop.sound.volume == 70
    assert desktop.sound.is_muted
    assert window_settings.volume == 70
    assert window_settings.is_muted


def test_without_an_audio_device_the_sound_keys_are_off_and_it_is_said_once(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    for _ in range(3):
        engine.tick()
        desktop.session.bridge.pull()
    assert not desktop.window.actions_by_name["mute"].isEnabled()
    assert [text for text in desktop.window.notes.texts() if "audio" in text] != []
    assert desktop.window.panels.log.toPlainText().count("audio device") == 1
    assert engine.wanted[1] is False


def test_the_keys_sheet_opens_and_closes_with_the_same_key(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    press(qtbot, desktop, Key.Key_Question)
    (sheet,) = desktop.window.findChildren(KeysSheet)
    assert not sheet.isModal()
    press(qtbot, desktop, Key.Key_F1)
    qtbot.waitUntil(lambda: desktop.window.findChildren(KeysSheet) == [])


def test_full_screen_goes_on_and_off_and_escape_leaves_it(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    desktop = open_desktop()
    press(qtbot, desktop, Key.Key_Return, Mod.AltModifier)
    assert desktop.window.isFullScreen()
    press(qtbot, desktop, Key.Key_Escape)
    assert not desktop.window.isFullScreen()
    assert not desktop.window.actions_by_name["full_screen"].isChecked()


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
    asked: list[OpenRequest] = []

    def open_engine(request: OpenRequest) -> FakeEngine:
        asked.append(request)
        return FakeEngine(game_info(str(request.rom)))

    desktop = open_desktop(rom=None, open_engine=open_engine)
    start = desktop.window.central.start
    start.search.setText("q*b")
    with qtbot.waitSignal(desktop.session.game_opened):
        qtbot.keyClick(start.search, Key.Key_Return)
    assert asked[0].rom == "qbert"
    assert desktop.window.central.is_game_shown
    assert window_settings.recent == ("qbert",)
    assert desktop.window.panels.why.isVisible()


def test_a_dropped_snapshot_is_opened_as_one(
    qtbot: QtBot, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    asked: list[OpenRequest] = []

    def open_engine(request: OpenRequest) -> FakeEngine:
        asked.append(request)
        return FakeEngine()

    desktop = open_desktop(rom=None, open_engine=open_engine)
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
    assert asked[0].snapshot == path


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
    qtbot.waitUntil(lambda: panels.why._decision is not None)


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


def test_a_small_window_has_all_panels_in_one_stack_of_tabs(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop(size=(960, 600))
    window = desktop.window
    first, *others = window.panels.docks.values()
    assert set(window.tabifiedDockWidgets(first)) == set(others)
    assert (window.width(), window.height()) == (960, 600)


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


def test_a_fault_in_a_thread_can_be_answered_with_a_save(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine()
    desktop = open_desktop(engine)
    engine.publish(events=(ThreadFailed("train", "ValueError: no", "Traceback"),))
    desktop.session.bridge.pull()
    assert "save a snapshot" in desktop.window.notes.texts()[-1]
    assert "Traceback" in desktop.window.panels.log.toPlainText()


def test_closing_the_window_stops_the_engine_and_leaves_no_thread(
    qtbot: QtBot, open_desktop: OpenDesktop
) -> None:
    engine = FakeEngine(threaded=True)
    desktop = open_desktop(engine)
    with qtbot.waitSignal(desktop.window.closed):
        press(qtbot, desktop, Key.Key_Q, Mod.ControlModifier)
    desktop.close()
    assert engine.is_stopped
    assert threading.active_count() == 1


def test_closing_while_a_game_is_being_opened_stops_it(open_desktop: OpenDesktop) -> None:
    engine, gate = FakeEngine(), threading.Event()

    def open_engine(_: OpenRequest) -> FakeEngine:
        gate.wait(10)
        return engine

    desktop = open_desktop(open_engine=open_engine)
    threading.Timer(0.05, gate.set).start()
    desktop.close()
    assert engine.is_stopped
    assert not engine.is_started


def ancestors(widget: QObject) -> list[QObject]:
    parent = widget.parent()
    return [] if parent is None else [parent, *ancestors(parent)]


def test_every_control_has_a_tool_tip_and_a_name(open_desktop: OpenDesktop) -> None:
    desktop = open_desktop()
    desktop.opening.show_start()
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QAbstractItemView)
    wanting = []
    for kind in kinds:
        for widget in desktop.window.findChildren(kind):
            if isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_"):
                continue
            if any(isinstance(part, MADE_BY_OTHERS) for part in ancestors(widget)):
                continue
            name = widget.accessibleName() or getattr(widget, "text", lambda: "")()
            if not widget.toolTip() or not name:
                wanting.append((type(widget).__name__, name, widget.toolTip()))
    assert wanting == []
