"""What the start screen offers: the bundled games, and what was opened or saved lately."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.files import is_snapshot, size_words
from app.views.start.start_view import Choice
from nec_engine.game.roms import bundled_games

NUM_RECENT: Final = 8


def game_choices() -> list[Choice]:
    """Every game that comes with the program, by title."""
    games = [Choice(game.title, game.name, game.name) for game in bundled_games()]
    return sorted(games, key=lambda choice: choice.title.lower())


def recent_choices(recent: Sequence[str], data_dir: Path) -> list[Choice]:
    """Snapshots in the data folder and what was opened lately, newest first; what is gone is not.

    ``recent``: bundled names and paths, newest first.
    """
    titles = {game.name: game.title for game in bundled_games()}
    places: dict[Path, float] = {}
    for path in (data_dir / "snapshots").glob("*.nec"):
        places[path.resolve()] = _changed_s(path)
    newest = sorted(places, key=lambda path: -places[path])[: NUM_RECENT // 2]
    choices = [Choice(path.name, f"snapshot, {_file_words(path)}", path) for path in newest]
    for text in recent:
        path = Path(text)
        if text in titles:
            choices.append(Choice(titles[text], "game", text))
        elif path.is_file() and path.resolve() not in newest:
            kind = "snapshot" if is_snapshot(path) else "game file"
            choices.append(Choice(path.name, f"{kind}, {_file_words(path)}", path))
    return choices[:NUM_RECENT]


def _file_words(path: Path) -> str:
    try:
        return f"{size_words(path.stat().st_size)}, {ago_words(time.time() - _changed_s(path))}"
    except OSError:
        return "gone"


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def ago_words(seconds: float) -> str:
    """``just now``, ``12 min ago``, ``3 h ago``, ``5 days ago``."""
    if seconds < 90:
        return "just now"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min ago"
    if seconds < 36 * 3600:
        return f"{seconds / 3600:.0f} h ago"
    return f"{seconds / 86400:.0f} days ago"
