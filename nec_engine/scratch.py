"""A folder of this process for files that no other program is to see."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path

PREFIX = "nec-scratch-"
LOCK_NAME = "lock"


class Scratch:
    """A private folder in the system's folder for temporary files, made on first use.

    A lock on a file in it says that its process lives; the system lets go of that however the
    process ends, so the next one to come knows which folders to clear away.
    """

    def __init__(self, parent: Path | None = None) -> None:
        self._parent = parent
        self._folder: Path | None = None
        self._lock_fd = -1

    @property
    def folder(self) -> Path:
        """``OSError`` when it cannot be made."""
        if self._folder is None:
            self._folder = self._make()
        return self._folder

    def path(self, name: str) -> Path:
        """Where a file of this name goes. ``OSError`` when the folder cannot be made."""
        return self.folder / name

    def close(self) -> None:
        """Remove the folder with all that is in it. Idempotent."""
        if self._folder is None:
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock_fd)
        self._folder = None

    def _make(self) -> Path:
        parent = self._parent or Path(tempfile.gettempdir())
        remove_abandoned(parent)
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        coming = folder / "coming"  # gets its name when it is locked: nobody finds it unlocked
        lock_fd = os.open(coming, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        coming.rename(folder / LOCK_NAME)
        self._lock_fd = lock_fd
        return folder


def remove_abandoned(parent: Path) -> int:
    """Clear away the folders in ``parent`` whose process has died; how many there were."""
    num = 0
    for folder in parent.glob(PREFIX + "*"):
        # Another user's folder, or one that is just being made and has no lock yet, stays.
        with contextlib.suppress(OSError):
            lock_fd = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock_fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                num += 1
            finally:
                os.close(lock_fd)
    return num
