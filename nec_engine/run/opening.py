"""What is cheap to check about a game and a snapshot before anything is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nec_engine.config import Settings
from nec_engine.errors import SnapshotError
from nec_engine.game.roms import Rom, bundled_games, find_rom
from nec_engine.run.requests import Common
from nec_engine.storage.reader import SnapshotReader


@dataclass(frozen=True, slots=True)
class Opening:
    """A game that can be opened and the settings it will be opened with."""

    rom: Rom
    settings: Settings


def check_game(rom: str, common: Common) -> Opening:
    """The game of ``--rom``. Raises ``RomError`` and ``SettingError``."""
    return Opening(find_rom(rom), common.settings())


def check_snapshot(
    snapshot: Path, common: Common, rom: str | None = None, *, thorough: bool = False
) -> Opening:
    """The game and settings of a snapshot whose head is right; ``thorough``: every byte of it.

    Raises ``SnapshotError`` (also for a snapshot of another game than ``rom``), ``RomError`` and
    ``SettingError``.
    """
    named = None if rom is None else find_rom(rom)
    with SnapshotReader(snapshot) as reader:
        game = snapshot_game(snapshot, reader.header, named)
        if thorough:
            reader.verify()
        settings = Settings.from_json(reader.header["settings"])
    return Opening(game, common.settings(settings))


def snapshot_game(snapshot: Path, header: Mapping[str, Any], named: Rom | None) -> Rom:
    """The game a snapshot was made of: the one ``named`` by a person, else the bundled one.

    Raises ``SnapshotError`` when it is another, or not to be found.
    """
    name, md5 = header.get("game"), header.get("rom_md5")
    if named is not None and named.md5 != md5:
        raise SnapshotError(
            f"{snapshot} is a snapshot of {name}",
            f"the game that was given is {named.name}",
            f"leave the game out, or give a snapshot of {named.name}",
        )
    if named is not None:
        return named
    for game in bundled_games():
        if game.name == name and (rom := find_rom(game.path)).md5 == md5:
            return rom
    raise SnapshotError(
        f"cannot play {snapshot}",
        f"the installed ale-py has no game {name} with the MD5 {md5}",
        "install the ale-py version that 'python main.py info' names",
    )
