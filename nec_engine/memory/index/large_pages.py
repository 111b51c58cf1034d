"""Pages of 2 MB for large data, on Linux: searching a graph jumps through hundreds of megabytes.

Where the kernel gives such pages only to who asks for them (the default of most distributions), a
search spends a fifth of its time on finding out where its pages of 4 KB lie (docs/decisions.md).
Asking is a hint: no byte changes, and where it is refused everything goes on as before.
"""

from __future__ import annotations

import ctypes
import functools
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

MAPS: Final = Path("/proc/self/maps")
LEAST_BYTES: Final = 16 << 20  # smaller areas are left alone: stacks of threads have 8 MB
PAGE_BYTES: Final = 2 << 20
# linux/mman.h
MADV_HUGEPAGE = 14  # large pages for what is touched from now on
MADV_COLLAPSE = 25  # and for what is there already


class LargePages:
    """Asks for large pages for all large data of this process, on a thread of its own.

    The trainer's thread calls all methods.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._is_wanted = self._is_running = False

    def ask(self) -> None:
        """Something large has come or grown."""
        with self._lock:
            self._is_wanted = True
            if self._is_running:  # it begins once more when it is through
                return
            self._is_running = True
        self._thread = threading.Thread(target=self._run, name="large pages", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until what was asked for is there, or refused."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._is_wanted:
                    self._is_running = False
                    return
                self._is_wanted = False
            ask_for_all()


def ask_for_all() -> int:
    """Ask for all large data that is no file's; how many bytes that is. Any thread.

    Takes about a millisecond for each MB that is filled and lies in small pages. The interpreter's
    lock is not held meanwhile.
    """
    libc = _libc()
    if libc is None:
        return 0
    num_bytes = 0
    for start, end in _large_areas():
        # By now something else may be there: it is given large pages then, and nothing is lost.
        if libc.madvise(start, end - start, MADV_HUGEPAGE) == 0:
            num_bytes += end - start
            # A page at a time: others wait to change what is mapped only for so long.
            first = -(-start // PAGE_BYTES) * PAGE_BYTES
            for page in range(first, end - PAGE_BYTES + 1, PAGE_BYTES):
                libc.madvise(page, PAGE_BYTES, MADV_COLLAPSE)
    return num_bytes


def _large_areas() -> Iterator[tuple[int, int]]:
    """First address and the one after the last of each area for data that is no file's."""
    try:
        maps = MAPS.read_text(encoding="utf-8", errors="replace")
    except OSError:  # another system, or one that does not tell
        return
    for line in maps.splitlines():
        addresses, permissions, _, _, _, *name = line.split(maxsplit=5)
        start, end = (int(address, 16) for address in addresses.split("-"))
        if permissions.startswith("rw") and not name and end - start >= LEAST_BYTES:
            yield start, end


@functools.cache
def _libc() -> Any:
    """The system's calls; None where they are others."""
    try:
        libc = ctypes.CDLL(None)
        libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    except (OSError, AttributeError, TypeError):  # another system
        return None
    return libc
