"""Snapshots: a nested dict of arrays, bytes and JSON values as one checksummed file.

The file opens with the safetensors library too. It is written in one pass without a second copy
of any array, and put in place only when it is whole and on the disk.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from nec_engine.errors import SnapshotError
from nec_engine.storage.disk_errors import explain_os_error
from nec_engine.storage.layout import encode_head, seal_head
from nec_engine.storage.reader import HEADER_ADDITIONS, SnapshotReader
from nec_engine.storage.tree import Piece, Tree, flatten, json_value
from nec_engine.storage.whole_file import WholeFile

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]

_WRITE_SHARE: Final = 0.5  # of the progress; the rest is flushing to the disk


class SnapshotCancelledError(SnapshotError):
    """The save was given up on request; nothing changed."""


def write_snapshot(
    path: Path,
    tree: Mapping[str, Any],
    *,
    header: Mapping[str, Any],
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> int:
    """Bytes of the file written: ``tree`` and ``header`` are at ``path``, whole and on the disk.

    Raises :class:`SnapshotError` (full disk, unwritable folder, cancelled) and leaves what was at
    ``path`` before; ``ValueError`` for what cannot be stored (:func:`flatten`). Any thread; the
    arrays must not change meanwhile.
    """
    with SnapshotWriter(path, progress=progress, cancelled=cancelled) as writer:
        writer.write(tree, header=header)
        return writer.commit()


def snapshot_bytes(tree: Mapping[str, Any], *, header: Mapping[str, Any]) -> int:
    """How large the file of ``tree`` and ``header`` will be, to the byte; nothing is written."""
    flat = flatten(tree)
    head = encode_head(flat, json_value(dict(header), ("header",)))
    return len(head) + sum(piece.num_bytes for piece in flat.pieces)


def read_snapshot(path: Path, *, parts: Collection[str] | None = None) -> tuple[Tree, Tree]:
    """(header, tree) of the snapshot at ``path``, or :class:`SnapshotError`.

    Arrays are fresh. With ``parts`` only those top-level names are read. Everything that is
    returned was checked; to load part by part with the whole file checked first, and never more
    than one part in memory, use :class:`SnapshotReader`.
    """
    with SnapshotReader(path) as reader:
        return reader.header, reader.read(parts)


def read_header(path: Path) -> Tree:
    """The header alone, checked: as written, and ``format``, ``parts`` (names) and ``bytes``.

    The cost does not depend on the size of the file. Raises :class:`SnapshotError`.
    """
    with SnapshotReader(path) as reader:
        return reader.header


class SnapshotWriter:
    """One save in two phases, which may run on different threads, one after the other.

    :meth:`write` copies everything into the page cache: the owner of the arrays is held no longer.
    :meth:`commit` brings it to the disk and gives it the name. After any failure, and on leaving
    ``with`` uncommitted, the temporary file is gone and ``path`` as it was. ``progress`` (a
    fraction) and ``cancelled`` are called on the thread at work, every megabyte or oftener.
    """

    def __init__(
        self, path: Path, *, progress: Progress | None = None, cancelled: Cancelled | None = None
    ) -> None:
        """Open the temporary file: an unwritable folder is found out before anything waits."""
        self.path = path
        self._progress = progress or (lambda _: None)
        self._cancelled = cancelled or (lambda: False)
        with self._failures_told():
            self._file = WholeFile(path)

    def __enter__(self) -> SnapshotWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def write(self, tree: Mapping[str, Any], *, header: Mapping[str, Any]) -> None:
        """Copy ``tree`` and ``header`` (JSON values) to the file; call once.

        Other threads run on meanwhile, but not while JSON is encoded: keep long lists in arrays.
        """
        with self._failures_told():
            if HEADER_ADDITIONS & header.keys():
                raise ValueError(f"reserved in a header: {sorted(HEADER_ADDITIONS)}")
            header = json_value(dict(header), ("header",))
            flat = flatten(tree)
            head = encode_head(flat, header)
            self._file.write(memoryview(head))
            num_bytes = len(head) + sum(piece.num_bytes for piece in flat.pieces)
            crcs = [self._write_piece(piece, num_bytes) for piece in flat.pieces]
            self._file.patch(seal_head(head, crcs), 0)

    def commit(self) -> int:
        """Bring the file to the disk and in place; returns its size in bytes."""
        with self._failures_told():
            self._check_cancelled()
            self._file.commit(after_part=self._after_flush)
            return self._file.num_bytes

    def discard(self) -> None:
        """Give up what is not committed; may be called again, and after a commit."""
        self._file.discard()

    def _write_piece(self, piece: Piece, num_bytes: int) -> int:
        crc = 0
        for chunk in piece.chunks():
            crc = zlib.crc32(chunk, crc)
            self._file.write(chunk)
            self._check_cancelled()
            self._progress(_WRITE_SHARE * self._file.num_bytes / num_bytes)
        return crc

    def _after_flush(self, fraction: float) -> None:
        self._check_cancelled()
        self._progress(_WRITE_SHARE + (1 - _WRITE_SHARE) * fraction)

    def _check_cancelled(self) -> None:
        if self._cancelled():
            raise SnapshotCancelledError(
                f"{self.path} was not saved", "saving was cancelled", "save again when it suits"
            )

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        """Remove the temporary file after any failure; a disk's refusal becomes a sentence."""
        try:
            yield
        except BaseException as error:
            if hasattr(self, "_file"):
                self._file.discard()
            if isinstance(error, OSError):
                why, remedy = explain_os_error(error, self.path)
                raise SnapshotError(f"cannot save {self.path}", why, remedy) from error
            raise
