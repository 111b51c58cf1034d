"""Lessons played again without a window: from the journal to a file, from a file to the trainer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from nec_engine.config import Settings
from nec_engine.errors import DataError
from nec_engine.game.emulator import Emulator
from nec_engine.game.preprocess import hash_observation
from nec_engine.game.roms import Rom
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.returns import learned_reward
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import Moment, Origin
from nec_engine.run.lesson_files.lesson_book import Lesson
from nec_engine.run.lesson_files.lesson_file import RecordedLesson, refuse_other_world
from nec_engine.run.live.lessons import Lessons
from nec_engine.run.publication import Publication


class LessonPlayer:
    """Plays lessons with an emulator of its own; the lessons thread's."""

    def __init__(
        self,
        rom: Rom,
        settings: Settings,
        journal: Journal,
        publication: Publication,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """``give_way`` is called at every step; what it raises ends the work with nothing done."""
        self._rom, self._settings = rom, settings
        self._journal, self._publication = journal, publication
        self._give_way = give_way
        self._emulator: Emulator | None = None  # made when it is needed first

    def record(self, lesson: Lesson) -> RecordedLesson:
        """A lesson of the journal as a file holds it. Raises :class:`DataError` if it is gone."""
        rebuilder = Rebuilder(self._rom, self._settings, self._give_way)
        start = rebuilder.rebuild(self._journal, lesson.start).point
        episode = self._journal.episode(lesson.episode)
        refuse_other_world(episode.world, self._settings)
        actions = episode.actions(lesson.first, lesson.first + lesson.num_steps)
        emulator = self._ready()
        emulator.restore(start)
        points = 0.0
        for action in actions:
            self._give_way()
            points += emulator.step(action).reward
        return RecordedLesson(
            start,
            np.frombuffer(actions, np.uint8),
            hash_observation(emulator.observation()),
            points,
        )

    def teach_all(self, lessons: Sequence[RecordedLesson]) -> list[list[TaughtStep]]:
        """The steps of each, as :meth:`teach`; what it raises leaves no episode of any of them."""
        taught: list[list[TaughtStep]] = []
        try:
            for lesson in lessons:
                taught.append(self.teach(lesson))
        except BaseException:
            for steps in filter(None, taught):
                self._journal.forget(steps[0].moment.episode)
            raise
        return taught

    def teach(self, recorded: RecordedLesson) -> list[TaughtStep]:
        """A lesson of a file as steps with their returns, for the trainer, of origin imported.

        It is played as it was, into an episode of the journal. Returns are those that a person
        playing it now would give: N steps, bootstrapped with what the agent knows.
        Raises :class:`DataError`, and no episode is kept, when it does not end where it did.
        """
        emulator = self._ready()
        emulator.restore(recorded.start)
        writer = self._journal.begin(recorded.start, is_live=True)
        try:
            taught = self._play(recorded, emulator, writer)
        except BaseException:
            writer.end()
            self._journal.forget(writer.episode_id)
            raise
        writer.end()
        return taught

    def _play(
        self, recorded: RecordedLesson, emulator: Emulator, writer: EpisodeWriter
    ) -> list[TaughtStep]:
        settings = self._settings
        taught: list[TaughtStep] = []
        lessons = Lessons(settings.n_step, settings.gamma, taught.extend)
        is_over = False
        for step, action in enumerate(recorded.actions.tolist()):
            self._give_way()
            if is_over or action >= emulator.num_actions:
                raise _not_as_recorded(step)
            if lessons.is_full:
                lessons.decide(self._value_of(emulator))
            observation = emulator.observation()
            writer.append(action, emulator.state)
            result = emulator.step(action)
            lessons.add(
                Moment(writer.episode_id, step),
                action,
                hash_observation(observation),
                observation,
                learned_reward(result.reward, settings),
                Origin.IMPORTED,
            )
            is_over = result.is_game_over
            if is_over or (result.is_life_lost and settings.life_loss_is_terminal):
                lessons.stop()
        if hash_observation(emulator.observation()) != recorded.last_hash:
            raise _not_as_recorded(len(recorded.actions))
        if len(lessons):
            lessons.stop(self._value_of(emulator))
        return taught

    def _ready(self) -> Emulator:
        if self._emulator is None:
            self._emulator = Emulator(self._rom, self._settings, seed=0, colour=False)
        return self._emulator

    def _value_of(self, emulator: Emulator) -> float:
        published = self._publication.newest
        if published is None:
            return 0.0
        return float(published.policy.q_values(emulator.observation()[None]).max())


def _not_as_recorded(step: int) -> DataError:
    return DataError(
        "the lesson cannot be taught",
        f"played again it is not what was recorded (step {step:,})",
        "use another lesson file",
    )
