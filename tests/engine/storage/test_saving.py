"""A save ends whole and in place, or leaves everything as it was."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nec_engine.errors import SnapshotError
from nec_engine.storage import whole_file
from nec_engine.storage.snapshot import (
    SnapshotCancelledError,
    SnapshotWriter,
    read_snapshot,
    write_snapshot,
)

BIG = {"keys": np.zeros((5, 1 << 20), np.uint8)}


def names_in(folder: Path) -> list[str]:
    """What lies in ``folder``, sorted."""
    return sorted(path.name for path in folder.iterdir())


def save_fails(path: Path, tree: dict[str, Any] = BIG) -> str:
    """The one sentence with which saving to ``path`` ends."""
    with pytest.raises(SnapshotError) as caught:
        write_snapshot(path, tree, header={})
    sentence = str(caught.value)
    assert sentence.count("; ") == 2
    assert "\n" not in sentence
    assert str(path) in sentence
    return sentence


def is_untouched(path: Path) -> bool:
    """Only the old snapshot is in the folder, and it is whole."""
    return names_in(path.parent) == [path.name] and read_snapshot(path)[1] == {"old": 1}


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "snapshots" / "a.nec"
    write_snapshot(path, {"old": 1}, header={})
    return path


def test_a_full_disk_leaves_the_old_file_and_no_temporary_one(full_disk: Path) -> None:
    path = full_disk / "a.nec"
    write_snapshot(path, {"old": 1}, header={})
    assert "is full" in save_fails(path)
    assert is_untouched(path)


def test_a_limit_on_file_sizes_is_told(old: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))
    try:
        assert "larger than this system allows" in save_fails(old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert is_untouched(old)


@pytest.mark.parametrize("call", ["write", "pwrite", "fsync"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_the_disks_refusal_at_any_point_is_one_sentence(
    old: Path, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    def refuse(*_: Any) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as full:
        full.setattr(os, call, refuse)
        save_fails(old)
    assert is_untouched(old)


def test_a_disk_that_takes_bytes_in_pieces_gets_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, data[:100]))
    path = tmp_path / "a.nec"
    write_snapshot(path, {"x": np.arange(1000)}, header={})
    assert np.array_equal(read_snapshot(path)[1]["x"], np.arange(1000))


def test_folders_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "is a file, not a folder" in save_fails(tmp_path / "file" / "a.nec")
    assert "is a file, not a folder" in save_fails(tmp_path / "file" / "below" / "a.nec")
    assert "cannot be made" in save_fails(Path("/proc/a.nec"))
    assert "cannot be made" in save_fails(Path("/proc/below/a.nec"))
    assert "a folder has that name" in save_fails(tmp_path)
    assert "name is too long" in save_fails(tmp_path / ("a" * 300))
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    save_fails(tmp_path / "loop" / "a.nec")


def test_a_folder_without_permission_is_told(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as locked:
        locked.setattr(os, "open", refuse)
        assert "is not permitted" in save_fails(old)
    assert is_untouched(old)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.nec"
    write_snapshot(path, {"old": 1}, header={})
    assert is_untouched(path)


def test_a_folder_removed_in_the_middle_is_told(old: Path) -> None:
    writer = SnapshotWriter(old)
    writer.write({"new": 1}, header={})
    for path in old.parent.iterdir():
        path.unlink()
    old.parent.rmdir()
    with pytest.raises(SnapshotError, match="cannot save"):
        writer.commit()


def test_a_save_through_a_link_replaces_what_it_points_to(tmp_path: Path) -> None:
    link = tmp_path / "link.nec"
    target = tmp_path / "disk" / "target.nec"
    link.symlink_to(target)
    write_snapshot(link, {"old": 1}, header={})
    assert link.is_symlink()
    assert is_untouched(target)


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.9])
def test_a_cancelled_save_changes_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch, at: float
) -> None:
    monkeypatch.setattr(whole_file, "FLUSH_BYTES", 1 << 20)
    fractions = [0.0]
    with pytest.raises(SnapshotCancelledError, match="cancelled"):
        write_snapshot(
            old, BIG, header={}, progress=fractions.append, cancelled=lambda: fractions[-1] >= at
        )
    assert is_untouched(old)


def test_progress_grows_to_one(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_file, "FLUSH_BYTES", 1 << 20)
    fractions: list[float] = []
    write_snapshot(old, BIG, header={}, progress=fractions.append)
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert len(fractions) >= 10


def test_the_two_phases_may_run_on_two_threads(old: Path) -> None:
    writer = SnapshotWriter(old)
    array = np.arange(100_000)
    writer.write({"x": array}, header={})
    array[:] = 0  # the owner goes on
    assert read_snapshot(old)[1] == {"old": 1}  # the name still means the old file
    thread = threading.Thread(target=writer.commit)
    thread.start()
    thread.join()
    assert np.array_equal(read_snapshot(old)[1]["x"], np.arange(100_000))


def test_a_writer_that_is_left_uncommitted_leaves_nothing(old: Path) -> None:
    with SnapshotWriter(old) as writer:
        writer.write({"new": 1}, header={})
    writer.discard()
    assert is_untouched(old)

    with pytest.raises(KeyboardInterrupt), SnapshotWriter(old):
        raise KeyboardInterrupt
    assert is_untouched(old)


KILLED = """
import sys
import numpy as np
from pathlib import Path
from nec_engine.storage.snapshot import write_snapshot

def wait(fraction):
    if fraction >= {fraction}:
        print("there", flush=True)
        sys.stdin.read()

tree = {{"keys": np.zeros((8, 1 << 20), np.uint8)}}
write_snapshot(Path(sys.argv[1]), tree, header={{}}, progress=wait)
"""


@pytest.mark.parametrize("fraction", [0.2, 1.0])
def test_a_kill_leaves_the_old_file_and_the_next_save_cleans_up(old: Path, fraction: float) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", KILLED.format(fraction=fraction), str(old)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stdout.readline() == "there\n"
        during = names_in(old.parent)
        assert len(during) == 2
        write_snapshot(old.with_name("b.nec"), {}, header={})
        assert names_in(old.parent) == sorted([*during, "b.nec"])  # its owner lives
        old.with_name("b.nec").unlink()
        child.send_signal(signal.SIGKILL)
    assert read_snapshot(old)[1] == {"old": 1}
    assert len(names_in(old.parent)) == 2
    write_snapshot(old, {"old": 1}, header={})
    assert is_untouched(old)


def test_big_arrays_are_written_and_read_without_a_second_copy(tmp_path: Path) -> None:
    num_bytes = 64 << 20
    tree = {
        "x": np.zeros(num_bytes // 4, np.float32),
        "strided": np.zeros((4096, num_bytes // 2048), np.uint8)[:, ::2],
        "states": [bytes(1000)] * 20_000,
    }
    tracemalloc.start()
    try:
        write_snapshot(tmp_path / "a.nec", tree, header={})
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
        tracemalloc.reset_peak()
        read = read_snapshot(tmp_path / "a.nec", parts=["x", "states"])[1]
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held >= num_bytes
    assert peak - held < 8 << 20
    assert read["states"] == tree["states"]
