"""What the window is asked to show, and what its loader is asked to open. No Qt in here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nec_engine.config import Settings, changed
from nec_engine.errors import SnapshotError
from nec_engine.run.engine_api import EngineApi
from nec_engine.run.saved_settings import FOR_NEW_RUNS


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A game to open, or a snapshot (with ``rom``: of that game only).

    ``settings`` is for a new game; ``settings_changes``, what the command line sets, by name, is
    laid over those that a snapshot brings. ``cancelled`` is set when nobody wants the engine.
    """

    rom: str | Path | None
    snapshot: Path | None
    settings: Settings
    settings_changes: Mapping[str, Any]
    data_dir: Path
    cancelled: threading.Event = field(default_factory=threading.Event, compare=False)

    def go_on(self) -> None:
        """Called while a file is read; ends that by an error once nobody wants the engine."""
        if self.cancelled.is_set():
            raise SnapshotError("nothing was opened", "it was cancelled", "open it again")

    @property
    def words(self) -> str:
        """What is being opened, for a person."""
        if self.snapshot is not None:
            return self.snapshot.name
        path = Path(str(self.rom))
        return path.stem.replace("_", " ").title() if path.name == str(self.rom) else path.name


OpenEngine = Callable[[OpenRequest], EngineApi]


@dataclass(frozen=True, slots=True)
class WindowRequest:
    """What the command line asks of the window.

    ``open_engine`` is called in a thread of its own, may take seconds and raises NecError.
    """

    open_engine: OpenEngine
    data_dir: Path
    settings: Settings
    settings_changes: Mapping[str, Any]
    rom: str | Path | None = None
    snapshot: Path | None = None
    human: bool = False
    train: bool = True
    speed: float = 1.0

    def to_open(
        self, rom: str | Path | None, snapshot: Path | None, agent: str | None = None
    ) -> OpenRequest:
        """A game or a snapshot as the command line would have it opened.

        ``agent`` is for a new game; None: that of the command line. Raises :class:`NecError` where
        what the command line sets does not go with it.
        """
        settings = self.settings if agent is None else changed(self.settings, {"agent": agent})
        return OpenRequest(rom, snapshot, settings, self.settings_changes, self.data_dir)

    def to_open_brain(self, path: Path) -> OpenRequest:
        """A snapshot that the program offers, as it was made.

        What the command line sets for new games is not for it.
        """
        changes = self.settings_changes.items()
        kept = {name: value for name, value in changes if name not in FOR_NEW_RUNS}
        return OpenRequest(None, path, self.settings, kept, self.data_dir)
