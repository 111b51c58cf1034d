"""An engine that plays a made-up game with believable numbers: no emulator, no torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from nec_engine.config import Settings
from nec_engine.messages import (
    ActionEvidence,
    Advance,
    Answer,
    AskPictures,
    AskSaliency,
    CancelSave,
    Choice,
    Command,
    Curves,
    Decision,
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
    SaliencyAnswer,
    SaveFailed,
    SaveProgressed,
    SaveSnapshot,
    Series,
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
    read_only,
)
from nec_engine.run.engine_api import News

NAMES = ("noop", "fire", "right", "left", "right fire", "left fire")
WAYS = ("up", "right", "left", "down", "up right", "up left", "down right", "down left")
FULL = ("noop", "fire", *WAYS, *(f"{way} fire" for way in WAYS))


def game_info(name: str = "pong", action_names: tuple[str, ...] = NAMES) -> GameInfo:
    return GameInfo(
        name=name,
        title=name.replace("_", " ").title(),
        rom_path=Path(f"/games/{name}.bin"),
        rom_md5="60e0ea3cbe0913d39803477945e9e5ec",
        action_names=action_names,
        screen_height=210,
        agent="nec",
        device="cpu",
    )


def picture(number: int) -> np.ndarray:
    """uint8[210, 160, 3]: two paddles and a ball that moves."""
    rgb = np.empty((210, 160, 3), np.uint8)
    rgb[:] = (144, 72, 17)
    rgb[24:34] = rgb[194:204] = (236, 236, 236)
    rgb[:24] = (60, 30, 10)
    x, y = 20 + abs(number * 2 % 240 - 120), 40 + abs(number * 3 % 290 - 145)
    rgb[y : y + 5, x : x + 4] = (236, 236, 236)
    left, right = 90 + number // 2 % 40, min(170, y)
    rgb[left : left + 16, 16:20] = (213, 130, 74)
    rgb[right : right + 16, 140:144] = (92, 186, 92)
    return read_only(rgb)


def decision(
    number: int,
    action_names: tuple[str, ...] = NAMES,
    player: Player = Player.AGENT,
    num_neighbours: int = 50,
) -> Decision:
    rng = np.random.default_rng(number // 30)  # neighbours come and go now and then
    evidence = []
    for action in range(len(action_names)):
        distances = np.sort(rng.gamma(2.0, 1.0, num_neighbours)).astype(np.float32)
        weights = 1 / (distances + 1e-3)
        shares = (weights / weights.sum() * 0.98).astype(np.float32)
        values = rng.normal(0.0, 0.4, num_neighbours) + 0.3 * np.sin(number / 9 + action)
        values = values.astype(np.float32)
        evidence.append(
            ActionEvidence(
                action=action,
                q=float((shares * values).sum()) if num_neighbours else 0.0,
                slots=rng.integers(0, 60_000, num_neighbours),
                distances_sq=distances,
                shares=shares,
                values=values,
                origins=rng.choice(4, num_neighbours, p=(0.7, 0.2, 0.05, 0.05)).astype(np.uint8),
                episodes=rng.integers(0, 40, num_neighbours),
                steps=rng.integers(0, 900, num_neighbours),
                ages_steps=rng.integers(0, 90_000, num_neighbours),
                state_hashes=rng.integers(0, 2**63, num_neighbours).astype(np.uint64),
                prior_share=0.02 if num_neighbours else 0.0,
                prior_value=0.0,
                num_entries=10_000 if num_neighbours else 0,
            )
        )
    best = int(np.argmax([e.q for e in evidence]))
    observation = np.stack(
        [picture(4 * number + k)[::2, ::2, 0][:84, :80].repeat(2, 1)[:, :84] for k in range(4)]
    )
    return Decision(
        number=number,
        moment=Moment(3, number),
        action_names=action_names,
        evidence=tuple(evidence),
        action=best,
        best_action=best,
        choice=Choice.PERSON if player is Player.PERSON else Choice.GREEDY,
        epsilon=0.005,
        observation=read_only(np.ascontiguousarray(observation)),
        state_hash=number,
        kernel_scale=1.3,
        network_version=4,
        memory_version=number,
    )


def progress(steps: int = 182_304, **changes: object) -> Progress:
    value = Progress(
        is_training=True,
        activity="training",
        frames=4 * steps,
        steps=steps,
        episodes=41,
        epsilon=0.005,
        episode_score=-7.0,
        mean_score_100=-12.5,
        best_score=3.0,
        loss=0.12,
        mean_max_q=0.4,
        steps_per_s=120.0,
        memory_sizes=(10_203,) * 6,
        memory_capacity=100_000,
        num_by_origin=(60_000, 1_220, 0, 0),
        recall_at_50=0.98,
        effective_neighbours=4.2,
        replay_size=100_000,
        replay_capacity=100_000,
        learning_starts_steps=5_000,
        tail_sizes=(120,) * 6,
        building_action=None,
        num_index_builds=12,
        network_version=4,
        journal_episodes=41,
        journal_bytes=5_000_000,
        device="cpu",
    )
    return replace(value, **changes)  # type: ignore[arg-type]


def curves(num: int = 60) -> Curves:
    rng = np.random.default_rng(1)
    x = np.linspace(0, 700_000, num)

    def series(name: str, low: float, high: float, noise: float) -> Series:
        y = low + (high - low) * (1 - np.exp(-x / 3e5)) + rng.normal(0, noise, num)
        return Series(name, x, y)

    return Curves(
        training_scores=series("training", -21, 5, 2),
        live_agent_scores=series("agent live", -21, 7, 2),
        live_person_scores=series("you", -10, -5, 3),
        mean_max_q=series("mean max Q", 0, 0.8, 0.05),
        loss=series("loss", 0.8, 0.1, 0.02),
        epsilon=series("epsilon", 1, 0, 0),
        effective_neighbours=series("effective neighbours", 30, 4, 1),
        recall_at_50=series("recall", 1, 0.96, 0.005),
        steps_per_s=series("steps/s", 400, 120, 10),
        random_score=-20.7,
        human_score=14.6,
    )


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
        self._started_s = 0.0
        self._training = True
        self.stick = HoldStick()
        self.commands: list[Command] = []
        self.questions: list[Question] = []
        self.wanted: tuple[bool, bool] = (True, True)
        self.is_started = False
        self.is_stopped = False
        self.num_neighbours = 50
        self.status = LiveStatus(
            is_paused=False, speed=1.0, frames_per_s=60.0, player=Player.AGENT,
            is_exploring=False, is_teaching=True, is_storing_agent=False,
            is_watching_training=False, recording=None, recording_s=0.0, episode=1, num_taught=0,
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

    def ask(self, question: Question) -> None:
        self.questions.append(question)
        if self._autowake:
            self.publish(answers=self._answers(question))

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
                **newest,  # type: ignore[arg-type]
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
                ended = EpisodeEnded(status.player, self._score, 300, 1200, status.episode)
                self._best = max(self._score, self._best or self._score)
                self._score = 0.0
                status = replace(status, episode=status.episode + 1)
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
                self.publish(events=(SaveFailed(Path("x.nec"), "cancelled", True),))
        if status != self.status:
            self.status = status
            self.publish(status=status)

    def _answers(self, question: Question) -> tuple[Answer, ...]:
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
        assert isinstance(question, AskSaliency)
        number = question.decision.number
        y, x = np.mgrid[0:84, 0:84]
        at_x, at_y = 20 + number * 2 % 44, 20 + number * 3 % 44
        heat = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 60) + 0.5 * np.exp(
            -((x - 72) ** 2 + (y - at_y) ** 2) / 25
        )
        heat = (heat / heat.max()).astype(np.float32)
        action = question.decision.action if question.action is None else question.action
        return (
            SaliencyAnswer(
                question.panel, number, question.decision.moment, action, read_only(heat),
                read_only(np.stack([heat * 0.01 * k for k in range(4)])),
                question.decision.evidence[action].q, "gradient of Q", 0.03,
            ),
        )  # fmt: skip

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
