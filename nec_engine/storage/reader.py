"""Reading snapshots: nothing is believed before its checksum was right."""

from __future__ import annotations

import errno
import itertools
import os
import stat
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np

from nec_engine.errors import SnapshotError
from nec_engine.storage.disk_errors import explain_read_error
from nec_engine.storage.layout import (
    FORMAT_VERSION,
    HEAD_BYTES,
    DamagedError,
    Extent,
    Layout,
    NewerFormatError,
    decode_head,
    head_length,
)
from nec_engine.storage.tree import (
    BYTES,
    BYTES_LIST,
    CHUNK_BYTES,
    DTYPES,
    OFFSETS,
    Array,
    Tree,
    insert,
)

HEADER_ADDITIONS: Final = frozenset({"format", "parts", "bytes"})


class SnapshotReader:
    """An open snapshot whose head has been checked. Raises :class:`SnapshotError` only.

    To load a large one with little memory: :meth:`verify` the whole file, then :meth:`read` it part
    by part. A file replaced meanwhile does no harm: the one opened is read. One thread at a time.
    """

    def __init__(self, path: Path, go_on: Callable[[], None] = lambda: None) -> None:
        """``go_on`` is called before each megabyte or so; what it raises ends the reading."""
        self.path, self._go_on = path, go_on
        with self._failures_told():
            self._fd = _open_regular(path)
        try:
            with self._failures_told():
                self._layout = self._read_layout()
        except BaseException:
            self.close()
            raise
        self.header: Tree = self._layout.header | {
            "format": FORMAT_VERSION,
            "parts": list(self._layout.values),
            "bytes": self._layout.num_bytes,
        }

    def __enter__(self) -> SnapshotReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; may be called again."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def names_in(self, part: str) -> tuple[str, ...]:
        """What a part of the tree holds, from the head alone; nothing where it is missing."""
        held = self._layout.values.get(part)
        return tuple(held) if isinstance(held, dict) else ()

    def verify(self, progress: Callable[[float], None] | None = None) -> None:
        """Read the whole file and check every checksum, with 1 MB of memory."""
        buffer = np.empty(CHUNK_BYTES, np.uint8)
        with self._failures_told():
            for extent in self._layout.extents.values():
                crc = 0
                for start in range(0, extent.num_bytes, CHUNK_BYTES):
                    view = buffer.data[: extent.num_bytes - start]
                    self._read_into(view, extent.start + start)
                    crc = zlib.crc32(view, crc)
                    if progress is not None:
                        done = extent.start + start + len(view)
                        progress(done / self._layout.num_bytes)
                _check_crc(extent, crc)

    def read(self, parts: Collection[str] | None = None, *, without: Collection[str] = ()) -> Tree:
        """The tree, or only its top-level ``parts``, as it was written; arrays are fresh.

        Below a place named by ``without`` ("agent/replay") no array is read: None stands there.
        ``KeyError``: there is no such part.
        """
        values = self._layout.values
        wanted = list(values) if parts is None else list(parts)
        tree = {part: _copied(values[part]) for part in wanted}
        left_out = tuple(f"{place}/" for place in without)
        with self._failures_told():
            for name, extent in self._layout.extents.items():
                is_wanted = name.split("/", 1)[0] in tree and not name.startswith(left_out)
                if is_wanted and not name.endswith(OFFSETS):
                    insert(tree, name, self._read_leaf(extent))
        return tree

    def _read_layout(self) -> Layout:
        file_bytes = os.fstat(self._fd).st_size
        start = os.pread(self._fd, HEAD_BYTES, 0)
        head = bytearray(head_length(start, file_bytes))
        self._read_into(memoryview(head), 0)
        layout = decode_head(bytes(head), file_bytes)
        _check_places(layout)
        return layout

    def _read_leaf(self, extent: Extent) -> Array | bytes | list[bytes]:
        kind = self._layout.kinds.get(extent.name)
        if kind == BYTES:
            return self._read_items(extent, np.array([0, extent.num_bytes]))[0]
        if kind == BYTES_LIST:
            offsets = self._read_array(self._layout.extents[extent.name + OFFSETS])
            return self._read_items(extent, offsets)
        return self._read_array(extent)

    def _read_array(self, extent: Extent) -> Array:
        array: Array = np.empty(extent.shape, DTYPES[extent.dtype])
        crc = 0
        if array.size:
            flat = array.reshape(-1).view(np.uint8).data
            for start in range(0, len(flat), CHUNK_BYTES):
                view = flat[start : start + CHUNK_BYTES]
                self._read_into(view, extent.start + start)
                crc = zlib.crc32(view, crc)
        _check_crc(extent, crc)
        return array

    def _read_items(self, extent: Extent, offsets: Array) -> list[bytes]:
        """The byte strings between ``offsets``, read about 1 MB at a time, one at the least."""
        if offsets[0] != 0 or offsets[-1] != extent.num_bytes or np.any(np.diff(offsets) < 0):
            raise DamagedError(f"it is damaged: the offsets of {extent.name!r} are wrong")
        items: list[bytes] = []
        crc = 0
        while len(items) < len(offsets) - 1:
            first = len(items)
            begin = int(offsets[first])
            after = int(np.searchsorted(offsets, begin + CHUNK_BYTES, "right")) - 1
            after = max(after, first + 1)
            num_bytes = int(offsets[after]) - begin
            chunk = memoryview(bytearray(num_bytes))
            self._read_into(chunk, extent.start + begin)
            crc = zlib.crc32(chunk, crc)
            bounds = (offsets[first : after + 1] - begin).tolist()
            items += [bytes(chunk[a:b]) for a, b in itertools.pairwise(bounds)]
        _check_crc(extent, crc)
        return items

    def _read_into(self, view: memoryview, offset: int) -> None:
        self._go_on()
        while view:
            num = os.preadv(self._fd, [view], offset)
            if num == 0:
                raise DamagedError("it was cut short while it was read")
            view = view[num:]
            offset += num

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        what = f"cannot load {self.path}"
        try:
            yield
        except NewerFormatError as error:
            raise SnapshotError(what, str(error), "use that version of the program") from error
        except DamagedError as error:
            remedy = "use another snapshot, an autosave for example"
            raise SnapshotError(what, str(error), remedy) from error
        except OSError as error:
            why, remedy = explain_read_error(error, self.path)
            raise SnapshotError(what, why, remedy) from error


def _open_regular(path: Path) -> int:
    """A descriptor for reading; opening a pipe or a device neither waits nor succeeds."""
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    mode = os.fstat(fd).st_mode
    if not stat.S_ISREG(mode):
        os.close(fd)
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        raise OSError("it is no ordinary file")
    return fd


def _check_crc(extent: Extent, crc: int) -> None:
    if crc != extent.crc32:
        raise DamagedError(f"it is damaged: the checksum of {extent.name!r} is wrong")


def _check_places(layout: Layout) -> None:
    """Every tensor has its place in the tree and every list of bytes its offsets."""
    try:
        tree = _copied(layout.values)
        for name, extent in layout.extents.items():
            if name.endswith(OFFSETS):
                if extent.dtype != "I64" or len(extent.shape) != 1 or not extent.num_bytes:
                    raise KeyError(name)
                continue
            if layout.kinds.get(name) == BYTES_LIST:
                layout.extents[name + OFFSETS]
            insert(tree, name, extent)
    except (KeyError, TypeError) as error:
        raise DamagedError(f"it is damaged: {error} has no place in it") from error


def _copied(value: Any) -> Any:
    """JSON values whose dicts may be changed without changing ``value``."""
    if isinstance(value, dict):
        return {key: _copied(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_copied(item) for item in value]
    return value
