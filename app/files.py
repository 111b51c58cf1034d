"""Names and kinds of the files a person makes or chooses."""

from __future__ import annotations

import time
from pathlib import Path


def new_path(folder: Path, game: str, name: str, suffix: str) -> Path:
    """``folder/game-name.suffix``, made unique; the folder is made. Raises OSError.

    Without a name it is the local time, to the second.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{game}-{name or time.strftime('%Y%m%d-%H%M%S')}"
    path, number = folder / f"{stem}{suffix}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}{suffix}"
    return path


def is_snapshot(path: Path) -> bool:
    """Whether a chosen file is a snapshot: by its name, else by its first bytes.

    A snapshot begins with the length of its JSON header; a game never does. A file that cannot be
    read counts as a game, and opening it says what is wrong.
    """
    if path.suffix.lower() == ".nec":
        return True
    try:
        with path.open("rb") as file:
            start = file.read(9)
            num_bytes = path.stat().st_size
    except OSError:
        return False
    header_bytes = int.from_bytes(start[:8], "little")
    return len(start) == 9 and start[8:] == b"{" and 2 <= header_bytes <= num_bytes - 8


def size_words(num_bytes: int) -> str:
    """``12.3 MB``."""
    value = float(num_bytes)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def clock_words(seconds: float) -> str:
    """``0:41``, ``12:07``, ``1:02:03``."""
    whole = int(seconds)
    hours, minutes, seconds_left = whole // 3600, whole // 60 % 60, whole % 60
    if hours:
        return f"{hours}:{minutes:02d}:{seconds_left:02d}"
    return f"{minutes}:{seconds_left:02d}"
