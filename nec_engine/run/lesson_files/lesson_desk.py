"""The lessons thread: lesson files written and read, one after the other, beside the game."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from nec_engine.config import Settings
from nec_engine.errors import DataError, NecError
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
    SaveLessons,
    ThreadFailed,
)
from nec_engine.run.folders import writable_folder
from nec_engine.run.lesson_files.lesson_book import Lesson, LessonBook
from nec_engine.run.lesson_files.lesson_file import read_lessons, write_lessons
from nec_engine.run.lesson_files.lesson_replay import LessonPlayer
from nec_engine.run.mailbox import Inbox
from nec_engine.run.priority import TRAIN_NICENESS, lower_this_thread
from nec_engine.run.publication import Publication


class LessonDesk:
    """Saves what was taught and teaches what was saved. Its thread begins with the first wish."""

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
        self._rom, self._settings = rom, settings
        self._book, self._send_taught, self._post = book, send_taught, post
        self._memory = memory
        self._give_way_to_others = give_way
        self._player = LessonPlayer(rom, settings, journal, publication, self._give_way)
        self._inbox: Inbox[LessonFileCommand | None] = Inbox()  # None: stop
        self._is_stopping = threading.Event()
        self._thread: threading.Thread | None = None

    # --- the window's thread ---

    def send(self, command: LessonFileCommand) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="lessons")
            self._thread.start()
        self._inbox.put(command)

    def ask_stop(self) -> None:
        """Give up what is under way; nothing half is left."""
        self._is_stopping.set()
        self._inbox.put(None)

    def join(self, timeout_s: float) -> bool:
        """True when the thread is gone."""
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the lessons thread ---

    def _run(self) -> None:
        lower_this_thread(TRAIN_NICENESS)
        while not self._is_stopping.is_set():
            self._inbox.wait(None)
            for command in self._inbox.take_all():
                if command is None or self._is_stopping.is_set():
                    return
                self._do(command)

    def _do(self, command: LessonFileCommand) -> None:
        try:
            match command:
                case SaveLessons(path):
                    self._save(path)
                case LoadLessons(path):
                    self._load(path)
        except _StoppedError:
            return
        except NecError as error:
            self._post(LessonsFailed(command.path, str(error)))
        except Exception as error:  # noqa: BLE001 - told to the window; the next one may do
            words = f"{type(error).__name__}: {error}"
            self._post(LessonsFailed(command.path, words))
            self._post(ThreadFailed("lessons", words, traceback.format_exc()))

    def _save(self, path: Path) -> None:
        lessons = self._living_lessons()
        if not lessons:
            raise DataError(
                "there is no lesson to save",
                "the memory holds nothing that you taught",
                "take over with M and play, with Remember what I play on",
            )
        recorded = [self._player.record(lesson) for lesson in lessons]
        writable_folder(path.parent)
        write_lessons(path, recorded, self._rom, self._settings)
        num_steps = sum(len(lesson.actions) for lesson in recorded)
        self._post(LessonsSaved(path, len(recorded), num_steps))

    def _living_lessons(self) -> list[Lesson]:
        """Those of which the memory holds something; all of an agent without a memory."""
        lessons = self._book.lessons()
        if self._memory is None:
            return list(lessons)
        taught = self._memory.surgery.taught_episodes()
        return [lesson for lesson in lessons if lesson.episode in taught]

    def _load(self, path: Path) -> None:
        lessons = read_lessons(path, self._rom, self._settings)
        taught = self._player.teach_all(lessons)
        for steps in taught:  # only when all of them are right
            for step in steps:
                self._book.add_step(step.moment)
            self._send_taught(steps)
        self._post(LessonsLoaded(path, len(lessons), sum(map(len, taught))))

    def _give_way(self) -> None:
        if self._is_stopping.is_set():
            raise _StoppedError
        self._give_way_to_others()


class _StoppedError(Exception):
    """The program ends."""
