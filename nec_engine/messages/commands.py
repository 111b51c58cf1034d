"""Commands: carried out in order, none lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nec_engine.messages.comparing import CompareCommand
from nec_engine.messages.surgery import EditCommand, JudgeAgain
from nec_engine.messages.teaching import ForgetLessons, LessonFileCommand, SetLessonWeight
from nec_engine.messages.time_travel import TimeCommand
from nec_engine.messages.videos import VideoCommand
from nec_engine.messages.words import Moment, Player


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
    """The live game begins anew; what was played stays recorded."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """Let the live game go on from a recorded moment, ``steps_before`` it or from its episode's
    start, as a new episode of its own."""

    moment: Moment
    state_hash: int  # of the screens seen there: what is rebuilt must have it
    steps_before: int = 0


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
    """The video is finished and its file closed."""


@dataclass(frozen=True, slots=True)
class SaveSnapshot:
    path: Path


@dataclass(frozen=True, slots=True)
class KeepTraining:
    """What was learned since the last save is saved as the game is closed."""


@dataclass(frozen=True, slots=True)
class CancelSave:
    """The snapshot being written is given up; files that were there stay."""


LiveCommand = (
    SetPaused
    | SetSpeed
    | Advance
    | SetPlayer
    | HoldStick
    | StartNewEpisode
    | GoTo
    | SetExploring
    | SetTeaching
    | SetStoringAgent
    | SetWatchingTraining
    | StartRecording
    | StopRecording
    | TimeCommand
    | JudgeAgain
    | ForgetLessons
)
TrainerCommand = (
    SetTraining
    | SaveSnapshot
    | KeepTraining
    | CancelSave
    | EditCommand
    | ForgetLessons
    | SetLessonWeight
)
Command = LiveCommand | TrainerCommand | VideoCommand | LessonFileCommand | CompareCommand
