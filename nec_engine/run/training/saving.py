"""Saving a run: copied out between two steps, brought to the disk on another thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nec_engine.errors import NecError
from nec_engine.game.state import ALE_VERSION
from nec_engine.messages import (
    Event,
    Notice,
    Origin,
    SaveFailed,
    SaveProgressed,
    SnapshotSaved,
)
from nec_engine.run.folders import writable_folder
from nec_engine.run.training.autosave_names import AutosaveNames
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.autosave import Stamp, next_autosave, set_aside, stamp_of
from nec_engine.storage.snapshot import SnapshotCancelledError, SnapshotWriter
from nec_engine.version import PROGRAM_VERSION

AUTOSAVE_DUTY = 20  # an autosave at most every so many times its own duration
PROGRESS_EVERY_S = 0.1


def snapshot_header(trainer: Trainer) -> dict[str, Any]:
    """What ``info`` tells of a snapshot without reading its arrays."""
    memory, journal = trainer.agent.memory, trainer.journal
    by_origin = memory.num_by_origin if memory else (0, 0, 0, 0)
    return {
        "program_version": PROGRAM_VERSION,
        "ale_py_version": ALE_VERSION,
        "game": trainer.rom.name,
        "rom_md5": trainer.rom.md5,
        "agent": trainer.settings.agent,
        "seed": trainer.settings.seed,
        "frames": trainer.frames,
        "steps": trainer.steps,
        "episodes": trainer.episodes,
        "settings": trainer.settings.to_json(),
        "memory": {
            "actions": list(trainer.emulator.action_names),
            "capacity": memory.capacity if memory else 0,
            "sizes": list(memory.sizes) if memory else [],
            "key_size": trainer.settings.key_size,
            "origins": {origin.name.lower(): int(by_origin[origin]) for origin in Origin},
        },
        "replay_size": trainer.agent.replay_size,
        "journal": {
            "episodes": journal.num_episodes,
            "steps": journal.num_steps,
            "bytes": journal.num_bytes,
        },
    }


def save_run(
    trainer: Trainer, path: Path, cancelled: Callable[[], bool] | None = None
) -> tuple[int, float]:
    """Save and wait until it is on the disk; (bytes, seconds). Raises :class:`NecError`.

    ``cancelled`` is asked now and then; once it says yes, :class:`SnapshotCancelledError` is
    raised, and ``path`` is as it was.
    """
    start_s = time.perf_counter()
    writable_folder(path.parent)
    with SnapshotWriter(path, cancelled=cancelled) as writer:
        writer.write(trainer.state_dict(), header=snapshot_header(trainer))
        num_bytes = writer.commit()
    return num_bytes, time.perf_counter() - start_s


class Saver:
    """One save at a time. :meth:`save` holds the trainer only until everything is copied out."""

    def __init__(self, post: Callable[[Event], None]) -> None:
        self._post = post
        self._thread: threading.Thread | None = None
        self._is_cancelled = threading.Event()
        self._last_progress_s = 0.0
        self.last_took_s = 0.0

    @property
    def is_busy(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def save(self, trainer: Trainer, path: Path, *, is_autosave: bool = False) -> None:
        """Copy the run to ``path``'s temporary file, then finish on a thread (trainer thread)."""
        assert not self.is_busy, "one save at a time"
        self._is_cancelled.clear()
        start_s = time.perf_counter()
        writer = None
        try:
            writable_folder(path.parent)
            writer = SnapshotWriter(
                path,
                progress=lambda fraction: self._tell(path, fraction),
                cancelled=self._is_cancelled.is_set,
            )
            writer.write(trainer.state_dict(), header=snapshot_header(trainer))
        except Exception as error:
            if writer is not None:
                writer.discard()
            self.last_took_s = time.perf_counter() - start_s
            self._post_failure(path, error)
            if isinstance(error, NecError):
                return
            raise
        self._thread = threading.Thread(
            target=self._finish, args=(writer, path, start_s, is_autosave), name="save"
        )
        self._thread.start()

    def cancel(self) -> None:
        """Give up a save under way; its temporary file is removed (any thread)."""
        self._is_cancelled.set()

    def join(self, timeout_s: float | None = None) -> None:
        """The save under way, if any, is over, or ``timeout_s`` are."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _finish(self, writer: SnapshotWriter, path: Path, start_s: float, auto: bool) -> None:
        try:
            num_bytes = writer.commit()
        except NecError as error:
            self._post_failure(path, error)
            return
        finally:
            self.last_took_s = time.perf_counter() - start_s
        self._post(SnapshotSaved(path, num_bytes, self.last_took_s, auto))

    def _post_failure(self, path: Path, error: Exception) -> None:
        is_cancelled = isinstance(error, SnapshotCancelledError)
        words = str(error)
        if not isinstance(error, NecError):
            words = f"{path.name} was not saved; a fault of the program, {type(error).__name__}"
        self._post(SaveFailed(path, words, is_cancelled))

    def _tell(self, path: Path, fraction: float) -> None:
        now_s = time.perf_counter()
        if now_s - self._last_progress_s >= PROGRESS_EVERY_S:
            self._last_progress_s = now_s
            self._post(SaveProgressed(path, fraction))


class Autosave:
    """When to autosave, and under which of two names; another run's files are not overwritten."""

    def __init__(
        self, folder: Path, game: str, least_s: float, opened: Stamp | None = None
    ) -> None:
        """``opened`` is the file that the run goes on from."""
        self.names = AutosaveNames(folder, game)
        self._least_s = least_s
        self._last_s = time.monotonic()
        self._opened = opened
        self._own: dict[Path, Stamp | None] = {}  # autosaves of this run
        self._last_path: Path | None = None
        self._is_failure_told = False

    def is_due(self, last_took_s: float) -> bool:
        """Every ``least_s``, or 20 times the duration of the last save if that is longer."""
        return time.monotonic() - self._last_s >= max(self._least_s, AUTOSAVE_DUTY * last_took_s)

    def next_path(self) -> Path:
        """The file to write now; the time starts anew.

        Within a run they take turns, whatever the clock that files are dated by says.
        """
        self._last_s = time.monotonic()
        others = [path for path in self.names.paths if path != self._last_path]
        self._last_path = next_autosave(others)
        return self._last_path

    def make_way(self, path: Path) -> Notice | None:
        """Rename what another run left at ``path``, which is written next; what to tell.

        Of such files the newest is kept, under a name that no autosave is written to. ``path`` is
        the older of two, so that the newer one keeps its own name as long as that can be.
        """
        stamp, aside = stamp_of(path), stamp_of(self.names.previous_path)
        if stamp in (None, self._opened, self._own.get(path)):
            return None
        if aside is not None and aside == self._opened and not self._own:
            return None  # what this run knows is in no other file yet
        try:
            is_kept = set_aside(path, self.names.previous_path)
        except OSError as error:
            if self._is_failure_told:
                return None
            self._is_failure_told = True
            return Notice(
                f"The autosaves of an earlier run are overwritten: {error}", is_problem=True
            )
        if not is_kept:
            return None
        return Notice(f"An autosave of an earlier run is kept as {self.names.previous_path.name}")

    def count_as_own(self, path: Path) -> None:
        """This run has written ``path``."""
        self._own[path] = stamp_of(path)

    def remove(self) -> None:
        """Both, but for what an earlier run left."""
        for path in self.names.paths:
            path.unlink(missing_ok=True)
