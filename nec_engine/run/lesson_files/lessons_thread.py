"""The lessons thread: lesson files written and read, one after the other, beside the game."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.roms import Rom
from nec_engine.journal.journal import Journal
from nec_engine.learning.steps import TaughtStep
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    Event,
    LessonFileCommand,
    LessonsFailed,
    LessonsLoaded,
    LessonsSaved,
    LoadLessons,
    Notice,
    SaveLessons,
)
from nec_engine.run.folders import writable_folder
from nec_engine.run.job_thread import JobThread
from nec_engine.run.lesson_files.lesson_book import Lesson, LessonBook
from nec_engine.run.lesson_files.lesson_file import read_lessons, write_lessons
from nec_engine.run.lesson_files.lesson_replay import LessonPlayer
from nec_engine.run.priority import TRAIN_NICENESS
from nec_engine.run.publication import Publication


class LessonsThread(JobThread[LessonFileCommand]):
    """Saves what was taught and teaches what was saved."""

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        journal: Journal,
        publication: Publication,
        book: LessonBook,
        memory: EpisodicMemory | None,
        send_taught: Callable[[list[TaughtStep]], None],
        post: Callable[[Event], None],
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__("lessons", TRAIN_NICENESS, post)
        self._rom, self._settings = rom, settings
        self._book, self._send_taught = book, send_taught
        self._memory = memory
        self._give_way_to_others = give_way
        self._player = LessonPlayer(rom, settings, journal, publication, self._give_way)

    def send(self, command: LessonFileCommand) -> None:
        """The window's thread calls this."""
        self._give(command)

    # --- the lessons thread ---

    def _do(self, job: LessonFileCommand) -> None:
        self._refuse_given_up()
        match job:
            case SaveLessons(path):
                self._save(path)
            case LoadLessons(path):
                self._load(path)

    def _tell_failed(self, job: LessonFileCommand, problem: str) -> None:
        self._post(LessonsFailed(job.path, problem))

    def _save(self, path: Path) -> None:
        lessons = self._living_lessons()
        if not lessons:
            raise DataError(
                "there is no lesson to save",
                "the memory holds nothing that you taught",
                "take over with M and play, with Remember what I play on",
            )
        recorded, problems = [], []
        for lesson in lessons:
            try:
                recorded.append(self._player.record(lesson))
            except DataError as error:
                problems.append(error)
        if not recorded:
            raise problems[0]
        writable_folder(path.parent)
        write_lessons(path, recorded, self._rom, self._settings)
        num_steps = sum(len(lesson.actions) for lesson in recorded)
        self._post(LessonsSaved(path, len(recorded), num_steps))
        if problems:
            what = "A lesson was" if len(problems) == 1 else f"{len(problems):,} lessons were"
            words = f"{what} left out of {path.name}: {problems[0]}"
            self._post(Notice(words, is_important=True, is_problem=True))

    def _living_lessons(self) -> list[Lesson]:
        """Those of which the memory holds something; all of an agent without a memory."""
        lessons = self._book.lessons()
        if self._memory is None:
            return list(lessons)
        taught = self._memory.contents.taught_steps()
        closed = set(self._book.closed())

        def is_living(lesson: Lesson) -> bool:
            steps = taught.get(lesson.episode, set())
            # Of one that was forgotten, others may have taught in the same episode since.
            return bool(
                steps & set(range(lesson.first, lesson.first + lesson.num_steps))
                if lesson in closed
                else steps
            )

        return [lesson for lesson in lessons if is_living(lesson)]

    def _load(self, path: Path) -> None:
        lessons = read_lessons(path, self._rom, self._settings)
        taught = self._player.teach_all(lessons)
        for steps in taught:  # only when all of them are right
            for step in steps:
                self._book.add_step(step.moment)
            self._send_taught(steps)
        self._post(LessonsLoaded(path, len(lessons), sum(map(len, taught))))

    def _give_way(self) -> None:
        self._refuse_given_up()
        self._give_way_to_others()
