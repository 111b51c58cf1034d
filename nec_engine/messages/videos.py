"""Videos of the past: what is wanted, how far it has come, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nec_engine.messages.words import Moment


@dataclass(frozen=True, slots=True)
class SaveTailVideo:
    """The latest half minute of the live game, with the sound that was heard."""

    path: Path
    with_overlay: bool


@dataclass(frozen=True, slots=True)
class SaveRangeVideo:
    """Recorded steps from ``first`` on, so many of them; its sound is rebuilt."""

    path: Path
    first: Moment
    num_steps: int
    with_overlay: bool


@dataclass(frozen=True, slots=True)
class CancelVideos:
    """Give up the video being written, and those that wait."""


VideoCommand = SaveTailVideo | SaveRangeVideo | CancelVideos


@dataclass(frozen=True, slots=True)
class VideoProgressed:
    path: Path
    fraction: float  # 0 .. 1


@dataclass(frozen=True, slots=True)
class VideoSaved:
    path: Path
    seconds: float
    num_bytes: int
    is_as_recorded: bool  # every stored state on the way was reached again, byte by byte


@dataclass(frozen=True, slots=True)
class VideoFailed:
    """No file is left behind."""

    path: Path
    message: str
    is_cancelled: bool = False


VideoEvent = VideoProgressed | VideoSaved | VideoFailed
