"""A file that cannot be played is explained."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.dialogs.unsupported_rom import UnsupportedRom, md5_words, nearest_game
from nec_engine.errors import RomError

TITLES = {"pong": "Pong", "ms_pacman": "Ms. Pac-Man", "space_invaders": "Space Invaders"}


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("Space Invaders", "space_invaders"), ("spaceinvader", "space_invaders"),
        ("PONG", "pong"), ("ms-pacmann", "ms_pacman"), ("holiday photo", None),
    ],
)  # fmt: skip
def test_the_nearest_known_name_is_found_or_none(stem: str, name: str | None) -> None:
    assert nearest_game(stem, TITLES) == name


def test_the_md5_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"junk")
    assert md5_words(path) == hashlib.md5(b"junk").hexdigest()


def test_there_is_no_md5_of_a_folder_a_huge_file_or_nothing(tmp_path: Path) -> None:
    huge = tmp_path / "huge.bin"
    with huge.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    for path in (tmp_path, huge, tmp_path / "gone"):
        assert len(md5_words(path)) != 32


def test_it_says_why_and_offers_the_nearest_game(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "pong2.bin"
    path.write_bytes(b"junk")
    parent = QWidget()
    qtbot.addWidget(parent)
    error = RomError("pong2.bin is no game", "its content is unknown", "choose another")
    dialog = UnsupportedRom(path, error, TITLES, parent)
    play = next(b for b in dialog.findChildren(QPushButton) if "Pong" in b.text())
    with qtbot.waitSignal(dialog.game_chosen) as chosen:
        play.click()
    assert chosen.args == ["pong"]
