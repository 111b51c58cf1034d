"""Of two autosaves one is always whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nec_engine.storage.autosave import next_autosave
from nec_engine.storage.snapshot import write_snapshot


@pytest.fixture
def paths(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "pong-autosave-1.nec", tmp_path / "pong-autosave-2.nec"


def save(path: Path, when_s: int) -> None:
    write_snapshot(path, {"keys": bytes(100)}, header={"frames": when_s})
    os.utime(path, (when_s, when_s))


def test_saves_alternate(paths: tuple[Path, Path]) -> None:
    written = []
    for when_s in range(5):
        written.append(next_autosave(paths))
        save(written[-1], when_s)
    assert written == [paths[0], paths[1], paths[0], paths[1], paths[0]]


def test_a_broken_one_is_written_next(paths: tuple[Path, Path]) -> None:
    save(paths[0], 1)
    save(paths[1], 2)
    os.truncate(paths[1], 50)
    assert next_autosave(paths) == paths[1]
    paths[1].unlink()
    assert next_autosave(paths) == paths[1]
