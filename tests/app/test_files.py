"""Names and kinds of files."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from app.files import clock_words, is_snapshot, new_path, size_words


def test_a_new_path_never_hits_a_file_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "snapshots"
    first = new_path(folder, "pong", "000000100", ".nec")
    first.touch()
    second = new_path(folder, "pong", "000000100", ".nec")
    second.touch()
    assert first.name == "pong-000000100.nec"
    assert second.name == "pong-000000100-2.nec"
    assert new_path(folder, "pong", "000000100", ".nec").name == "pong-000000100-3.nec"


def test_a_folder_that_is_a_file_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "videos").touch()
    with pytest.raises(OSError, match="videos"):
        new_path(tmp_path / "videos", "pong", "", ".mp4")


def test_a_snapshot_is_known_by_name_or_by_content(tmp_path: Path) -> None:
    renamed = tmp_path / "agent.dat"
    renamed.write_bytes(struct.pack("<Q", 20) + b'{"format": "nec/1"} ' + b"\0" * 8)
    assert is_snapshot(renamed)
    assert is_snapshot(tmp_path / "gone.nec")


@pytest.mark.parametrize("content", [b"", b"\x78\xd8", b"\0" * 4096, b"{" * 9])
def test_anything_else_is_taken_for_a_game(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pong.bin"
    path.write_bytes(content)
    assert not is_snapshot(path)


def test_a_folder_is_no_snapshot(tmp_path: Path) -> None:
    assert not is_snapshot(tmp_path)


def test_sizes_and_times_have_words() -> None:
    assert [size_words(n) for n in (12, 12_300, 12_300_000, 5_000_000_000)] == [
        "12 bytes", "12.3 kB", "12.3 MB", "5.0 GB",
    ]  # fmt: skip
    assert [clock_words(s) for s in (0, 41.9, 727, 3723)] == ["0:00", "0:41", "12:07", "1:02:03"]
