"""Newest values: a slow reader misses some, the maker never waits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nec_engine.messages.arrays import F64, U8
from nec_engine.messages.insight import SaliencyMethod
from nec_engine.messages.words import Moment, Player


@dataclass(frozen=True, slots=True)
class Frame:
    """One emulator frame of the game that is shown, with all that is painted around it."""

    number: int  # counts frames since the engine started
    rgb: U8  # uint8[H, W, 3]
    audio: U8  # uint8[512], silence 128, 30,720 Hz; empty when the sound is off
    moment: Moment
    frame_in_step: int  # 0 .. frame_skip - 1
    action: int  # the action applied during this frame
    player: Player
    score: float
    best_score: float | None  # of the finished live episodes of this session
    lives: int
    is_last: bool  # the episode ended with this frame
    due_s: float  # time.perf_counter() at which it should be on the screen
    is_past: bool = False  # a picture of what was; the game stands still meanwhile


@dataclass(frozen=True, slots=True)
class Progress:
    """Where training stands. Newest value only, at most a few a second."""

    is_training: bool
    activity: str  # one or two words: "training", "off", "saving", "filling the memory" ...
    frames: int
    steps: int
    episodes: int
    epsilon: float
    episode_score: float
    mean_score_100: float | None
    best_score: float | None
    loss: float | None
    mean_max_q: float | None
    steps_per_s: float
    memory_sizes: tuple[int, ...]
    memory_capacity: int  # per action
    num_by_origin: tuple[int, int, int, int]  # entries by Origin
    recall_at_50: float | None
    effective_neighbours: float | None
    replay_size: int
    replay_capacity: int
    learning_starts_steps: int
    tail_sizes: tuple[int, ...]  # entries not yet in an index, by action
    building_action: int | None  # whose index is being built now
    num_index_builds: int
    network_version: int
    device: str
    num_taught: int = 0  # entries that a person's play made or changed
    lesson_weight: float = 1.0  # times the kernel of those


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """How the live game is run just now: what the controls show."""

    is_paused: bool
    speed: float  # wanted, times 60 frames a second; inf = as fast as possible
    frames_per_s: float  # reached
    player: Player
    is_exploring: bool  # the agent plays with the training epsilon
    is_teaching: bool  # what the person plays enters the memory
    is_storing_agent: bool  # the agent's own live steps enter the memory
    is_watching_training: bool
    recording: Path | None
    recording_s: float
    num_taught: int  # entries written from the person's play in this session
    num_judged: int = 0  # the agent's decisions of this episode that were shown with their evidence
    num_leaning: int = 0  # those of them that leaned on what a person taught
    is_past: bool = False  # a moment of the past is shown; is_paused is then true as well


@dataclass(frozen=True, slots=True)
class Series:
    """One learning curve: ``y`` over ``x`` (frames), both float64[N]."""

    name: str
    x: F64
    y: F64


@dataclass(frozen=True, slots=True)
class Curves:
    """All curves so far; kinds of episodes never share a series."""

    training_scores: Series
    live_agent_scores: Series
    live_person_scores: Series  # every episode in which a person held the stick at any time
    mean_max_q: Series
    loss: Series
    epsilon: Series
    effective_neighbours: Series
    recall_at_50: Series
    steps_per_s: Series
    random_score: float | None  # published, for the lines
    human_score: float | None


@dataclass(frozen=True, slots=True)
class GameInfo:
    """What the window must know of the game that is open."""

    name: str  # "ms_pacman": the bundled name, whatever the file was called
    title: str  # "Ms. Pacman"
    rom_path: Path
    rom_md5: str
    action_names: tuple[str, ...]
    screen_height: int  # native pixels; the width is always 160
    agent: str
    device: str
    has_memory: bool = True
    saliency_methods: tuple[SaliencyMethod, ...] = tuple(SaliencyMethod)  # that it truly has
