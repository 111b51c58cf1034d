"""Where generated files go, and the proof that they can go there, before any work is done."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from nec_engine.errors import DataError
from nec_engine.storage.disk_errors import explain_os_error


@dataclass(frozen=True, slots=True)
class DataFolders:
    """The folders below ``--data``. Each is made when the first file goes into it."""

    root: Path

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def videos(self) -> Path:
        return self.root / "videos"

    @property
    def screenshots(self) -> Path:
        return self.root / "screenshots"

    @property
    def results(self) -> Path:
        return self.root / "results"

    def check_writable(self) -> None:
        """Make the root, and prove that it and the folders already there take files.

        Raises :class:`DataError`.
        """
        writable_folder(self.root)
        for folder in (self.snapshots, self.videos, self.screenshots, self.results):
            if folder.exists():
                writable_folder(folder)


def writable_folder(folder: Path) -> Path:
    """``folder``, absolute, made if it was missing and proven to take files.

    Raises :class:`DataError`.
    """
    folder = folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        why, remedy = explain_os_error(error, folder / "file")
        raise DataError(f"cannot write into the folder {folder}", why, remedy) from error


def writable_file(path: Path) -> Path:
    """``path``, absolute: its folder is there (made if missing) and takes files.

    Raises :class:`DataError`.
    """
    path = path.absolute()
    if path.is_dir():
        raise DataError(f"cannot write {path}", "it is a folder", "give the name of a file")
    writable_folder(path.parent)
    return path
