"""The session: games are opened and closed, news becomes what is shown."""

from __future__ import annotations

from pathlib import Path

from fake_engine import FakeEngine
from made_news import game_info
from made_sessions import MakeSession, Saving, notes_of
from pytestqt.qtbot import QtBot

from app.session import Session, SessionState
from app.startup.request import OpenRequest
from nec_engine.errors import SnapshotError
from nec_engine.messages import (
    Player,
    RecordingEnded,
    SaveFailed,
    SnapshotSaved,
    StartRecording,
    StopRecording,
    ThreadFailed,
)


def test_without_a_game_nothing_is_open_and_intents_do_nothing(make_session: MakeSession) -> None:
    session = make_session(lambda _: FakeEngine())
    session.start()
    session.set_paused(True)
    session.save()
    assert session.state is SessionState.EMPTY
    assert session.info is None


def test_what_the_command_line_names_is_opened_as_it_says(
    qtbot: QtBot, make_session: MakeSession, engine: FakeEngine
) -> None:
    session = make_session(lambda _: engine, rom="pong", human=True, train=False, speed=0.5)
    with qtbot.waitSignal(session.game_opened):
        session.start()
        assert session.state is SessionState.LOADING
    session.bridge.pull()
    assert session.state is SessionState.RUNNING
    assert engine.is_started
    assert session.controls.player is Player.PERSON
    assert session.controls.speed == 0.5
    assert not session.controls.is_training


def test_a_folder_that_cannot_be_written_is_said_and_nothing_starts(
    session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    (tmp_path / "videos").touch()
    notes = notes_of(session)
    session.set_recording(True, with_overlay=False)
    assert engine.commands == []
    assert notes[0].is_problem
    assert "videos" in notes[0].text
    assert not session.controls.is_recording


def test_recording_begins_in_the_videos_folder_and_ends(
    session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    session.set_recording(True, with_overlay=True)
    session.bridge.pull()
    assert session.controls.is_recording
    session.set_recording(False, with_overlay=True)
    session.bridge.pull()
    assert not session.controls.is_recording
    start, stop = engine.commands
    assert isinstance(start, StartRecording)
    assert start.path.parent == tmp_path / "videos"
    assert start.path.suffix == ".mp4"
    assert start.with_overlay
    assert stop == StopRecording()


def test_a_recording_that_ends_by_itself_is_shown_and_said(
    session: Session, engine: FakeEngine
) -> None:
    session.set_recording(True, with_overlay=False)
    session.bridge.pull()
    notes = notes_of(session)
    engine.publish(events=(RecordingEnded(Path("a.mp4"), 3.0, 0, "the disk is full"),))
    session.bridge.pull()
    assert notes[0].is_problem
    assert not session.controls.is_recording


def test_a_fault_in_a_thread_offers_to_save(session: Session, engine: FakeEngine) -> None:
    notes = notes_of(session)
    engine.publish(events=(ThreadFailed("train", "ValueError", "Traceback"),))
    session.bridge.pull()
    assert notes[0].action == "save"


def test_a_game_that_cannot_be_opened_leaves_the_one_that_is_open(
    qtbot: QtBot, make_session: MakeSession, engine: FakeEngine
) -> None:
    def open_engine(request: OpenRequest) -> FakeEngine:
        if request.snapshot is not None:
            raise SnapshotError("broken.nec", "it is cut short", "take another")
        return engine

    session = make_session(open_engine)
    with qtbot.waitSignal(session.game_opened):
        session.open(rom="pong")
    with qtbot.waitSignal(session.open_failed):
        session.open(snapshot=Path("broken.nec"))
    assert session.state is SessionState.RUNNING
    assert session.info is engine.info
    assert not engine.is_stopped


def test_the_next_game_replaces_the_open_one_which_is_stopped(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    engines = {name: FakeEngine(game_info(name)) for name in ("pong", "hero")}
    session = make_session(lambda request: engines[str(request.rom)])
    with qtbot.waitSignal(session.engine_ended, timeout=60_000):
        for name in engines:
            with qtbot.waitSignal(session.game_opened):
                session.open(rom=name)
    assert engines["pong"].is_stopped
    assert session.info is engines["hero"].info
    assert not engines["hero"].is_stopped


def test_training_stays_off_in_the_next_game_when_it_was_off(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    session = make_session(lambda _: FakeEngine())
    for _ in range(2):
        with qtbot.waitSignal(session.game_opened):
            session.open(rom="pong")
        session.set_training(False)
        session.bridge.pull()
    assert not session.controls.is_training


def test_what_a_game_saved_as_it_was_closed_is_said_while_the_next_one_is_there(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    saved = SnapshotSaved(Path("pong-autosave-1.nec"), 1_000, 0.1, is_autosave=True)
    engines = {"pong": Saving(saved), "hero": FakeEngine(game_info("hero"))}
    session = make_session(lambda request: engines[str(request.rom)])
    notes = notes_of(session)
    for name in engines:
        with qtbot.waitSignal(session.game_opened):
            session.open(rom=name)
    qtbot.waitUntil(lambda: any("pong-autosave-1.nec" in note.text for note in notes))
    assert session.info is engines["hero"].info


def test_what_a_game_saved_as_the_program_ended_is_said(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    failed = SaveFailed(Path("pong-autosave-1.nec"), "the disk is full")
    session = make_session(lambda _: Saving(failed))
    with qtbot.waitSignal(session.game_opened):
        session.open(rom="pong")
    notes = notes_of(session)
    assert session.close()
    assert [note.text for note in notes] == ["the disk is full"]
    assert notes[0].is_problem


def test_what_is_taught_and_how_it_plays_stays_as_it_was_switched_in_the_next_game(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    engines = {name: FakeEngine(game_info(name)) for name in ("pong", "hero")}
    session = make_session(lambda request: engines[str(request.rom)])
    for name in engines:
        with qtbot.waitSignal(session.game_opened):
            session.open(rom=name)
        session.bridge.pull()
        if name == "pong":
            session.set_teaching(False)
            session.set_exploring(True)
            session.bridge.pull()
    status = engines["hero"].status
    assert (status.is_teaching, status.is_exploring, status.is_storing_agent) == (
        False, True, False,
    )  # fmt: skip
    assert not session.controls.is_teaching


def test_a_recording_that_ends_with_its_game_is_said_with_its_place(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    path = Path("videos") / "pong.mp4"
    engines = {"pong": Saving(RecordingEnded(path, 12.0, 0)), "hero": FakeEngine()}
    session = make_session(lambda request: engines[str(request.rom)])
    lines: list[str] = []
    session.logged.connect(lambda line, _: lines.append(line))
    for name in engines:
        with qtbot.waitSignal(session.game_opened):
            session.open(rom=name)
    qtbot.waitUntil(lambda: any(str(path) in line for line in lines))


def test_what_is_being_opened_is_not_opened_twice(qtbot: QtBot, make_session: MakeSession) -> None:
    asked: list[OpenRequest] = []

    def open_engine(request: OpenRequest) -> FakeEngine:
        asked.append(request)
        return FakeEngine()

    session = make_session(open_engine)
    with qtbot.waitSignal(session.game_opened):
        session.open(rom="pong")
        session.open(rom="pong")
    assert len(asked) == 1


def test_closing_stops_the_engine(session: Session, engine: FakeEngine) -> None:
    session.close()
    assert engine.is_stopped
    assert session.info is None
