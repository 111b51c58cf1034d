"""An engine that plays a made-up game with believable numbers: no emulator, no torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from made_entries import answers_to
from made_insight import blurred_of, saliency_of, sanity_of
from made_maps import make_map, places_for
from made_news import curves, decision, game_info, picture, progress
from pytestqt.qtbot import QtBot

from app.startup.lifecycle import Desktop
from app.startup.request import OpenRequest
from nec_engine.config import Settings
from nec_engine.messages import (
    Advance,
    Answer,
    AskBlurred,
    AskMap,
    AskPictures,
    AskPlaces,
    AskSaliency,
    AskSanityCheck,
    CancelSave,
    Command,
    EpisodeEnded,
    Event,
    Frame,
    GameInfo,
    HoldStick,
    LiveStatus,
    Moment,
    PictureAnswer,
    Player,
    Progress,
    Question,
    RecordingEnded,
    RecordingStarted,
    SaveFailed,
    SaveProgressed,
    SaveSnapshot,
    SetExploring,
    SetPaused,
    SetPlayer,
    SetSpeed,
    SetStoringAgent,
    SetTeaching,
    SetTraining,
    SetWatchingTraining,
    SnapshotSaved,
    StartNewEpisode,
    StartRecording,
    StopRecording,
    StudyQuestion,
    read_only,
)
from nec_engine.run.engine_api import News


class FakeEngine:
    """EngineApi without an engine: stepped by ``tick`` in tests, or by its own thread."""

    def __init__(
        self, info: GameInfo | None = None, *, threaded: bool = False, autowake: bool = True
    ) -> None:
        self._info = info or game_info()
        self._threaded = threaded
        self._autowake = autowake
        self._lock = threading.Lock()
        self._wake: Callable[[], None] | None = None
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._news = News()
        self._number = 0
        self._frames_left: int | None = None
        self._best: float | None = None
        self._score = 0.0
        self._episode = 1
        self._started_s = 0.0
        self._training = True
        self.stick = HoldStick()
        self.commands: list[Command] = []
        self.questions: list[Question | StudyQuestion] = []
        self.wanted: tuple[bool, bool] = (True, True)
        self.num_rests = 0
        self.is_started = False
        self.is_stopped = False
        self.num_neighbours = 50
        self.status = LiveStatus(
            is_paused=False, speed=1.0, frames_per_s=60.0, player=Player.AGENT,
            is_exploring=False, is_teaching=True, is_storing_agent=False,
            is_watching_training=False, recording=None, recording_s=0.0, num_taught=0,
        )  # fmt: skip

    @property
    def info(self) -> GameInfo:
        return self._info

    @property
    def settings(self) -> Settings:
        return Settings()

    def start(
        self,
        wake: Callable[[], None] | None = None,
        *,
        training: bool = True,
        speed: float = 1.0,
        player: Player = Player.AGENT,
    ) -> None:
        self._wake = wake
        self.is_started = True
        self._training = training
        self.status = replace(self.status, speed=speed, player=player)
        self.publish(status=self.status, progress=self._progress(), curves=curves())
        if self._threaded:
            self._thread = threading.Thread(target=self._run, name="fake live", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 4.0) -> None:
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout_s)
        self.is_stopped = True

    def send(self, command: Command) -> None:
        with self._lock:
            self.commands.append(command)
        if self._autowake:
            self._obey(command)

    def ask(self, question: Question | StudyQuestion) -> None:
        self.questions.append(question)
        if self._autowake:
            self.publish(answers=self._answers(question))

    def rest(self) -> None:
        self.num_rests += 1

    def pull(self) -> News:
        with self._lock:
            news, self._news = self._news, News()
        return news

    def set_wanted(self, *, decisions: bool, audio: bool) -> None:
        self.wanted = (decisions, audio)

    # --- what tests do ---

    def publish(
        self, *, events: tuple[Event, ...] = (), answers: tuple[Answer, ...] = (), **newest: object
    ) -> None:
        """Make news and wake the window."""
        with self._lock:
            self._news = replace(
                self._news,
                events=self._news.events + events,
                answers=self._news.answers + answers,
                **newest,  # type: ignore[arg-type]  # fields by name
            )
        if self._wake is not None:
            self._wake()

    def tick(self, frames: int = 1) -> None:
        """Play so many frames, whatever the pace."""
        for _ in range(frames):
            self._number += 1
            in_step = self._number % 4
            if in_step == 1 and self.wanted[0]:
                self.publish(
                    decision=decision(
                        self._number // 4, self._info.action_names, self.status.player,
                        self.num_neighbours,
                    )
                )  # fmt: skip
            self.publish(frame=self._frame(in_step))
            if self._number % 600 == 0:
                self._score = 0.0
            elif self._number % 97 == 0:
                self._score += 1.0

    # --- inside ---

    def _frame(self, in_step: int) -> Frame:
        rng = np.random.default_rng(self._number)
        names = self._info.action_names
        if self.status.player is Player.PERSON:
            words = [w for w in ("up", "right", "left", "down") if getattr(self.stick, w)]
            words += ["fire"] * self.stick.fire
            name = " ".join(words) or "noop"
            action = names.index(name) if name in names else 0
        else:
            action = (self._number // 12) % len(names)
        wave = 128 + 20 * np.sign(np.sin(np.arange(512) * 2 * np.pi * 440 / 30_720))
        return Frame(
            number=self._number,
            rgb=picture(self._number),
            audio=wave.astype(np.uint8) if rng.random() < 0.2 else np.full(512, 128, np.uint8),
            moment=Moment(3, self._number // 4),
            frame_in_step=in_step,
            action=action,
            player=self.status.player,
            score=self._score,
            best_score=self._best,
            lives=3,
            is_last=False,
            due_s=time.perf_counter(),
        )

    def _progress(self) -> Progress:
        return progress(
            182_304 + self._number,
            is_training=self._training,
            activity="training" if self._training else "off",
            memory_sizes=(10_203,) * len(self._info.action_names),
        )

    def _obey(self, command: Command) -> None:
        status = self.status
        if isinstance(command, (SetPaused, Advance, SetPlayer, StartNewEpisode, StartRecording)):
            status = replace(status, is_watching_training=False)
        match command:
            case SetPaused(paused):
                status = replace(status, is_paused=paused)
            case SetSpeed(speed):
                status = replace(status, speed=speed, frames_per_s=min(240.0, 60 * speed))
            case SetPlayer(player):
                status = replace(status, player=player)
            case SetExploring(value):
                status = replace(status, is_exploring=value)
            case SetTeaching(value):
                status = replace(status, is_teaching=value)
            case SetStoringAgent(value):
                status = replace(status, is_storing_agent=value)
            case SetWatchingTraining(value):
                status = replace(status, is_watching_training=value)
            case SetTraining(training):
                self._training = training
                self.publish(progress=self._progress())
            case HoldStick():
                self.stick = command
            case Advance(frames, to_next_decision):
                self.tick(4 if to_next_decision else frames)
            case StartNewEpisode():
                ended = EpisodeEnded(status.player, self._score, 300, 1200, self._episode)
                self._best = max(self._score, self._best or self._score)
                self._score = 0.0
                self._episode += 1
                self.publish(events=(ended,))
            case StartRecording(path, _):
                status = replace(status, recording=path)
                self._started_s = time.perf_counter()
                self.publish(events=(RecordingStarted(path),))
            case StopRecording():
                if status.recording is not None:
                    self.publish(events=(RecordingEnded(status.recording, 12.5, 0),))
                status = replace(status, recording=None, recording_s=0.0)
            case SaveSnapshot(path):
                self.publish(
                    events=(SaveProgressed(path, 0.5), SnapshotSaved(path, 12_300_000, 0.4, False))
                )
            case CancelSave():
                saves = [asked for asked in self.commands if isinstance(asked, SaveSnapshot)]
                if saves:
                    self.publish(events=(SaveFailed(saves[-1].path, "cancelled", True),))
        if status != self.status:
            self.status = status
            self.publish(status=status)

    def _answers(self, question: Question | StudyQuestion) -> tuple[Answer, ...]:
        if isinstance(question, AskPictures):
            return tuple(
                PictureAnswer(
                    question.panel, moment, picture(moment.step * 7 + moment.episode),
                    read_only(np.ascontiguousarray(picture(moment.step * 7)[::2, ::2, 0][:84, :80]
                                                   .repeat(2, 1)[:, :84])),
                    True,
                )
                for moment in question.moments
            )  # fmt: skip
        if isinstance(question, AskBlurred):
            return (blurred_of(question),)
        if isinstance(question, AskSanityCheck):
            return tuple(sanity_of(question, number, 5) for number in range(5))
        if isinstance(question, AskSaliency):
            return (saliency_of(question),)
        if isinstance(question, AskMap):
            return (make_map(2_000),)
        if isinstance(question, AskPlaces):
            return (places_for(question, (30.0 + question.number % 9, 5.0)),)
        return answers_to(question)

    def _run(self) -> None:
        due_s = time.perf_counter()
        while not self._ended.is_set():
            speed = min(self.status.speed, 4.0)
            if self.status.is_paused:
                self._ended.wait(0.02)
                due_s = time.perf_counter()
                continue
            due_s += 1 / (60 * speed)
            self._ended.wait(max(0.0, due_s - time.perf_counter()))
            self.tick()
            if self._number % 20 == 0:
                recording_s = time.perf_counter() - self._started_s
                status = replace(
                    self.status, recording_s=recording_s if self.status.recording else 0.0
                )
                self.status = status
                self.publish(progress=self._progress(), status=status)


class Openings:
    """Opens a fake engine for each request, and keeps the requests."""

    def __init__(self) -> None:
        self.asked: list[OpenRequest] = []

    def __call__(self, request: OpenRequest) -> FakeEngine:
        self.asked.append(request)
        game = "pong" if request.snapshot is not None else str(request.rom)
        return FakeEngine(game_info(game))


def decide(qtbot: QtBot, desktop: Desktop, engine: FakeEngine, number: int) -> None:
    """A decision is made, and comes to those in the window who want it."""
    with qtbot.waitSignal(desktop.session.bridge.decision_came):
        engine.publish(decision=decision(number))
