"""What the command line asks for, one immutable request a command. Cheap to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nec_engine.config import Settings, changed


@dataclass(frozen=True, slots=True)
class Common:
    """The options that every command which plays a game takes."""

    changes: Mapping[str, Any]  # settings named by --seed, --set, --config ..., each of its type
    data: Path  # the folder with snapshots/ videos/ screenshots/ results/

    def settings(self, base: Settings | None = None) -> Settings:
        """``base`` (a snapshot's settings, else the defaults) with what the person asked for.

        Raises :class:`~nec_engine.errors.SettingError`.
        """
        return changed(base or Settings(), self.changes)


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """Open the window; with neither ``rom`` nor ``snapshot`` on its start screen."""

    common: Common
    rom: str | None
    snapshot: Path | None
    is_human: bool  # a person holds the stick from the start
    is_training: bool
    speed: float  # times 60 frames a second; inf = as fast as possible


@dataclass(frozen=True, slots=True)
class TrainRequest:
    common: Common
    rom: str
    frames: int  # in all, resumed ones included
    out: Path | None  # None: <data>/results/<game>-seed<N>
    resume: Path | None
    envs: int


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    common: Common
    snapshot: Path
    episodes: int
    epsilon: float
    csv: Path | None


@dataclass(frozen=True, slots=True)
class RecordRequest:
    common: Common
    snapshot: Path
    out: Path
    episodes: int
    epsilon: float
    with_overlay: bool


@dataclass(frozen=True, slots=True)
class PlotRequest:
    results: Path
    fields: tuple[str, ...]
    out: Path | None  # None: the name of the results with .png


@dataclass(frozen=True, slots=True)
class InfoRequest:
    snapshot: Path
    as_json: bool


@dataclass(frozen=True, slots=True)
class ExportRequest:
    common: Common
    snapshot: Path
    out: Path
    max_mb: float  # 1e6 bytes


@dataclass(frozen=True, slots=True)
class FiltersRequest:
    common: Common
    snapshot: Path
    out: Path


@dataclass(frozen=True, slots=True)
class SettingsRequest:
    """All settings are wanted: there is nothing to choose."""


@dataclass(frozen=True, slots=True)
class BenchRequest:
    is_quick: bool
    is_large: bool
    json: Path | None


Request = (
    WindowRequest
    | TrainRequest
    | EvaluationRequest
    | RecordRequest
    | PlotRequest
    | InfoRequest
    | ExportRequest
    | FiltersRequest
    | SettingsRequest
    | BenchRequest
)
