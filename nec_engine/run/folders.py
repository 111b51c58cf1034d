"""Where generated files go, and the proof that they can go there, before any work is done."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Collection
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


def writable_file(path: Path, inputs: Collection[Path] = ()) -> Path:
    """``path``, absolute: its folder is there (made if missing) and takes files.

    What is there already may be replaced, but for a device or a pipe, one of the ``inputs`` that
    it is made from, and what our own output is led to: a file takes the whole place of the old one.
    Raises :class:`DataError`.
    """
    path = path.absolute()
    try:
        there = path.stat()
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            why, remedy = explain_os_error(error, path)
            raise DataError(f"cannot write {path}", why, remedy) from error
    else:  # what cannot be looked at for another reason is told below
        if stat.S_ISDIR(there.st_mode):
            raise DataError(f"cannot write {path}", "it is a folder", "give the name of a file")
        with contextlib.suppress(OSError):
            _refuse_to_replace(path, there, inputs)
    writable_folder(path.parent)
    return path


def _refuse_to_replace(path: Path, there: os.stat_result, inputs: Collection[Path]) -> None:
    for given in inputs:
        if given.exists() and os.path.samestat(there, given.stat()):
            raise DataError(
                f"cannot write {path}",
                f"it is {given} itself, which would be lost",
                "give another name",
            )
    if not stat.S_ISREG(there.st_mode):
        raise DataError(
            f"cannot write {path}",
            "it is a device or a pipe, and only a file can be replaced as a whole",
            "give the name of a file",
        )
    for descriptor, name in ((1, "standard output"), (2, "standard error")):
        if os.path.samestat(there, os.fstat(descriptor)):
            raise DataError(
                f"cannot write {path}",
                f"{name} goes to it, and would be lost",
                "give another name",
            )
