"""A folder is proven to take files before any work is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nec_engine.errors import DataError
from nec_engine.run.folders import DataFolders, writable_file, writable_folder

ROOT = Path(__file__).parents[3]


def test_a_missing_folder_is_made_and_nothing_is_left_in_it(tmp_path: Path) -> None:
    folder = writable_folder(tmp_path / "a" / "b")
    assert folder.is_dir()
    assert list(folder.iterdir()) == []


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DataError, match="cannot write into the folder"):
            writable_folder(folder)


def test_a_folder_that_takes_no_files_is_refused() -> None:
    with pytest.raises(DataError, match="/proc"):
        writable_folder(Path("/proc"))


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="it is a folder"):
        writable_file(tmp_path)


def test_what_a_file_is_made_from_is_no_place_for_it(tmp_path: Path) -> None:
    given, other = tmp_path / "given.nec", tmp_path / "other.nec"
    given.write_text("all that was learned")
    other.write_text("may be replaced")
    (tmp_path / "link.nec").symlink_to(given)
    for name in ("given.nec", "link.nec"):
        with pytest.raises(DataError, match="itself, which would be lost"):
            writable_file(tmp_path / name, [given])
    assert writable_file(other, [given]) == other
    assert given.read_text() == "all that was learned"


def test_devices_and_pipes_are_no_place_for_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null"), Path("/dev/full")):
        with pytest.raises(DataError, match=f"cannot write {path}; it is a device or a pipe"):
            writable_file(path)
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_where_our_output_goes_is_no_place_for_a_file(tmp_path: Path, stream: str) -> None:
    log = tmp_path / "log"
    code = (
        "from pathlib import Path; from nec_engine.run.folders import writable_file as check;"
        "check(Path('log'))"
    )
    with log.open("w") as file:
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, stream: file}
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False, **streams,
        )  # fmt: skip
    assert done.returncode == 1
    told = done.stderr.decode() if stream == "stdout" else log.read_text()
    assert "goes to it, and would be lost" in told


def test_data_folders_are_made_only_when_used(tmp_path: Path) -> None:
    folders = DataFolders(tmp_path / "data")
    folders.check_writable()
    assert list(folders.root.iterdir()) == []


def test_a_data_folder_that_takes_no_files_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "videos").write_text("a file in the way")
    with pytest.raises(DataError, match="videos"):
        DataFolders(tmp_path).check_writable()


def test_a_name_that_is_too_long_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the name is too long; choose a shorter name"):
        writable_file(tmp_path / ("a" * 300 + ".csv"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody without rights")
def test_so_is_a_folder_that_may_not_be_looked_into(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    code = (
        "import os, sys; from pathlib import Path\n"
        "from nec_engine.errors import DataError\n"
        "from nec_engine.run.folders import writable_file\n"
        "os.setuid(65534)\n"
        f"path = Path({str(private / 'x.csv')!r})\n"
        "try: writable_file(path)\n"
        "except DataError as error: print(error)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
        if folder.name.startswith("pytest-of"):
            break
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert "not permitted" in done.stdout
