"""Of two autosaves one is always whole, and the newer whole one is found."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nec_engine.storage.autosave import newest_valid, next_autosave
from nec_engine.storage.snapshot import write_snapshot


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "pong-autosave-1.nec", tmp_path / "pong-autosave-2.nec"


def save(path: Path, when_s: int) -> None:
    write_snapshot(path, {"keys": bytes(100)}, header={"frames": when_s})
    os.utime(path, (when_s, when_s))


def spoil(path: Path, at: int = -1) -> None:
    """Flip a bit; the time of the file is its own."""
    when = path.stat().st_mtime
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    os.utime(path, (when, when))


def test_saves_alternate(paths: tuple[Path, Path]) -> None:
    written = []
    for when_s in range(5):
        written.append(next_autosave(paths))
        save(written[-1], when_s)
        assert newest_valid(paths) == written[-1]
    assert written == [paths[0], paths[1], paths[0], paths[1], paths[0]]


def test_a_broken_one_is_written_next_and_never_chosen(paths: tuple[Path, Path]) -> None:
    save(paths[0], 1)
    save(paths[1], 2)
    os.truncate(paths[1], 50)
    assert next_autosave(paths) == paths[1]
    assert newest_valid(paths) == paths[0]


def test_damage_deep_inside_is_found_by_the_thorough_look_only(paths: tuple[Path, Path]) -> None:
    save(paths[0], 1)
    save(paths[1], 2)
    spoil(paths[1])
    assert newest_valid(paths) == paths[0]
    assert newest_valid(paths, thorough=False) == paths[1]


def test_without_any_whole_one_there_is_none(paths: tuple[Path, Path]) -> None:
    assert newest_valid(paths) is None
    paths[0].mkdir()
    save(paths[1], 1)
    spoil(paths[1], at=60)
    assert newest_valid(paths) is None
