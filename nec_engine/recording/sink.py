"""The file under a video: whatever goes wrong with it, what was written stays playable."""

from __future__ import annotations

import errno
import os
import stat
import struct
from pathlib import Path
from typing import Final

_BOX_HEADER: Final = struct.Struct(">I4s")
_LARGE_SIZE: Final = struct.Struct(">Q")


class Sink:
    """A file object for the mp4 writer that takes no more bytes after its first failure.

    The writer goes back to the beginning of the file when it ends. After a failure that would
    spoil what is there, so from then on bytes vanish, and :meth:`close` cuts the file behind its
    last whole part. Raises :class:`OSError`; one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not waiting for the other end of a pipe; emptied only when it is known to be a file.
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC, 0o666)
        if not stat.S_ISREG(os.fstat(self._fd).st_mode):
            os.close(self._fd)
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        os.truncate(self._fd, 0)
        self._path = path
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.failure is not None:
            return len(data)
        try:
            if os.fstat(self._fd).st_nlink == 0:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._fd, rest) :]
        except OSError as error:
            self.failure = error
            raise
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        return os.lseek(self._fd, offset, whence)

    def tell(self) -> int:
        return os.lseek(self._fd, 0, os.SEEK_CUR)

    def finish(self) -> bool:
        """Close the file and say whether it holds any playable part; one without is removed."""
        end, num_parts = _whole_boxes(self._fd)
        if self.failure is not None and end < os.fstat(self._fd).st_size:
            os.truncate(self._fd, end)
        is_ours = os.fstat(self._fd).st_nlink > 0
        os.close(self._fd)
        if num_parts == 0 and is_ours:
            self._path.unlink(missing_ok=True)
        return num_parts > 0 and is_ours


def _whole_boxes(fd: int) -> tuple[int, int]:
    """(end of the last whole head or media box, number of media boxes) of an mp4 file."""
    size = os.fstat(fd).st_size
    position = end = num_parts = 0
    while position + _BOX_HEADER.size <= size:
        box_size, kind = _BOX_HEADER.unpack(os.pread(fd, _BOX_HEADER.size, position))
        if box_size == 1 and position + 16 <= size:
            (box_size,) = _LARGE_SIZE.unpack(os.pread(fd, _LARGE_SIZE.size, position + 8))
        if box_size < _BOX_HEADER.size or position + box_size > size:
            break
        position += box_size
        if kind in (b"moov", b"mdat"):
            end = position
            num_parts += kind == b"mdat"
    return end, num_parts
