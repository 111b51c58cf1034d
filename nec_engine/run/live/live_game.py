"""The live game, frame by frame and without a thread: who plays, what is recorded and taught."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.actions import stick_to_action
from nec_engine.game.emulator import Emulator, FrameResult
from nec_engine.game.noops import draw_noops
from nec_engine.game.preprocess import hash_observation
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import RebuiltMoment
from nec_engine.learning.returns import learned_reward
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    U8,
    Decision,
    Ending,
    EpisodeEnded,
    Frame,
    HoldStick,
    Luck,
    Moment,
    Origin,
    Player,
    read_only,
)
from nec_engine.run.lesson_files.lesson_book import LessonBook
from nec_engine.run.live.deciding import Seen
from nec_engine.run.live.leaning import Leaning
from nec_engine.run.live.lessons import Lessons
from nec_engine.run.live.mind import Mind
from nec_engine.run.live.session_book import PlayedStep, SessionBook
from nec_engine.run.live.tail import Tail, TailFrame
from nec_engine.run.publication import Publication
from nec_engine.seeding import generator

SILENCE: Final[U8] = read_only(np.empty(0, np.uint8))


class LiveGame:
    """The game that is shown: played by the agent or a person, journalled, and taught from.

    One thread, the live one, calls it. Who plays and what is switched changes between two steps
    only: the attributes below are wishes until the next step begins.
    """

    def __init__(
        self,
        emulator: Emulator,
        journal: Journal,
        publication: Publication,
        settings: Settings,
        send_taught: Callable[[list[TaughtStep]], None],
        lesson_book: LessonBook | None = None,
    ) -> None:
        self.emulator = emulator
        self._journal = journal
        self._settings = settings
        self._rng = generator(settings.seed, "live game")
        self.mind = Mind(
            publication,
            emulator.action_names,
            self._rng,
            generator(settings.seed, "looking at the past"),
        )
        self.lessons = Lessons(settings.n_step, settings.gamma, send_taught, lesson_book)
        self.book = SessionBook(settings.gamma)
        self.leaning = Leaning()
        self.tail = Tail()

        self.wanted_player = Player.AGENT
        self.stick = HoldStick()
        self.is_teaching = True
        self.is_storing_agent = False
        self.player = Player.AGENT  # of the step now being played

        self.num_frames = 0
        self.best_score: float | None = None
        self.ended: EpisodeEnded | None = None  # by the latest frame
        self._reward = 0.0
        self._is_life_lost = False
        self._is_step_stored = False  # as it was switched when the step began
        self._was_person_in_episode = False
        self._is_whole = True  # the episode began at its game's start
        self._step_in_episode = 0
        self._seen: Seen | None = None  # what the step now being played was decided on
        self._writer: EpisodeWriter | None = None
        self._is_at_boundary = True
        self._must_begin = True

    def leave_episode(self) -> None:
        """The present episode is given up, and what was taught in it handed over.

        The next frame is the first of a new one.
        """
        if self._writer is not None and not self._must_begin:
            self.lessons.stop(self._value_here())
            self._writer.end()
        self._must_begin = True

    def go_to(self, place: RebuiltMoment, due_s: float, luck: Luck = Luck.SAME) -> Frame:
        """Goes on from ``place``, as a new episode whose score counts on; the picture of it.

        The present episode is left. What is done there is for :meth:`decide_there` to say.
        """
        self.leave_episode()
        self.emulator.restore(place.point)
        if luck is Luck.NEW:
            self.emulator.reseed(int(self._rng.integers(2**63)))
        self._open_episode(place.moment, luck)
        self._is_whole = False
        self._look()
        self.player = self.wanted_player
        return self.still(place.rgb, due_s)

    def decide_there(self) -> Decision | None:
        """The decision in the place gone to; None where nobody wants its evidence."""
        self._decide()
        return self.decision

    def still(self, rgb: U8 | None, due_s: float) -> Frame:
        """The game as it stands between two frames, without sound; ``rgb`` None: its screen."""
        self.num_frames += 1
        return self._frame(
            read_only(self.emulator.rgb()) if rgb is None else rgb, SILENCE, 0, due_s
        )

    @property
    def decision(self) -> Decision | None:
        """Of the step now being played; None where nobody wanted its evidence."""
        return self.mind.decision

    def advance(self) -> FrameResult:
        """Plays one frame; a new step decides first, a finished game begins a new one."""
        if self._must_begin:
            self._begin_episode()
        if self._is_at_boundary:
            self._begin_step()
        result = self.emulator.act_frame(self.mind.action)
        self.mind.note_moved()
        self.num_frames += 1
        self._reward += result.reward
        self._is_life_lost = self._is_life_lost or result.is_life_lost
        self._is_at_boundary = result.completed_step
        self.ended = None
        self._remember_frame(result)
        if result.completed_step:
            self._end_step(result)
        return result

    def _remember_frame(self, result: FrameResult) -> None:
        assert self._writer is not None
        moment = Moment(self.episode_id, self._writer.num_steps - 1)
        audio, score = read_only(self.emulator.audio()), self.emulator.score
        self.tail.add(TailFrame(moment, result.frame_in_step, audio, self.player, score))

    @property
    def is_at_step_boundary(self) -> bool:
        """The next frame begins a step."""
        return self._is_at_boundary

    def frame(self, result: FrameResult, due_s: float, *, with_sound: bool) -> Frame:
        """The frame just played as a message."""
        audio = read_only(self.emulator.audio()) if with_sound else SILENCE
        return self._frame(
            read_only(self.emulator.rgb()), audio, result.frame_in_step, due_s,
            is_last=result.is_game_over or result.is_truncated,
        )  # fmt: skip

    def _frame(
        self, rgb: U8, audio: U8, frame_in_step: int, due_s: float, *, is_last: bool = False
    ) -> Frame:
        emulator = self.emulator
        return Frame(
            number=self.num_frames,
            rgb=rgb,
            audio=audio,
            moment=Moment(self.episode_id, self._step_in_episode),
            frame_in_step=frame_in_step,
            action=self.mind.action,
            player=self.player,
            score=emulator.score,
            best_score=self.best_score,
            lives=emulator.lives,
            is_last=is_last,
            due_s=due_s,
        )

    @property
    def episode_id(self) -> int:
        return self._writer.episode_id if self._writer is not None else FIRST_LIVE_EPISODE

    # --- episodes and steps ---

    def _begin_episode(self) -> None:
        self.emulator.reset(draw_noops(self._settings, self._rng))
        self._open_episode()

    def _open_episode(self, parent: Moment | None = None, luck: Luck = Luck.SAME) -> None:
        """The emulator stands at the start of an episode, or where one goes on from ``parent``."""
        self._writer = self._journal.begin(self.emulator.clone(), is_live=True)
        self.book.begin(self._writer.episode_id, parent, luck, self.emulator.score)
        self.leaning.begin_episode()
        self._step_in_episode = 0
        self._was_person_in_episode = False
        self._is_whole = True
        self._must_begin = False
        self._is_at_boundary = True

    def _begin_step(self) -> None:
        self._look()
        self._reward, self._is_life_lost = 0.0, False
        player_before, self.player = self.player, self.wanted_player
        self._was_person_in_episode |= self.player is Player.PERSON
        self._decide()
        if self.decision is not None:
            self.leaning.add(self.decision)
        self._is_step_stored = self._is_stored()
        if self.player is player_before and self._is_step_stored:
            if self.lessons.is_full:
                self.lessons.decide(self._value_here())
        elif len(self.lessons):
            self.lessons.stop(self._value_here())
        assert self._writer is not None
        self._writer.append(self.mind.action, self.emulator.state)

    def _look(self) -> None:
        observation = read_only(self.emulator.observation())
        moment = Moment(self.episode_id, self._step_in_episode)
        self._seen = Seen(moment, observation, hash_observation(observation))

    def _decide(self) -> None:
        assert self._seen is not None
        names, game = self.emulator.action_names, self.emulator.rom.name
        is_person = self.player is Player.PERSON
        self.mind.decide(
            self._seen, stick_to_action(self.stick, names, game) if is_person else None
        )

    def _end_step(self, result: FrameResult) -> None:
        if self._is_step_stored:
            assert self._seen is not None
            self.lessons.add(
                self._seen.moment,
                self.mind.action,
                self._seen.state_hash,
                self._seen.observation,
                learned_reward(self._reward, self._settings),
                Origin.PERSON if self.player is Player.PERSON else Origin.AGENT,
            )
        self._step_in_episode += 1
        is_terminal = result.is_game_over or (
            self._is_life_lost and self._settings.life_loss_is_terminal
        )
        self.book.add(
            PlayedStep(
                self.emulator.score, self._reward, learned_reward(self._reward, self._settings),
                self._is_life_lost, is_terminal, self.player, self.mind.judged,
            )
        )  # fmt: skip
        if is_terminal:
            self.lessons.stop()
        if result.is_game_over or result.is_truncated:
            self._end_episode(result)

    def _end_episode(self, result: FrameResult) -> None:
        assert self._writer is not None
        self.lessons.stop(None if result.is_game_over else self._value_here())
        self._writer.end()
        self.book.end(Ending.OVER if result.is_game_over else Ending.CUT)
        score = self.emulator.score
        if self._is_whole:
            self.best_score = score if self.best_score is None else max(self.best_score, score)
        self.ended = EpisodeEnded(
            Player.PERSON if self._was_person_in_episode else Player.AGENT,
            score,
            self._step_in_episode,
            self.emulator.num_frames,
            self._writer.episode_id,
            is_whole=self._is_whole,
        )
        self._must_begin = True

    def _is_stored(self) -> bool:
        if self.player is Player.PERSON:
            return self.is_teaching
        return self.is_storing_agent

    def _value_here(self) -> float:
        """Best Q of the state as it stands; only worked out when a sum is waiting for it."""
        return self.mind.value_of(self.emulator.observation()) if len(self.lessons) else 0.0
