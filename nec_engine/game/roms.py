"""Finding a game: a file that someone names, or one of the games that come with ale-py.

The emulator ends the whole process on a file it does not know, and never returns from some (see
docs/decisions.md), so that nothing reaches it whose content is not known by its MD5. What is
loaded in the end is the bundled file of that content: the emulator goes by the file's *name*
first, and a Pong called ``breakout.bin`` would freeze it.
"""

from __future__ import annotations

import difflib
import functools
import hashlib
import importlib.util
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nec_engine.errors import RomError

MAX_ROM_BYTES: Final = 64 * 1024  # the largest supported game has 16 KiB
CHOOSE: Final = "give an Atari 2600 game file, or the name of a bundled game such as 'pong'"

# Bundled with ale-py for its two-player interface alone; loading one ends the process.
_TWO_PLAYER_ONLY: Final = frozenset({"combat", "joust", "maze_craze", "warlords"})

_TITLES: Final = {
    "atlantis2": "Atlantis II",
    "beam_rider": "Beamrider",
    "darkchambers": "Dark Chambers",
    "et": "E.T.",
    "hero": "H.E.R.O.",
    "jamesbond": "James Bond 007",
    "kung_fu_master": "Kung-Fu Master",
    "montezuma_revenge": "Montezuma's Revenge",
    "mr_do": "Mr. Do!",
    "ms_pacman": "Ms. Pac-Man",
    "pacman": "Pac-Man",
    "pitfall": "Pitfall!",
    "pitfall2": "Pitfall II",
    "qbert": "Q*bert",
    "riverraid": "River Raid",
    "tic_tac_toe_3d": "3-D Tic-Tac-Toe",
    "trondead": "TRON: Deadly Discs",
    "up_n_down": "Up 'n Down",
    "yars_revenge": "Yars' Revenge",
}


@dataclass(frozen=True, slots=True)
class BundledGame:
    """A game that comes with ale-py and can be played."""

    name: str  # "ms_pacman"
    title: str  # "Ms. Pac-Man"
    path: Path


@dataclass(frozen=True, slots=True)
class Rom:
    """A game file whose content is known to be playable."""

    path: Path  # the file that was named
    name: str  # of the bundled game with that content, whatever the file is called
    title: str
    md5: str

    @property
    def load_path(self) -> Path:
        """The bundled file of the same content: the only one that is safe to load."""
        return _rom_folder() / f"{self.name}.bin"


@functools.cache
def bundled_games() -> tuple[BundledGame, ...]:
    """Every playable bundled game, sorted by name; imports no emulator."""
    names = sorted(set(_names_by_md5().values()) - _TWO_PLAYER_ONLY)
    return tuple(BundledGame(name, _title(name), _rom_folder() / f"{name}.bin") for name in names)


def find_rom(text: str | Path) -> Rom:
    """The game that ``text`` names: a file, else a bundled game (``pong`` or ``pong.bin``).

    Raises :class:`RomError` for anything that is not a playable game; never hangs on it.
    """
    path = Path(text)
    status = _file_status(path)
    bundled = _bundled_path(str(text))
    if bundled is not None and (status is None or stat.S_ISDIR(status.st_mode)):
        return _check_file(bundled, bundled.stat())
    if status is not None:
        return _check_file(path, status)
    return _refuse_unknown(str(text))


def _file_status(path: Path) -> os.stat_result | None:
    """None when there is no such file."""
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # no permission, a loop of links, a null character
        reason = getattr(error, "strerror", None) or str(error)
        raise RomError(f"cannot open the game {_shown(path)}", reason, CHOOSE) from error


def _bundled_path(text: str) -> Path | None:
    name = text.strip().lower().removesuffix(".bin")
    if name in _names_by_md5().values():
        return _rom_folder() / f"{name}.bin"
    return None


def _check_file(path: Path, status: os.stat_result) -> Rom:
    if stat.S_ISDIR(status.st_mode):
        raise RomError(f"cannot open the game {_shown(path)}", "it is a folder", CHOOSE)
    if not stat.S_ISREG(status.st_mode):
        raise RomError(f"cannot open the game {_shown(path)}", "it is not a plain file", CHOOSE)
    if not 0 < status.st_size <= MAX_ROM_BYTES:
        size = "it is empty" if status.st_size == 0 else f"it has {status.st_size:,} bytes"
        wanted = f"Atari 2600 games have at most {MAX_ROM_BYTES:,} bytes"
        raise RomError(f"{_shown(path)} is not a game", f"{size} ({wanted})", CHOOSE)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_ROM_BYTES + 1)  # it may have grown since
    except OSError as error:
        reason = error.strerror or str(error)
        raise RomError(f"cannot open the game {_shown(path)}", reason, CHOOSE) from error
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    name = _names_by_md5().get(md5)
    if name is None:
        near = _nearest_name(path.name)
        raise RomError(
            f"{_shown(path)} is not a supported game",
            f"its MD5 {md5} is none of the known ones",
            f"the nearest known name is {near!r}: try '--rom {near}'" if near else CHOOSE,
        )
    if name in _TWO_PLAYER_ONLY:
        raise RomError(
            f"cannot play {_title(name)} ({_shown(path)})",
            "the emulator has it only for two players",
            "choose another game",
        )
    return Rom(path, name, _title(name), md5)


def _refuse_unknown(text: str) -> Rom:
    near = _nearest_name(text)
    raise RomError(
        f"no game {_shown(text)}",
        "there is neither a file nor a bundled game of that name",
        f"did you mean {near!r}?" if near else CHOOSE,
    )


def _nearest_name(text: str) -> str | None:
    """The bundled game whose name is most like ``text``, if any is."""
    name = "_".join(Path(text[-200:]).stem.lower().replace("-", " ").split())
    playable = [game.name for game in bundled_games()]
    near = difflib.get_close_matches(name, playable, n=1, cutoff=0.5)
    return near[0] if near else None


def _title(name: str) -> str:
    return _TITLES.get(name) or name.replace("_", " ").title()


def _shown(path: Path | str) -> str:
    """``path`` fit for a message: printable and not endless."""
    text = str(path).encode("utf-8", "replace").decode()
    text = "".join(letter if letter.isprintable() else "�" for letter in text)
    return repr(text if len(text) <= 200 else f"…{text[-200:]}")


@functools.cache
def _rom_folder() -> Path:
    """Where ale-py keeps its games, found without importing it."""
    spec = importlib.util.find_spec("ale_py")
    if spec is None or not spec.submodule_search_locations:
        raise RomError("no games", "ale-py is not installed", "run 'pip install ale-py'")
    return Path(spec.submodule_search_locations[0]) / "roms"


@functools.cache
def _names_by_md5() -> dict[str, str]:
    table: dict[str, str] = json.loads((_rom_folder() / "md5.json").read_text())
    return {md5: Path(file).stem for file, md5 in table.items()}
