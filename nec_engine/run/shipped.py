"""Trained brains that come with the program: play-only snapshots beside ``main.py``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nec_engine.errors import SnapshotError
from nec_engine.game.roms import bundled_games
from nec_engine.storage.snapshot import read_header

FOLDER: Final = Path(__file__).resolve().parents[2] / "snapshots"


@dataclass(frozen=True, slots=True)
class Brain:
    """A snapshot to play from, and how long it was trained."""

    game: str  # the bundled name
    title: str
    path: Path
    agent: str
    frames: int


def shipped_brains() -> tuple[Brain, ...]:
    """Every ``snapshots/<game>.nec`` that ``export`` made, by title; reads headers alone.

    The folder may hold a person's own snapshots too: a run to go on with is no shipped brain, nor
    is a file that is not whole.
    """
    brains = []
    for game in bundled_games():
        path = FOLDER / f"{game.name}.nec"
        if not path.is_file():
            continue
        try:
            header = read_header(path)
        except SnapshotError:
            continue
        if "play_only" in header and header.get("game") == game.name:
            agent, frames = str(header["agent"]), int(header["frames"])
            brains.append(Brain(game.name, game.title, path, agent, frames))
    return tuple(sorted(brains, key=lambda brain: brain.title.lower()))
