"""Files that appear under their name whole or not at all.

The bytes go to a temporary file in the same folder, are flushed to the disk and get the name in
one step. The owner keeps the temporary file locked (``flock``), so that the lock, unlike a process
id, tells surely whether the owner still lives: the next write to the folder removes what a killed
program left.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import itertools
import os
from collections.abc import Callable
from pathlib import Path

from nec_engine.errors import DataError
from nec_engine.storage.disk_errors import explain_os_error

PART_SUFFIX = ".nec-part"
FLUSH_BYTES = 32 << 20  # flushed at a time: how long a cancellation may have to wait
_counter = itertools.count()


def write_whole(path: Path, content: bytes | str) -> None:
    """``content`` (a text as UTF-8) is the file ``path``, or :class:`DataError` and no change.

    Missing folders are made. For small files: tables, JSON, pictures. Any thread.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        with WholeFile(path) as file:
            file.write(memoryview(data))
            file.commit()
    except OSError as error:
        why, remedy = explain_os_error(error, path)
        raise DataError(f"cannot write {path}", why, remedy) from error


class WholeFile:
    """A file being written beside ``path``, which :meth:`commit` puts in its place.

    Left without a commit (an exception, :meth:`discard`), it is removed and ``path`` keeps what
    it had. A symbolic link is followed: its target is replaced. One thread at a time. Every
    method may raise :class:`OSError`.
    """

    def __init__(self, path: Path) -> None:
        self._target = Path(os.path.realpath(path))
        self._target.parent.mkdir(parents=True, exist_ok=True)
        if self._target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        remove_stale_parts(self._target.parent)
        self._part, self._fd = _create_part(self._target)
        self.num_bytes = 0

    def __enter__(self) -> WholeFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    @property
    def part(self) -> Path:
        """The temporary file, for a writer that needs a path: it must not remove or rename it."""
        return self._part

    def write(self, data: memoryview) -> None:
        """Append bytes, uint8[N]: they are in the page cache, not yet on the disk."""
        while data:
            num = os.write(self._fd, data)
            self.num_bytes += num
            data = data[num:]

    def patch(self, data: bytes, offset: int) -> None:
        """Replace bytes that were written before."""
        if os.pwrite(self._fd, data, offset) != len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def commit(self, after_part: Callable[[float], None] = lambda _: None) -> None:
        """Flush to the disk and take the name.

        ``after_part`` is called with the flushed fraction, 0 .. 1, every 32 MB; when it raises,
        nothing has changed yet and :meth:`discard` is still to be called.
        """
        for start in range(0, self.num_bytes, FLUSH_BYTES):
            _flush_range(self._fd, start, FLUSH_BYTES)
            after_part(min(1.0, (start + FLUSH_BYTES) / self.num_bytes))
        os.fsync(self._fd)
        self._part.replace(self._target)
        os.close(self._fd)
        self._fd = -1
        _flush_folder(self._target.parent)

    def discard(self) -> None:
        """Remove the temporary file; nothing after a commit or when called again."""
        if self._fd < 0:
            return
        with contextlib.suppress(OSError):  # the folder may be gone
            self._part.unlink()
        os.close(self._fd)
        self._fd = -1


def remove_stale_parts(folder: Path) -> None:
    """Remove temporary files in ``folder`` whose program was killed; living ones stay."""
    for part in folder.glob(".*" + PART_SUFFIX):
        try:
            fd = os.open(part, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:  # another program was faster, or it is not ours to open
            continue
        try:
            with contextlib.suppress(OSError):  # its owner lives, or this disk knows no locks
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()
        finally:
            os.close(fd)


def _create_part(target: Path) -> tuple[Path, int]:
    """A new, empty, locked temporary file beside ``target``, and its descriptor."""
    while True:
        name = f".{target.name[:40]}.{os.getpid()}-{next(_counter)}{PART_SUFFIX}"
        part = target.with_name(name)
        try:
            fd = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        except FileExistsError:  # left by a killed program that had our process id
            continue
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:  # another program is about to remove it as stale
            os.close(fd)
            continue
        except OSError:  # this disk knows no locks: nobody will take it for stale either
            pass
        if os.fstat(fd).st_nlink == 0:  # removed as stale between open and lock
            os.close(fd)
            continue
        return part, fd


def _flush_range(fd: int, offset: int, length: int) -> None:
    """Have a range of the file written to the disk.

    ``os.fsync`` of gigabytes can be neither cancelled nor watched, hence this call of Linux; where
    it is missing the fsync that follows does everything.
    """
    sync_file_range = getattr(ctypes.CDLL(None, use_errno=True), "sync_file_range", None)
    if sync_file_range is None:
        return
    wait_write_wait = 1 | 2 | 4
    sync_file_range.argtypes = (ctypes.c_int, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint)
    if sync_file_range(fd, offset, length, wait_write_wait) != 0:
        code = ctypes.get_errno()
        if code not in (errno.ENOSYS, errno.EINVAL, errno.ESPIPE):
            raise OSError(code, os.strerror(code))


def _flush_folder(folder: Path) -> None:
    """Have the new name on the disk too; a disk that cannot do that has the file all the same."""
    with contextlib.suppress(OSError):
        fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
