"""The live game, frame by frame and without a thread: who plays, what is decided, what is shown."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from nec_engine.config import Settings
from nec_engine.game.actions import stick_to_action
from nec_engine.game.emulator import Emulator, FrameResult
from nec_engine.game.noops import draw_noops
from nec_engine.game.preprocess import hash_observation
from nec_engine.journal.journal import EpisodeWriter, Journal
from nec_engine.journal.rebuild import RebuiltMoment
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.learning.returns import learned_reward
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    U8,
    Choice,
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
from nec_engine.run.live.deciding import Seen, as_played, decide_as_recorded, decide_with_evidence
from nec_engine.run.live.leaning import Leaning
from nec_engine.run.live.lessons import Lessons
from nec_engine.run.live.session_book import Judged, PlayedStep, SessionBook
from nec_engine.run.live.tail import Tail, TailFrame
from nec_engine.run.publication import Publication, Published
from nec_engine.seeding import generator


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
        self._publication = publication
        self._settings = settings
        self._rng = generator(settings.seed, "live game")
        self._rng_of_past = generator(settings.seed, "looking at the past")
        self.lessons = Lessons(settings.n_step, settings.gamma, send_taught, lesson_book)
        self.book = SessionBook(settings.gamma)
        self.leaning = Leaning()
        self.tail = Tail()

        self.wanted_player = Player.AGENT
        self.stick = HoldStick()
        self.is_exploring = False
        self.is_teaching = True
        self.is_storing_agent = False
        self.is_evidence_wanted = True
        self.player = Player.AGENT  # of the step now being played

        self.num_frames = 0
        self.num_decisions = 0
        self.num_episodes = 0
        self.best_score: float | None = None
        self.decision: Decision | None = None  # of the step now being played
        self.ended: EpisodeEnded | None = None  # by the latest frame
        self._action, self._choice, self._epsilon = 0, Choice.EMPTY, 0.0  # of that step
        self._max_q: float | None = None  # of the state as it stands; None when not read
        self._judged = Judged()  # the state before the step now being played
        self._reward = 0.0
        self._is_life_lost = False
        self._was_person_in_episode = False
        self._is_whole = True  # the episode began at its game's start
        self._step_in_episode = 0
        self._seen: Seen | None = None  # what that step was decided on
        self._writer: EpisodeWriter | None = None
        self._is_at_boundary = True
        self._must_begin = True

    def start_new_episode(self) -> None:
        """The next frame is the first of a new episode; the present one is given up."""
        if self._writer is not None and not self._must_begin:
            self.lessons.stop(self._value_here())
            self._writer.end()
        self._must_begin = True

    def go_to(self, place: RebuiltMoment, due_s: float, luck: Luck = Luck.SAME) -> Frame:
        """Goes on from ``place``, as a new episode whose score counts on; the picture of it.

        The present episode is given up. ``decision`` is then what is decided there.
        """
        self.start_new_episode()
        self.emulator.restore(place.point)
        if luck is Luck.NEW:
            self.emulator.reseed(int(self._rng.integers(2**63)))
        self._open_episode(place.moment, luck)
        self._is_whole = False
        self._look()
        self.player = self.wanted_player
        self.decision = self._decide()
        return self.still(place.rgb, due_s)

    def still(self, rgb: U8 | None, due_s: float) -> Frame:
        """The game as it stands between two frames, without sound; ``rgb`` None: its screen."""
        self.num_frames += 1
        return Frame(
            number=self.num_frames,
            rgb=read_only(self.emulator.rgb()) if rgb is None else rgb,
            audio=read_only(np.empty(0, np.uint8)),
            moment=Moment(self.episode_id, self._step_in_episode),
            frame_in_step=0,
            action=self._action,
            player=self.player,
            score=self.emulator.score,
            best_score=self.best_score,
            lives=self.emulator.lives,
            is_last=False,
            due_s=due_s,
        )

    def decide_in(self, place: RebuiltMoment) -> Decision | None:
        """What was done in ``place``, judged by the agent of now, without going there.

        Where the record ends there nothing was done: what the agent would do.
        """
        published = self._publication.newest
        if published is None:
            return None
        self.num_decisions += 1
        moment = place.moment
        seen = Seen(moment, place.observation, place.state_hash)
        names, number, rng = self.emulator.action_names, self.num_decisions, self._rng_of_past
        episode = self._journal.episode(moment.episode)
        if moment.step == episode.num_steps:
            return decide_with_evidence(published, seen, names, number, rng)
        (action,) = episode.actions(moment.step, moment.step + 1)
        return decide_as_recorded(published, seen, action, names, number, rng)

    def judge_again(self) -> Decision | None:
        """The decision of the present step as it would be made now; what was done stays.

        Also of a step that was decided without its evidence. None before the first step, and
        while no agent is published.
        """
        published = self._publication.newest
        if self._seen is None or published is None:
            return None
        self.num_decisions += 1
        now = decide_with_evidence(
            published,
            self._seen,
            self.emulator.action_names,
            self.num_decisions,
            self._rng_of_past,
        )
        self.decision = as_played(now, self._action, self._choice, self._epsilon)
        return self.decision

    def advance(self) -> FrameResult:
        """Plays one frame; a new step decides first, a finished game begins a new one."""
        if self._must_begin:
            self._begin_episode()
        if self._is_at_boundary:
            self._begin_step()
        result = self.emulator.act_frame(self._action)
        self._max_q = None
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
        emulator = self.emulator
        return Frame(
            number=self.num_frames,
            rgb=read_only(emulator.rgb()),
            audio=read_only(emulator.audio() if with_sound else np.empty(0, np.uint8)),
            moment=Moment(self.episode_id, self._step_in_episode),
            frame_in_step=result.frame_in_step,
            action=self._action,
            player=self.player,
            score=emulator.score,
            best_score=self.best_score,
            lives=emulator.lives,
            is_last=result.is_game_over or result.is_truncated,
            due_s=due_s,
        )

    @property
    def episode_id(self) -> int:
        return self._writer.episode_id if self._writer is not None else FIRST_LIVE_EPISODE

    def finish(self) -> None:
        """The live game ends here for good: what was taught is handed over."""
        if self._writer is not None and not self._must_begin:
            self.lessons.stop(self._value_here())
            self._writer.end()
            self._must_begin = True

    # --- episodes and steps ---

    def _begin_episode(self) -> None:
        self.emulator.reset(draw_noops(self._settings, self._rng))
        self._open_episode()

    def _open_episode(self, parent: Moment | None = None, luck: Luck = Luck.SAME) -> None:
        """The emulator stands at the start of an episode, or where one goes on from ``parent``."""
        self._writer = self._journal.begin(self.emulator.clone(), is_live=True)
        self.book.begin(self._writer.episode_id, parent, luck, self.emulator.score)
        self.num_episodes += 1
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
        self.decision = self._decide()
        if self.decision is not None:
            self.leaning.add(self.decision)
        if self.player is player_before and self._is_stored():
            if self.lessons.is_full:
                self.lessons.decide(self._value_here())
        elif len(self.lessons):
            self.lessons.stop(self._value_here())
        assert self._writer is not None
        self._writer.append(self._action, self.emulator.state)

    def _look(self) -> None:
        observation = read_only(self.emulator.observation())
        moment = Moment(self.episode_id, self._step_in_episode)
        self._seen = Seen(moment, observation, hash_observation(observation))

    def _decide(self) -> Decision | None:
        """Sets the action; the evidence is read only when somebody needs it."""
        stick_action = stick_to_action(
            self.stick, self.emulator.action_names, self.emulator.rom.name
        )
        is_person = self.player is Player.PERSON
        published = self._publication.newest
        self._max_q, self._judged = None, Judged()
        self._epsilon = published.epsilon if published is not None and self.is_exploring else 0.0
        if published is not None and self.is_evidence_wanted:
            decision = self._explain(published, stick_action if is_person else None)
            self._action, self._choice = decision.action, decision.choice
            self._max_q = float(decision.q_values.max())
            familiarity = decision.familiarity
            self._judged = Judged(
                self._max_q,
                decision.evidence[decision.action].q,
                math.nan if familiarity is None else familiarity,
            )
            return decision
        if is_person:
            self._action, self._choice = stick_action, Choice.PERSON
        elif published is None:
            self._action = int(self._rng.integers(self.emulator.num_actions))
            self._choice = Choice.EMPTY
        else:
            self._action, self._choice = self._choose(published)
        return None

    def _choose(self, published: Published) -> tuple[int, Choice]:
        """The agent's action without its evidence: nobody looks."""
        assert self._seen is not None
        policy = published.policy
        (q_values,) = policy.q_values(self._seen.observation[None])
        self._max_q = float(q_values.max())
        action, choice = epsilon_greedy(q_values, self._epsilon, policy.knows_nothing, self._rng)
        self._judged = Judged(self._max_q, float(q_values[action]))
        return action, choice

    def _explain(self, published: Published, person_action: int | None) -> Decision:
        assert self._seen is not None
        self.num_decisions += 1
        return decide_with_evidence(
            published,
            self._seen,
            self.emulator.action_names,
            self.num_decisions,
            self._rng,
            epsilon=self._epsilon,
            person_action=person_action,
        )

    def _end_step(self, result: FrameResult) -> None:
        if self._is_stored():
            assert self._seen is not None
            self.lessons.add(
                self._seen.moment,
                self._action,
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
                self._is_life_lost, is_terminal, self.player, self._judged,
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
        """Best Q of the state as it stands; only asked for when a sum has to be bootstrapped."""
        published = self._publication.newest
        if self._max_q is not None:
            return self._max_q
        if published is None or not len(self.lessons):
            return 0.0
        return float(published.policy.q_values(self.emulator.observation()[None]).max())
