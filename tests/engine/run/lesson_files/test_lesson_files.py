"""Lessons as files: what one agent was taught, another is taught from the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from montezuma import settings_of, steps_to_key, taught_trainer, way_to_key

from nec_engine.config import Settings
from nec_engine.errors import NecError
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import find_rom
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import (
    Event,
    LessonsFailed,
    LessonsLoaded,
    LessonsSaved,
    LoadLessons,
    Moment,
    Notice,
    Origin,
    SaveLessons,
)
from nec_engine.run.checks import check_snapshot
from nec_engine.run.commands.info import run
from nec_engine.run.lesson_files import lesson_file
from nec_engine.run.lesson_files.lesson_book import Lesson, LessonBook
from nec_engine.run.lesson_files.lesson_file import RecordedLesson, read_lessons, write_lessons
from nec_engine.run.lesson_files.lesson_replay import LessonPlayer
from nec_engine.run.lesson_files.lessons_thread import LessonsThread
from nec_engine.run.opening import open_new
from nec_engine.run.publication import Publication
from nec_engine.run.requests import InfoRequest
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import write_snapshot

LENGTH = len(list(way_to_key()))


class Told(list[Event]):
    """What a desk says; its lessons go straight to the trainer."""


def desk_of(trainer: Trainer, told: Told) -> LessonsThread:
    return LessonsThread(
        trainer.rom, trainer.settings, trainer.journal, Publication(), trainer.lesson_book,
        trainer.agent.memory, trainer.take_taught, told.append,
    )  # fmt: skip


def done(desk: LessonsThread, command: SaveLessons | LoadLessons, told: Told) -> Event:
    """What becomes of a wish. Lets the desk go on as its thread does, without one."""
    desk._attempt(command)
    return told.pop()


def test_another_agent_takes_the_key_after_a_lesson_from_a_file(tmp_path: Path) -> None:
    path, told = tmp_path / "folder" / "key.lesson", Told()
    teacher, _ = taught_trainer(settings_of("mfec"), way_to_key())
    event = done(desk_of(teacher, told), SaveLessons(path), told)
    assert event == LessonsSaved(path, 1, LENGTH)
    assert path.stat().st_size < 60_000

    settings = settings_of("nec")
    pupil, _ = taught_trainer(settings, [])
    event = done(desk_of(pupil, told), LoadLessons(path), told)
    assert event == LessonsLoaded(path, 1, LENGTH)
    memory = pupil.agent.memory
    assert memory is not None
    assert memory.num_by_origin == (0, 0, LENGTH, 0)
    assert steps_to_key(pupil.agent.policy(), settings, 0, LENGTH + 5) == LENGTH
    entry = memory.contents.entry(pupil.emulator.action_names.index("up"), 5)
    assert entry.origin is Origin.IMPORTED
    rebuilt = Rebuilder(pupil.rom, settings).rebuild(pupil.journal, entry.moment)
    assert rebuilt.state_hash == entry.state_hash  # its picture can be seen
    assert pupil.lesson_book.lessons()[0].num_steps == LENGTH  # and saved again
    for trainer in (teacher, pupil):
        trainer.close()


# --- files that do not fit ---


@pytest.fixture
def recorded() -> RecordedLesson:
    """Twelve steps of Pong."""
    emulator = Emulator(find_rom("pong"), Settings(), seed=1)
    emulator.reset(3)
    start, actions = emulator.clone(), [2, 2, 3, 3, 0, 0, 2, 3, 2, 3, 2, 2]
    for action in actions:
        emulator.step(action)
    last_hash = hash_observation(emulator.observation())
    return RecordedLesson(start, np.array(actions, np.uint8), last_hash, 0.0)


@pytest.fixture
def pong() -> Iterator[Trainer]:
    settings = Settings(capacity=100, replay_capacity=100, index="exact")
    trainer = open_new(find_rom("pong"), settings).trainer
    yield trainer
    trainer.close()


def refusal(trainer: Trainer, path: Path) -> str:
    """Why a file was not taught; nothing of it was."""
    told = Told()
    num_episodes = trainer.journal.num_episodes
    event = done(desk_of(trainer, told), LoadLessons(path), told)
    assert isinstance(event, LessonsFailed)
    assert told == []
    assert trainer.agent.memory is not None
    assert trainer.agent.memory.sizes == (0,) * 6
    assert trainer.journal.num_episodes == num_episodes
    assert trainer.lesson_book.lessons() == ()
    return event.message


def test_a_lesson_file_holds_what_was_recorded(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer
) -> None:
    path = tmp_path / "a.lesson"
    num_bytes = write_lessons(path, [recorded, recorded], pong.rom, pong.settings)
    assert path.stat().st_size == num_bytes
    first, second = read_lessons(path, pong.rom, pong.settings)
    assert first.start.state == recorded.start.state
    assert first.start.stack.tolist() == recorded.start.stack.tolist()
    assert (first.actions.tolist(), first.last_hash, first.points) == (
        second.actions.tolist(), recorded.last_hash, 0.0,
    )  # fmt: skip


def test_what_does_not_fit_is_refused_in_one_sentence(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.lesson"
    rom, settings = pong.rom, pong.settings
    assert "cannot" in refusal(pong, tmp_path / "missing.lesson")
    write_lessons(path, [recorded], find_rom("breakout"), settings)
    assert "lessons of breakout" in refusal(pong, path)
    write_lessons(path, [recorded], rom, dataclasses.replace(settings, frame_skip=5))
    assert "frame_skip=5" in refusal(pong, path)
    write_lessons(path, [dataclasses.replace(recorded, last_hash=7)], rom, settings)
    assert "not what was recorded (step 12)" in refusal(pong, path)
    write_lessons(path, [recorded, dataclasses.replace(recorded, last_hash=7)], rom, settings)
    assert "not what was recorded (step 12)" in refusal(pong, path)
    wrong = dataclasses.replace(recorded, actions=np.array([17], np.uint8))
    write_lessons(path, [wrong], rom, settings)
    assert "not what was recorded (step 0)" in refusal(pong, path)
    monkeypatch.setattr(lesson_file, "ALE_VERSION", "0.0.1")
    write_lessons(path, [recorded], rom, settings)
    monkeypatch.undo()
    assert "ale-py 0.0.1" in refusal(pong, path)
    write_snapshot(path, {"a": 1}, header={"game": "pong"})
    assert "no lesson file" in refusal(pong, path)
    write_lessons(path, [recorded], rom, settings)
    damaged = bytearray(path.read_bytes())
    damaged[-100] ^= 1
    path.write_bytes(damaged)
    assert "checksum" in refusal(pong, path)


def test_a_lesson_file_is_no_snapshot(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.lesson"
    write_lessons(path, [recorded], pong.rom, pong.settings)
    with pytest.raises(NecError, match="no snapshot; it holds lessons"):
        check_snapshot(path, {})
    assert run(InfoRequest(path, as_json=False)) == 0
    assert "num_steps: 12" in capsys.readouterr().out


def test_without_a_lesson_nothing_is_saved(tmp_path: Path, pong: Trainer) -> None:
    told = Told()
    event = done(desk_of(pong, told), SaveLessons(tmp_path / "none.lesson"), told)
    assert isinstance(event, LessonsFailed)
    assert "take over with M" in event.message
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_that_the_memory_forgot_is_not_saved(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer
) -> None:
    path, told = tmp_path / "a.lesson", Told()
    write_lessons(path, [recorded], pong.rom, pong.settings)
    desk = desk_of(pong, told)
    assert isinstance(done(desk, LoadLessons(path), told), LessonsLoaded)
    assert isinstance(done(desk, SaveLessons(path), told), LessonsSaved)
    memory = pong.agent.memory
    assert memory is not None
    for action, identities in memory.surgery.taught():
        memory.surgery.remove(action, memory.surgery.find(action, identities))
    assert isinstance(done(desk, SaveLessons(path), told), LessonsFailed)


def test_the_desk_works_on_a_thread_of_its_own_and_stops(tmp_path: Path, pong: Trainer) -> None:
    told = Told()
    desk = desk_of(pong, told)
    desk.send(SaveLessons(tmp_path / "none.lesson"))
    desk.ask_stop()
    assert desk.join(60)


def test_steps_in_a_row_are_one_lesson_and_a_book_can_be_saved() -> None:
    book = LessonBook()
    for moment in (Moment(1, 4), Moment(1, 5), Moment(1, 7), Moment(2, 8), Moment(2, 9)):
        book.add_step(moment)
    other = LessonBook()
    other.load_state_dict(book.state_dict())
    assert other.lessons() == (Lesson(1, 4, 2), Lesson(1, 7, 1), Lesson(2, 8, 2))


def test_a_lesson_that_is_read_while_somebody_plays_stays_one_lesson() -> None:
    book = LessonBook()
    for moment in (Moment(1, 4), Moment(2, 8), Moment(1, 5), Moment(2, 9), Moment(1, 6)):
        book.add_step(moment)
    assert book.lessons() == (Lesson(1, 4, 3), Lesson(2, 8, 2))


def test_a_lesson_whose_game_is_gone_is_told_in_words(pong: Trainer) -> None:
    player = LessonPlayer(pong.rom, pong.settings, pong.journal, Publication())
    with pytest.raises(NecError, match="not in the journal"):
        player.record(Lesson(999, 0, 3))


def test_the_picture_before_the_first_step_is_in_the_file(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.lesson"
    write_lessons(path, [recorded], pong.rom, pong.settings)
    (read,) = read_lessons(path, pong.rom, pong.settings)
    assert np.array_equal(read.start.rgb, recorded.start.rgb)
    assert read.start.rgb.max() > 0
    packed = lesson_file._packed(recorded)
    height = {"height": recorded.start.rgb.shape[0]}
    del packed["picture"]  # as older files have it
    old = lesson_file._unpacked({**packed, **height})
    assert old.start.rgb.shape == recorded.start.rgb.shape
    assert old.start.rgb.std() > 0


def test_a_lesson_that_is_gone_or_of_another_world_keeps_no_other_from_being_saved(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer
) -> None:
    told, path = Told(), tmp_path / "a.lesson"
    write_lessons(path, [recorded], pong.rom, pong.settings)
    for _ in range(2):
        assert isinstance(done(desk_of(pong, told), LoadLessons(path), told), LessonsLoaded)
    first, second = pong.lesson_book.lessons()
    pong.journal.forget(first.episode)
    out = tmp_path / "out.lesson"
    desk_of(pong, told)._attempt(SaveLessons(out))
    saved, notice = told
    assert saved == LessonsSaved(out, 1, 12)
    assert isinstance(notice, Notice)
    assert notice.text.startswith("A lesson was left out of out.lesson: episode")
    told.clear()
    pong.settings = dataclasses.replace(pong.settings, sticky_actions=0.25)
    event = done(desk_of(pong, told), SaveLessons(tmp_path / "b.lesson"), told)
    assert isinstance(event, LessonsFailed)
    assert not (tmp_path / "b.lesson").exists()
    alone = LessonBook()
    alone.load_state_dict([list(second)])
    pong.lesson_book = alone
    event = done(desk_of(pong, told), SaveLessons(tmp_path / "b.lesson"), told)
    assert isinstance(event, LessonsFailed)
    assert "sticky_actions=0.0" in event.message


def test_what_was_forgotten_does_not_come_back_with_what_is_taught_next() -> None:
    book = LessonBook()
    for step in range(50):
        book.add_step(Moment(7, step))
    book.close_all()
    for step in range(50, 52):
        book.add_step(Moment(7, step))
    assert book.lessons() == (Lesson(7, 0, 50), Lesson(7, 50, 2))
    assert book.closed() == (Lesson(7, 0, 50),)


def test_a_forgotten_lesson_is_saved_only_while_something_of_it_is_taught(
    tmp_path: Path, recorded: RecordedLesson, pong: Trainer
) -> None:
    told, path = Told(), tmp_path / "a.lesson"
    write_lessons(path, [recorded], pong.rom, pong.settings)
    done(desk_of(pong, told), LoadLessons(path), told)
    pong.lesson_book.close_all()
    assert len(desk_of(pong, told)._living_lessons()) == 1  # it was undone: it is taught
    memory = pong.agent.memory
    assert memory is not None
    for action, size in enumerate(memory.sizes):
        if size:
            memory.surgery.begin({action: size})
            memory.surgery.remove(action, np.arange(size))
            memory.surgery.end()
    assert desk_of(pong, told)._living_lessons() == []
