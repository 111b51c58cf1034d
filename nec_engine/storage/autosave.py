"""Two names written in turn, so that one whole save always remains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nec_engine.errors import SnapshotError
from nec_engine.storage.reader import SnapshotReader

Stamp = tuple[int, int, int]  # device, number on it, time of writing


def next_autosave(paths: Sequence[Path]) -> Path:
    """Which of ``paths`` to write next: a missing or broken one, else the oldest.

    Looks at heads and sizes only, so that it costs nothing beside the save.
    """
    for path in paths:
        if not _is_valid(path):
            return path
    return min(paths, key=_written_ns)


def set_aside(path: Path, aside: Path) -> bool:
    """Rename ``path`` to ``aside``; False when it is not whole, or not newer than what is there.

    Whole by head and size. ``OSError`` when it cannot be renamed.
    """
    if not _is_valid(path):
        return False
    if _written_ns(path) <= _written_ns(aside) and _is_valid(aside):
        return False
    path.replace(aside)
    return True


def stamp_of(path: Path) -> Stamp | None:
    """Which file is at ``path``, whatever its name becomes; None when none is there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns


def _is_valid(path: Path) -> bool:
    """It is a whole snapshot by its head and its size."""
    try:
        with SnapshotReader(path):
            return True
    except SnapshotError:
        return False


def _written_ns(path: Path) -> int:
    """When the file was last written; -1 when it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1
