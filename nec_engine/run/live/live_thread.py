"""The live thread: plays the live game at 60 frames a second x speed and tells what it shows."""

from __future__ import annotations

import itertools
import threading
import time

from nec_engine.game.emulator import FrameResult
from nec_engine.messages import (
    Advance,
    BranchHere,
    EpisodeEnded,
    ForgetLessons,
    Frame,
    GoTo,
    HoldStick,
    JudgeAgain,
    LiveCommand,
    LiveStatus,
    LoadQuickState,
    LookAt,
    LookBack,
    Player,
    ReturnToPresent,
    SaveQuickState,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetRewinding,
    SetSpeed,
    SetStoringAgent,
    SetTeaching,
    SetWatchingTraining,
    StartNewEpisode,
    StartRecording,
    StopRecording,
    ThreadFailed,
    TimeCommand,
    WatchTimeline,
)
from nec_engine.run.live.frame_clock import FrameClock, FrameRate
from nec_engine.run.live.guide import Guide
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.live.live_recording import LiveRecording
from nec_engine.run.live.motion import Motion
from nec_engine.run.live.pace_thread import PaceThread
from nec_engine.run.live.time_travel import TimeTravel
from nec_engine.run.mailbox import Inbox
from nec_engine.run.outbox import Outbox
from nec_engine.run.training.history import History
from nec_engine.run.training.train_thread import TrainThread

STATUS_EVERY_S = 0.25
IDLE_WAIT_S = 0.25
LONGEST_SLEEP_S = 0.02
SHOWN_PERIOD_S = 1 / 60
# How long before it is due a frame is begun. The agent can see three frames ahead; a person's
# stick is read as late as it can be.
AHEAD_S = {Player.AGENT: 3 / 60, Player.PERSON: 1 / 60}
STOP_RECORDING_S = 2.0
# What is asked of the live game is seen there, also by a person who watched the training game.
SHOW_THE_LIVE_GAME = (
    SetPaused, Advance, SetPlayer, StartNewEpisode, StartRecording, SaveQuickState,
)  # fmt: skip


class LiveThread:
    """Runs a :class:`LiveGame`. Frames are made ahead of time; a :class:`PaceThread` shows them."""

    def __init__(
        self,
        game: LiveGame,
        outbox: Outbox,
        train_thread: TrainThread,
        history: History,
        guide: Guide,
        *,
        has_luck: bool,
    ) -> None:
        self._game = game
        self._outbox = outbox
        self._train_thread = train_thread
        self._history = history
        self._inbox: Inbox[LiveCommand] = Inbox()
        self._is_stopping = threading.Event()
        self._clock = FrameClock()
        self._speed = 1.0
        self._motion = Motion()
        self._is_watching = False
        # Written by the window's thread, as the wishes of :meth:`set_wanted`.
        self._is_sound_wanted = self._are_decisions_wanted = True
        self._is_judgement_due = False  # of what is shown, once it stands still
        self._pacer = PaceThread(outbox)
        self._travel = TimeTravel(game, guide, outbox, self._pacer, has_luck=has_luck)
        self._recording = LiveRecording(outbox.post_event)
        self._status_s = self._shown_s = float("-inf")
        self._rate = FrameRate()
        self._thread = threading.Thread(target=self._run, name="live")

    # --- any thread ---

    def start(self, *, speed: float, player: Player) -> None:
        self._speed = speed
        self._game.wanted_player = player
        self._pacer.start()
        self._thread.start()

    def send(self, command: LiveCommand) -> None:
        self._inbox.put(command)

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        """What is made from the next step on; a game that stands still is explained at once."""
        is_anew = decisions and not self._are_decisions_wanted
        self._are_decisions_wanted = decisions
        self._is_sound_wanted = audio
        if is_anew:
            self._inbox.put(JudgeAgain())

    def ask_stop(self) -> None:
        """Stop after the present frame; a recording is closed as a whole file."""
        self._is_stopping.set()

    def join(self, timeout_s: float) -> bool:
        """True when the thread is gone."""
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    # --- the live thread ---

    def _run(self) -> None:
        try:
            while not self._is_stopping.is_set():
                self._turn()
            self._game.leave_episode()
        except Exception as error:  # noqa: BLE001 - told to the window, which can still save
            self._outbox.is_game_moving = False
            self._outbox.post_event(ThreadFailed.by("live", error))
        finally:
            self._pacer.stop()
            self._recording.stop(STOP_RECORDING_S)

    def _turn(self) -> None:
        commands = self._inbox.take_all()
        self._game.mind.is_evidence_wanted = (
            self._are_decisions_wanted or self._recording.needs_decisions
        )
        for command, later in itertools.zip_longest(commands, commands[1:]):
            if not (isinstance(command, LookAt) and isinstance(later, LookAt)):
                self._obey(command)  # of a pointer that is dragged only the newest place counts
        is_moving = self._is_moving()
        if not is_moving and not self._pacer.is_idle:  # it stands still when the picture does
            self._inbox.wait(SHOWN_PERIOD_S)
            return
        self._outbox.is_game_moving = is_moving or self._is_watching
        self._post_status_when_due()
        if not is_moving:
            self._judge_when_due()
            free_s = self._travel.turn(with_decision=self._are_decisions_wanted)
            self._inbox.wait(min(free_s, IDLE_WAIT_S))
            return
        due_s = self._clock.next_due(self._speed)
        self._wait_until(due_s - AHEAD_S[self._game.wanted_player])
        self._outbox.right_of_way.give()
        result = self._game.advance()
        self._rate.count()
        self._motion.note_frame(is_at_step_boundary=self._game.is_at_step_boundary)
        if self._is_shown(due_s):
            with_sound = self._is_sound_wanted or self._recording.is_on
            self._show(self._game.frame(result, due_s, with_sound=with_sound), result)
        if self._game.ended is not None:
            self._tell_end(self._game.ended)

    def _is_moving(self) -> bool:
        if self._is_watching or self._travel.is_past or self._travel.is_rewinding:
            return False
        return self._motion.is_wanted

    def _is_shown(self, due_s: float) -> bool:
        """Above 60 frames a second only the picture of every 1/60 s is made, or all to record."""
        is_shown = (
            self._speed <= 1.0
            or self._recording.is_on
            or due_s - self._shown_s >= SHOWN_PERIOD_S
            or not self._is_moving()
        )
        if is_shown:
            self._shown_s = due_s
        return is_shown

    def _wait_until(self, due_s: float) -> None:
        while not self._is_stopping.is_set():
            left_s = due_s - time.perf_counter()
            if left_s <= 0:
                return
            time.sleep(min(left_s, LONGEST_SLEEP_S))

    def _show(self, frame: Frame, result: FrameResult) -> None:
        decision = self._game.decision
        is_new = result.frame_in_step == 0 or self._speed > 1
        self._pacer.put(frame, decision if is_new else None)
        if is_new and decision is not None:
            self._is_judgement_due = False
        self._recording.push(frame, decision)

    def _tell_end(self, ended: EpisodeEnded) -> None:
        if ended.is_whole:
            is_person = ended.player is Player.PERSON
            name = "live_person_scores" if is_person else "live_agent_scores"
            self._history.add(name, self._train_thread.frames, ended.score)
        self._outbox.post_event(ended)

    # --- commands ---

    def _obey(self, command: LiveCommand) -> None:
        game = self._game
        if isinstance(command, SHOW_THE_LIVE_GAME):
            self._leave_training()
        match command:
            case HoldStick():
                game.stick = command
                return  # nothing to tell, and many of these come
            case SetPaused(paused):
                if not paused:
                    self._travel.go_on()
                self._motion.is_paused = paused
                self._motion.stand()
            case SetSpeed(speed):
                self._speed = speed
            case Advance(frames, to_next_decision):
                self._travel.go_on()
                self._motion.advance(frames, to_next_decision=to_next_decision)
            case SetPlayer(player):
                game.wanted_player = player
            case StartNewEpisode():
                self._travel.forget()
                game.leave_episode()
                self._motion.show_first_frame()
            case GoTo():
                was_watching = self._is_watching
                self._set_watching(False)  # first, as where one travels in time
                if self._travel.go_to(command):
                    self._motion.stand()
                else:
                    self._set_watching(was_watching)
            case (
                LookAt() | LookBack() | SetRewinding() | ReturnToPresent() | BranchHere()
                | SaveQuickState() | LoadQuickState() | WatchTimeline()
            ):  # fmt: skip
                self._travel_in_time(command)
            case JudgeAgain():
                self._is_judgement_due = True
                return
            case SetExploring(exploring):
                game.mind.is_exploring = exploring
            case ForgetLessons():
                game.lessons.forget()
                self._train_thread.send(command)  # after all that was taught before
            case SetTeaching(teaching):
                game.is_teaching = teaching
            case SetStoringAgent(storing):
                game.is_storing_agent = storing
            case SetWatchingTraining(True):
                self._travel.forget()
                self._pacer.drop()
                self._set_watching(True)
            case SetWatchingTraining():
                self._leave_training()
            case StartRecording():
                self._recording.start(command, game.emulator)
            case StopRecording():
                self._recording.stop(0.0)  # the game does not wait for it
        self._status_s = float("-inf")

    def _travel_in_time(self, command: TimeCommand) -> None:
        """Whoever looks at a moment wants to stay there; whoever rewinds, to play on.

        What cannot be done leaves the game as it was.
        """
        if isinstance(command, WatchTimeline | SaveQuickState):
            self._travel.obey(command)
            return
        was_watching = self._is_watching
        self._set_watching(False)  # first, or a picture of training could cover that of the past
        if not self._travel.obey(command):
            self._set_watching(was_watching)
            return
        if was_watching and not self._travel.is_past and not self._travel.is_rewinding:
            self._set_watching(True)
            self._leave_training()  # nothing else shows the live game
        self._motion.stand()
        if isinstance(command, LookAt | LookBack) and self._travel.is_past:
            self._motion.is_paused = True
        if command == SetRewinding(False) and not self._motion.is_paused:
            self._travel.go_on()

    def _judge_when_due(self) -> None:
        """Explains the moment shown. The game stands still; one that moves decides by itself."""
        is_possible = self._are_decisions_wanted and not self._is_watching
        if not self._is_judgement_due or not is_possible or self._travel.is_rewinding:
            return
        if self._travel.is_past:
            self._is_judgement_due = False
            self._travel.explain_again()
        elif (decision := self._game.mind.judge_again()) is not None:
            self._is_judgement_due = False
            self._outbox.post_decision(decision)

    def _leave_training(self) -> None:
        """The live game is on the screen again, as it stands."""
        if self._is_watching:
            self._set_watching(False)
            self._pacer.drop()
            due_s = time.perf_counter() + SHOWN_PERIOD_S  # after a last picture of training
            self._pacer.put(self._game.still(None, due_s), None)
            self._is_judgement_due = True

    def _set_watching(self, watching: bool) -> None:
        self._is_watching = self._train_thread.is_watched = watching

    # --- status ---

    def _post_status_when_due(self) -> None:
        now_s = time.perf_counter()
        if now_s - self._status_s < STATUS_EVERY_S:
            return
        self._status_s = now_s
        self._travel.post_timeline()
        game = self._game
        self._outbox.post_status(
            LiveStatus(
                is_paused=(self._motion.is_paused or self._travel.is_past)
                and not self._is_watching,
                is_past=self._travel.is_past,
                speed=self._speed,
                frames_per_s=self._rate.now(),
                player=Player.TRAINER if self._is_watching else game.wanted_player,
                is_exploring=game.mind.is_exploring,
                is_teaching=game.is_teaching,
                is_storing_agent=game.is_storing_agent,
                is_watching_training=self._is_watching,
                recording=self._recording.path,
                recording_s=self._recording.seconds,
                num_taught=game.lessons.num_sent_by_person,
                num_judged=game.leaning.num_judged,
                num_leaning=game.leaning.num_leaning,
            )
        )
