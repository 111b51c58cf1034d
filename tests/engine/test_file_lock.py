"""One process at a time holds a file, and none that has ended does."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path
from typing import Any

import pytest
from other_process import held_elsewhere

from nec_engine.file_lock import FileLock


def take(path: Path) -> FileLock:
    lock = FileLock.take(path)
    assert lock is not None
    return lock


def test_what_another_process_holds_is_not_to_be_had_until_that_is_killed(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with held_elsewhere(path):
        assert FileLock.take(path) is None
    assert path.exists()  # the killed one could not remove it
    take(path).release()
    assert list(tmp_path.iterdir()) == []


def test_a_process_holds_a_file_until_all_who_took_it_have_released_it(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    first, second = take(path), take(tmp_path / "." / ".lock")
    first.release()
    first.release()
    with path.open() as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_its_last_holder_removes_meanwhile_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lock_file, removed = tmp_path / ".lock", fcntl.flock, list[Path]()

    def remove_first(fd: int, how: int) -> None:
        if not removed:
            path.unlink()
            removed.append(path)
        lock_file(fd, how)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    lock = take(path)
    assert removed
    assert path.exists()
    lock.release()


def test_a_disk_without_locks_keeps_nobody_out_and_has_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    lock = take(tmp_path / ".lock")
    assert list(tmp_path.iterdir()) == []
    lock.release()


def test_a_folder_that_takes_no_file_keeps_nobody_out(tmp_path: Path) -> None:
    take(tmp_path / "missing" / ".lock").release()
