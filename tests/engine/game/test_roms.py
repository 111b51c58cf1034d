"""Finding games, and refusing what is none."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ale_py import ALEInterface

from nec_engine.config import Settings
from nec_engine.errors import RomError
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import MAX_ROM_BYTES, bundled_games, find_rom

TWO_PLAYER_ONLY = {"combat", "joust", "maze_craze", "warlords"}
RANDOM_BYTES = np.random.default_rng(1).bytes(2048)


@pytest.fixture
def pong_bytes() -> bytes:
    return find_rom("pong").path.read_bytes()


@pytest.mark.parametrize("text", ["pong", "pong.bin", "PONG", " pong "])
def test_a_bundled_game_is_found_by_its_name(text: str) -> None:
    rom = find_rom(text)
    assert (rom.name, rom.title) == ("pong", "Pong")
    assert rom.md5 == hashlib.md5(rom.path.read_bytes()).hexdigest()


def test_every_playable_bundled_game_is_listed_in_order_and_known_to_the_emulator() -> None:
    folder = bundled_games()[0].path.parent
    playable = {path.stem for path in folder.glob("*.bin") if ALEInterface.isSupportedROM(path)}
    names = [game.name for game in bundled_games()]
    assert names == sorted(playable)
    assert {path.stem for path in folder.glob("*.bin")} - playable == TWO_PLAYER_ONLY
    assert all(game.path.is_file() and game.title for game in bundled_games())


@pytest.mark.parametrize("game", sorted(TWO_PLAYER_ONLY))
def test_a_game_for_two_players_is_refused_before_it_ends_the_process(game: str) -> None:
    with pytest.raises(RomError, match="two players"):
        find_rom(game)


def test_a_file_is_preferred_to_a_bundled_game_of_that_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pong.bin").write_bytes(find_rom("breakout").path.read_bytes())
    monkeypatch.chdir(tmp_path)
    assert find_rom("pong.bin").name == "breakout"
    assert find_rom("pong").name == "pong"


def test_a_folder_does_not_hide_a_bundled_game(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pong").mkdir()
    monkeypatch.chdir(tmp_path)
    assert find_rom("pong").name == "pong"


@pytest.mark.parametrize("name", ["My Game (1978).a26", "noextension", "breakout.bin", "ünï.rom"])
def test_a_supported_game_plays_under_any_name(
    tmp_path: Path, pong_bytes: bytes, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(pong_bytes)
    rom = find_rom(path)
    assert (rom.name, rom.path) == ("pong", path)
    emulator = Emulator(rom, Settings(), seed=1)
    assert emulator.step(2).num_frames == 4


def test_a_game_goes_on_loading_after_its_file_was_moved(tmp_path: Path, pong_bytes: bytes) -> None:
    path = tmp_path / "moved.bin"
    path.write_bytes(pong_bytes)
    rom = find_rom(path)
    path.unlink()
    assert Emulator(rom, Settings(), seed=1).num_actions == 6


BAD_NAMES = {  # what is wrong: the name, in a folder that bad_folder fills
    "missing": "missing.bin",
    "empty": "empty.bin",
    "random bytes": "random.bin",
    "random bytes named as a game": "pong.bin",
    "random bytes named as a game, without extension": "breakout",
    "cut short": "cut.bin",
    "huge": "huge.bin",
    "a link to itself": "loop",
    "a link to nowhere": "dangling",
    "a pipe": "pipe",
    "a folder": "",
    "a device": "/dev/zero",
    "a null character": "a\0b",
    "an endless name": "x" * 100_000,
    "a line break": "a\nb",
    "below a file": "random.bin/x",
    "no letters": "\ud800",
}


@pytest.fixture
def bad_folder(tmp_path: Path) -> Path:
    (tmp_path / "empty.bin").touch()
    for name in ("random.bin", "pong.bin", "breakout"):
        (tmp_path / name).write_bytes(RANDOM_BYTES)
    (tmp_path / "cut.bin").write_bytes(find_rom("pong").path.read_bytes()[:-1])
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(1 << 40)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.timeout(5)
@pytest.mark.parametrize("what", BAD_NAMES)
def test_bad_input_is_refused_at_once_in_one_sentence(bad_folder: Path, what: str) -> None:
    with pytest.raises(RomError) as caught:
        find_rom(bad_folder / BAD_NAMES[what])
    text = str(caught.value)
    assert text.isprintable()
    assert 20 < len(text) < 600
    assert caught.value.what
    assert caught.value.why
    assert caught.value.remedy


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(RomError):
        find_rom("")


def test_an_unsupported_game_is_told_its_md5_and_the_nearest_known_name(tmp_path: Path) -> None:
    path = tmp_path / "Ms Pacman (hack).bin"
    path.write_bytes(RANDOM_BYTES)
    with pytest.raises(RomError) as caught:
        find_rom(path)
    assert hashlib.md5(RANDOM_BYTES).hexdigest() in str(caught.value)
    assert "'ms_pacman'" in str(caught.value)


def test_the_largest_supported_game_is_well_below_the_limit() -> None:
    assert max(game.path.stat().st_size for game in bundled_games()) * 2 < MAX_ROM_BYTES


def test_listing_and_finding_games_imports_neither_emulator_nor_arrays() -> None:
    code = (
        "import sys; from nec_engine.game.roms import bundled_games, find_rom; "
        "find_rom('pong'); bundled_games(); "
        "sys.exit(bool({'ale_py', 'numpy', 'gymnasium'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == 0
