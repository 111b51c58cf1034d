"""Everything that crosses a thread: immutable messages, commands, questions, answers, events.

Arrays in a message are fresh (nobody writes them again) and read-only. A message is made by one
thread and may be read by any. Nothing here depends on the window, on torch or on the emulator.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
_Array = TypeVar("_Array", bound=npt.NDArray[Any])

FIRST_LIVE_EPISODE = (
    1 << 40
)  # episode ids below come from training, from here on from the live game


def read_only(array: _Array) -> _Array:
    """``array`` itself, from now on refusing writes."""
    array.flags.writeable = False
    return array


# --- words of the domain ---


class Origin(IntEnum):
    """Who made an entry of the memory."""

    AGENT = 0
    PERSON = 1
    IMPORTED = 2
    EDITED = 3


class Player(Enum):
    """Who holds the stick of the game that is shown."""

    AGENT = "agent"
    PERSON = "you"
    TRAINER = "training"


class Choice(Enum):
    """Why this action and no other."""

    GREEDY = "highest Q"
    EXPLORED = "explored (epsilon)"
    EMPTY = "memory empty: random"
    PERSON = "you"


class Moment(NamedTuple):
    """A place in recorded time: before the action of ``step`` in ``episode``."""

    episode: int
    step: int


# --- newest values: a slow reader misses some, the maker never waits ---


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


@dataclass(frozen=True, slots=True)
class ActionEvidence:
    """Why one action has its Q: every neighbour that was read, nearest first.

    ``q`` is the sum of ``shares * values`` plus ``prior_share * prior_value``; shares and
    prior_share sum to 1 (all are 0 and q is prior_value when the memory of the action is empty).
    All arrays have P' <= p elements.
    """

    action: int
    q: float
    slots: I64
    distances_sq: F32
    shares: F32
    values: F32
    origins: U8  # Origin
    episodes: I64  # moment of the latest write
    steps: I64
    ages_steps: I64  # training steps since the latest write
    state_hashes: npt.NDArray[np.uint64]
    prior_share: float
    prior_value: float
    num_entries: int  # filled entries of this action's memory

    @property
    def contributions(self) -> F32:
        """float32[P']: each neighbour's part of q."""
        product: F32 = self.shares * self.values
        return product

    @property
    def effective_neighbours(self) -> float:
        """1 / sum of squared shares: how many neighbours really speak; 0 when there are none."""
        total = float(np.square(self.shares).sum()) + self.prior_share**2
        return 1.0 / total if total > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision with its whole evidence, as read under one consistent view of the memory."""

    number: int  # counts decisions since the engine started
    moment: Moment
    action_names: tuple[str, ...]
    evidence: tuple[ActionEvidence, ...]  # one for each action, in the order of the action set
    action: int  # what was done
    best_action: int  # what is greedy
    choice: Choice
    epsilon: float
    observation: U8  # uint8[4, 84, 84], oldest first: what the agent saw
    state_hash: int
    kernel_scale: float  # squared distance that counts as 1 in the kernel
    network_version: int
    memory_version: int

    @property
    def q_values(self) -> F32:
        """float32[A]."""
        return np.array([evidence.q for evidence in self.evidence], np.float32)

    @property
    def gap(self) -> float:
        """Best Q minus second best; 0 with a single action."""
        if len(self.evidence) < 2:
            return 0.0
        second, first = np.sort(self.q_values)[-2:]
        return float(first - second)

    @property
    def nearest_distance_sq(self) -> float | None:
        """Squared distance to the nearest entry of any action; None when there is none."""
        nearest = [float(e.distances_sq[0]) for e in self.evidence if e.distances_sq.size]
        return min(nearest) if nearest else None

    @property
    def familiarity(self) -> float | None:
        """0 .. 1: 1 / (1 + nearest squared distance / kernel_scale); None with an empty memory."""
        nearest = self.nearest_distance_sq
        return None if nearest is None else 1.0 / (1.0 + nearest / max(self.kernel_scale, 1e-30))


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
    journal_episodes: int
    journal_bytes: int
    device: str


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
    episode: int  # counts live episodes, from 1
    num_taught: int  # entries written from the person's play in this session


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


# --- commands: in order, none lost ---


@dataclass(frozen=True, slots=True)
class SetPaused:
    paused: bool


@dataclass(frozen=True, slots=True)
class SetSpeed:
    """Times 60 frames a second; ``float("inf")`` for as fast as possible."""

    speed: float


@dataclass(frozen=True, slots=True)
class Advance:
    """While paused, play on by so many frames; ``to_next_decision``: to the end of the step."""

    frames: int = 1
    to_next_decision: bool = False


@dataclass(frozen=True, slots=True)
class SetPlayer:
    player: Player


@dataclass(frozen=True, slots=True)
class HoldStick:
    """The joystick as the person holds it now (newest wins, sampled at each step)."""

    up: bool = False
    down: bool = False
    left: bool = False
    right: bool = False
    fire: bool = False


@dataclass(frozen=True, slots=True)
class StartNewEpisode:
    pass


@dataclass(frozen=True, slots=True)
class SetExploring:
    exploring: bool


@dataclass(frozen=True, slots=True)
class SetTeaching:
    teaching: bool


@dataclass(frozen=True, slots=True)
class SetStoringAgent:
    storing: bool


@dataclass(frozen=True, slots=True)
class SetWatchingTraining:
    watching: bool


@dataclass(frozen=True, slots=True)
class SetTraining:
    training: bool


@dataclass(frozen=True, slots=True)
class StartRecording:
    path: Path
    with_overlay: bool


@dataclass(frozen=True, slots=True)
class StopRecording:
    pass


@dataclass(frozen=True, slots=True)
class SaveSnapshot:
    path: Path


@dataclass(frozen=True, slots=True)
class CancelSave:
    pass


LiveCommand = (
    SetPaused
    | SetSpeed
    | Advance
    | SetPlayer
    | HoldStick
    | StartNewEpisode
    | SetExploring
    | SetTeaching
    | SetStoringAgent
    | SetWatchingTraining
    | StartRecording
    | StopRecording
)
TrainerCommand = SetTraining | SaveSnapshot | CancelSave
Command = LiveCommand | TrainerCommand


# --- questions and answers: each panel's newest question wins ---


@dataclass(frozen=True, slots=True)
class AskPictures:
    """What these moments looked like; one :class:`PictureAnswer` for each, in order."""

    panel: str
    moments: tuple[Moment, ...]
    state_hashes: tuple[int, ...]  # of the entries, to check the rebuilt screens against


@dataclass(frozen=True, slots=True)
class AskSaliency:
    """Where the screen pulls on a Q of ``decision``; ``action`` None means the chosen action."""

    panel: str
    decision: Decision
    action: int | None = None


Question = AskPictures | AskSaliency


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    panel: str
    moment: Moment
    rgb: U8 | None  # uint8[H, W, 3]; None when the moment cannot be rebuilt
    screen: U8 | None  # uint8[84, 84]: the newest of the agent's four screens there
    is_exact: bool  # the rebuilt observation has the hash stored with the entry
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SaliencyAnswer:
    panel: str
    decision_number: int
    moment: Moment
    action: int
    heat: F32  # float32[84, 84], >= 0, largest 1 (all 0 when the gradient vanishes)
    gradient: F32  # float32[4, 84, 84]: dQ/dscreen, per grey level of 0 .. 255
    q: float
    method: str  # words for the label
    took_s: float


Answer = PictureAnswer | SaliencyAnswer


# --- events: in order, none lost ---


@dataclass(frozen=True, slots=True)
class Notice:
    """A line for the log; ``is_important`` also shows it as a passing note."""

    text: str
    is_important: bool = False
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class EpisodeEnded:
    player: Player
    score: float
    steps: int
    frames: int
    episode: int


@dataclass(frozen=True, slots=True)
class SnapshotSaved:
    path: Path
    num_bytes: int
    took_s: float
    is_autosave: bool


@dataclass(frozen=True, slots=True)
class SaveProgressed:
    path: Path
    fraction: float  # 0 .. 1


@dataclass(frozen=True, slots=True)
class SaveFailed:
    path: Path
    message: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class RecordingStarted:
    path: Path


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """``problem`` is empty when all went well; what was written before a problem stays playable."""

    path: Path
    seconds: float
    num_dropped: int
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ThreadFailed:
    """A fault of ours in a thread; the rest goes on and a snapshot can still be saved."""

    thread: str
    message: str
    traceback: str = field(repr=False)


Event = (
    Notice
    | EpisodeEnded
    | SnapshotSaved
    | SaveProgressed
    | SaveFailed
    | RecordingStarted
    | RecordingEnded
    | ThreadFailed
)


# --- about the game that is open ---


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
