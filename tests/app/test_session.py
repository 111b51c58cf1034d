"""The session: intents become commands, news becomes what is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_engine import FakeEngine
from made_news import game_info, progress
from pytestqt.qtbot import QtBot

from app.note import Note
from app.session import Session, SessionState
from app.startup.request import OpenEngine, OpenRequest, WindowRequest
from nec_engine.config import Settings
from nec_engine.errors import SnapshotError
from nec_engine.messages import (
    Advance,
    CancelSave,
    Event,
    HoldStick,
    Player,
    Progress,
    RecordingEnded,
    SaveFailed,
    SaveProgressed,
    SaveSnapshot,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetTraining,
    SnapshotSaved,
    StartRecording,
    StopRecording,
    ThreadFailed,
)

MakeSession = Callable[..., Session]


@pytest.fixture
def make_session(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeSession]:
    made: list[Session] = []

    def make(open_engine: OpenEngine, **request: object) -> Session:
        wanted = WindowRequest(
            open_engine=open_engine, data_dir=tmp_path, settings=Settings(), settings_changes={},
            **request,  # type: ignore[arg-type]  # fields by name
        )  # fmt: skip
        session = Session(wanted)
        made.append(session)
        return session

    yield make
    for session in made:
        session.close()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def session(qtbot: QtBot, make_session: MakeSession, engine: FakeEngine) -> Session:
    made = make_session(lambda _: engine)
    with qtbot.waitSignal(made.game_opened):
        made.open(rom="pong")
    made.bridge.pull()
    engine.commands.clear()
    return made


class Saving(FakeEngine):
    """An engine that tells of a save as it is stopped."""

    def __init__(self, told: Event) -> None:
        super().__init__()
        self._told = told

    def stop(self, timeout_s: float = 4.0) -> None:
        super().stop(timeout_s)
        self.publish(events=(self._told,))


def notes_of(session: Session) -> list[Note]:
    notes: list[Note] = []
    session.noted.connect(notes.append)
    return notes


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


def test_a_second_toggle_undoes_the_first_even_before_the_engine_answered(
    qtbot: QtBot, make_session: MakeSession
) -> None:
    engine = FakeEngine(autowake=False)  # obeys nothing, reports nothing
    session = make_session(lambda _: engine)
    with qtbot.waitSignal(session.game_opened):
        session.open(rom="pong")
    session.set_paused(not session.controls.is_paused)
    session.set_paused(not session.controls.is_paused)
    assert engine.commands == [SetPaused(True), SetPaused(False)]


def test_a_step_pauses_a_running_game_first(session: Session, engine: FakeEngine) -> None:
    session.step(to_next_decision=True)
    session.step(to_next_decision=False)
    assert engine.commands == [
        SetPaused(True), Advance(1, to_next_decision=True), Advance(1, to_next_decision=False),
    ]  # fmt: skip


def test_fast_lasts_while_it_is_held_and_then_the_speed_is_as_before(
    session: Session, engine: FakeEngine
) -> None:
    session.set_speed(0.5)
    session.set_fast(True)
    session.set_fast(False)
    assert engine.commands == [SetSpeed(0.5), SetSpeed(float("inf")), SetSpeed(0.5)]


def test_speeds_go_up_and_down(session: Session, engine: FakeEngine) -> None:
    session.speed_up()
    session.slow_down()
    session.slow_down()
    assert engine.commands == [SetSpeed(2.0), SetSpeed(1.0), SetSpeed(0.5)]


def test_intents_reach_the_engine_in_order(session: Session, engine: FakeEngine) -> None:
    session.set_player(Player.PERSON)
    session.send(HoldStick(up=True))
    session.set_training(False)
    assert engine.commands == [
        SetPlayer(Player.PERSON), HoldStick(up=True), SetTraining(False),
    ]  # fmt: skip


def test_a_snapshot_is_saved_as_a_new_file_named_by_its_frames(
    qtbot: QtBot, session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    told: list[Progress] = []
    session.bridge.progress_came.connect(told.append)
    engine.publish(progress=progress(steps=25))
    qtbot.waitUntil(lambda: [item.steps for item in told][-1:] == [25])
    session.save()
    assert engine.commands == [SaveSnapshot(tmp_path / "snapshots" / "pong-000000100.nec")]
    session.bridge.pull()
    assert not session.is_saving


@pytest.fixture
def fractions(session: Session) -> list[float]:
    """How far saving is, as it is told."""
    told: list[float] = []
    session.save_progressed.connect(told.append)
    return told


def test_saving_shows_how_far_it_is_and_ends_when_it_fails(
    session: Session, engine: FakeEngine, fractions: list[float], tmp_path: Path
) -> None:
    engine._autowake = False
    notes = notes_of(session)
    session.save(tmp_path / "mine.nec")
    assert session.is_saving
    engine.publish(events=(SaveFailed(tmp_path / "mine.nec", "the disk is full"),))
    session.bridge.pull()
    assert not session.is_saving
    assert fractions == [0.0, -1.0]
    assert "the disk is full" in notes[0].text


def test_what_becomes_of_an_autosave_leaves_the_save_by_hand_as_it_is(
    session: Session, engine: FakeEngine, fractions: list[float], tmp_path: Path
) -> None:
    engine._autowake = False
    mine, auto = tmp_path / "mine.nec", tmp_path / "pong-autosave-1.nec"
    session.save(mine)
    engine.publish(
        events=(
            SaveProgressed(auto, 0.9),
            SaveFailed(auto, "the disk is full"),
            SnapshotSaved(auto, 1_000, 0.1, is_autosave=True),
            SaveProgressed(mine, 0.5),
        )
    )
    session.bridge.pull()
    assert session.is_saving
    assert fractions == [0.0, 0.5]
    engine.publish(events=(SnapshotSaved(mine, 1_000, 0.1, is_autosave=False),))
    session.bridge.pull()
    assert not session.is_saving


def test_a_second_save_is_refused_in_words_and_the_first_can_still_be_cancelled(
    session: Session, engine: FakeEngine, tmp_path: Path
) -> None:
    engine._autowake = False
    notes = notes_of(session)
    session.save(tmp_path / "first.nec")
    session.save(tmp_path / "second.nec")
    assert session.is_saving
    assert "first.nec is still being saved" in notes[0].text
    session.cancel_save()
    assert engine.commands == [SaveSnapshot(tmp_path / "first.nec"), CancelSave()]


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
