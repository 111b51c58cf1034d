"""Events: told in order, none lost."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path

from nec_engine.messages.comparing import CompareEvent
from nec_engine.messages.surgery import MemoryEdited
from nec_engine.messages.teaching import LessonEvent
from nec_engine.messages.timeline import Luck
from nec_engine.messages.videos import VideoEvent
from nec_engine.messages.words import Moment, Player


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
    frames: int  # of the game, counted from its start
    episode: int
    is_whole: bool = True  # False: it was begun at a memory, and its score counts from further back


@dataclass(frozen=True, slots=True)
class WentTo:
    """The live game goes on from a recorded moment."""

    moment: Moment
    steps_before: int  # the moment that was named


@dataclass(frozen=True, slots=True)
class BranchBegan:
    """The live game goes on from a moment of this session, as an episode of its own."""

    parent: Moment
    luck: Luck
    is_asked_for: bool  # False: play just went on after looking back


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

    @classmethod
    def by(cls, thread: str, error: Exception) -> ThreadFailed:
        """``error`` came to the thread of that name."""
        trace = "".join(traceback.format_exception(error))
        return cls(thread, f"{type(error).__name__}: {error}", trace)


Event = (
    Notice
    | EpisodeEnded
    | WentTo
    | BranchBegan
    | SnapshotSaved
    | SaveProgressed
    | SaveFailed
    | RecordingStarted
    | RecordingEnded
    | VideoEvent
    | LessonEvent
    | ThreadFailed
    | MemoryEdited
    | CompareEvent
)
