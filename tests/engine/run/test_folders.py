"""A folder is proven to take files before any work is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from nec_engine.errors import DataError
from nec_engine.run.folders import DataFolders, writable_file, writable_folder


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


def test_data_folders_are_made_only_when_used(tmp_path: Path) -> None:
    folders = DataFolders(tmp_path / "data")
    folders.check_writable()
    assert list(folders.root.iterdir()) == []


def test_a_data_folder_that_takes_no_files_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "videos").write_text("a file in the way")
    with pytest.raises(DataError, match="videos"):
        DataFolders(tmp_path).check_writable()
