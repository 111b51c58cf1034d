"""Small files: whole or not at all, and nothing of the living is cleaned away."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import itertools
import os
from pathlib import Path
from typing import Any

import pytest

from nec_engine.errors import DataError
from nec_engine.storage import whole_file
from nec_engine.storage.whole_file import PART_SUFFIX, WholeFile, remove_stale_parts, write_whole


def names_in(folder: Path) -> list[str]:
    """What lies in ``folder``, sorted."""
    return sorted(path.name for path in folder.iterdir())


def test_text_and_bytes_are_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "results" / "a.csv"
    write_whole(path, "épisode\n")
    assert path.read_bytes() == b"\xc3\xa9pisode\n"
    write_whole(path, b"\x89PNG")
    assert path.read_bytes() == b"\x89PNG"
    write_whole(path, "")
    assert path.read_bytes() == b""
    assert names_in(path.parent) == ["a.csv"]


def test_the_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_whole(tmp_path / "a.csv", "")
    assert (tmp_path / "a.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_refusal_is_one_sentence_and_changes_nothing(
    tmp_path: Path, full_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = full_disk / "a.csv"
    write_whole(path, "old")
    with pytest.raises(DataError, match=r"cannot write .*; the disk of .* is full; free"):
        write_whole(path, bytes(2 << 20))
    assert path.read_text() == "old"
    assert names_in(full_disk) == ["a.csv"]
    with pytest.raises(DataError, match="is a file, not a folder"):
        write_whole(path / "b.csv", "")


def test_an_unknown_refusal_is_told_in_the_systems_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(errno.EPROTO, "Protocol error")

    monkeypatch.setattr(os, "write", refuse)
    with pytest.raises(DataError, match="; protocol error; "):
        write_whole(tmp_path / "a.csv", "x")


def test_only_unowned_temporary_files_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_file, "_counter", itertools.count(78))  # never the stale one's again
    stale = tmp_path / f".a.nec.{os.getpid()}-77{PART_SUFFIX}"  # our own id, long ago
    foreign = tmp_path / ".a.nec.part"
    stale.touch()
    foreign.touch()
    with WholeFile(tmp_path / "a.nec") as file:
        assert not stale.exists()
        remove_stale_parts(tmp_path)
        file.write(memoryview(b"x"))
        file.commit()
    assert names_in(tmp_path) == [".a.nec.part", "a.nec"]


def test_a_temporary_name_that_is_taken_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WholeFile(tmp_path / "a") as first:
        monkeypatch.setattr(whole_file, "_counter", iter(range(first_count(tmp_path), 10**6)))
        with WholeFile(tmp_path / "a") as second:
            second.write(memoryview(b"second"))
            second.commit()
        first.write(memoryview(b"first"))
        first.commit()
    assert (tmp_path / "a").read_bytes() == b"first"


def first_count(folder: Path) -> int:
    """The number in the name of the only temporary file in ``folder``."""
    (part,) = folder.glob(".*" + PART_SUFFIX)
    return int(part.name.removesuffix(PART_SUFFIX).rpartition("-")[2])


def test_a_file_taken_for_stale_before_it_was_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = fcntl.flock
    removed: list[Path] = []

    def remove_first(fd: int, how: int) -> None:
        if not removed:
            (part,) = tmp_path.glob(".*" + PART_SUFFIX)
            part.unlink()
            removed.append(part)
        lock(fd, how)

    monkeypatch.setattr(fcntl, "flock", remove_first)
    write_whole(tmp_path / "a.csv", "whole")
    assert removed
    assert (tmp_path / "a.csv").read_text() == "whole"


def test_a_disk_without_locks_and_ranges_still_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    stale = tmp_path / f".a.1-1{PART_SUFFIX}"
    stale.touch()
    write_whole(tmp_path / "a.csv", "whole")
    assert (tmp_path / "a.csv").read_text() == "whole"
    assert stale.exists()  # nobody can tell whether its owner lives
