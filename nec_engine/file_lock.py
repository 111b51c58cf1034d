"""A file that one process at a time holds; however that process ends, the system lets go of it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

NO_LOCKS: Final = -1  # in the place of a descriptor


@dataclass(slots=True)
class _Held:
    fd: int
    num_holders: int = 0


_held_here: dict[Path, _Held] = {}
_guard = threading.Lock()  # guards _held_here


class FileLock:
    """Made by :meth:`take`; held until :meth:`release`, or until the process ends. Any thread."""

    def __init__(self, path: Path) -> None:
        """``path``: absolute, and held by this process."""
        self._path = path
        self._is_released = False

    @classmethod
    def take(cls, path: Path) -> FileLock | None:
        """Hold the file ``path``, made if it is missing; None while another process holds it.

        A process may take it more than once, and holds it until all have released it. Where files
        cannot be locked (some network disks) or made, nobody is kept out.
        """
        path = Path(os.path.realpath(path))
        with _guard:
            held = _held_here.get(path)
            if held is None:
                fd = _lock(path)
                if fd is None:
                    return None
                held = _held_here[path] = _Held(fd)
            held.num_holders += 1
        return cls(path)

    def release(self) -> None:
        """Let go; the file is removed with its last holder. Idempotent."""
        if self._is_released:
            return
        self._is_released = True
        with _guard:
            held = _held_here[self._path]
            held.num_holders -= 1
            if held.num_holders > 0:
                return
            del _held_here[self._path]
            if held.fd != NO_LOCKS:
                with contextlib.suppress(OSError):  # the folder may be gone
                    self._path.unlink()
                os.close(held.fd)


def _lock(path: Path) -> int | None:
    """The descriptor of ``path``, locked; None: another process has it."""
    while True:
        try:
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError:
            return NO_LOCKS
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            return None
        except OSError:
            os.close(fd)
            with contextlib.suppress(OSError):
                path.unlink()
            return NO_LOCKS
        if os.fstat(fd).st_nlink > 0:
            return fd
        os.close(fd)  # its last holder removed it between open and lock
