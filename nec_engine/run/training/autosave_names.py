"""Which files a run saves itself to, so that two that run at once never share one."""

from __future__ import annotations

import contextlib
import itertools
from pathlib import Path

from nec_engine.file_lock import FileLock


class AutosaveNames:
    """``<game>-autosave-1.nec``, ``-2`` and ``-previous``, or names with the number of a window.

    Whoever has taken the names holds a lock on them as long as it runs. A window that comes while
    another one of the game holds those of the first has ``<game>-window-2-autosave-1.nec`` and so
    on; once the first is closed, whoever comes next is the first again.
    """

    def __init__(self, folder: Path, game: str) -> None:
        self._folder, self._game = folder, game
        self._lock: FileLock | None = None
        self._is_folder_ours = False
        self.number = 1  # of the window, among those that are open now

    @property
    def paths(self) -> tuple[Path, Path]:
        """The two that are written in turn."""
        stem = self._stem(self.number)
        return self._folder / f"{stem}-1.nec", self._folder / f"{stem}-2.nec"

    @property
    def previous_path(self) -> Path:
        """Where what an earlier run left goes."""
        return self._folder / f"{self._stem(self.number)}-previous.nec"

    def take(self) -> None:
        """Hold the first names that no other process holds. The thread that saves."""
        for number in itertools.count(1):
            if self.take_number(number):
                return

    def take_number(self, number: int) -> bool:
        """Hold the names of this number; False while another process holds them."""
        with contextlib.suppress(OSError):  # then nothing can be saved there, which is told later
            self._is_folder_ours = not self._folder.exists()
            self._folder.mkdir(parents=True, exist_ok=True)
        self._lock = FileLock.take(self._folder / f".{self._stem(number)}.lock")
        if self._lock is not None:
            self.number = number
        return self._lock is not None

    def release(self) -> None:
        """Nothing is written under these names any more. Idempotent."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None
            if self._is_folder_ours:
                with contextlib.suppress(OSError):  # something was saved
                    self._folder.rmdir()

    def _stem(self, number: int) -> str:
        return f"{self._game}-autosave" if number == 1 else f"{self._game}-window-{number}-autosave"
