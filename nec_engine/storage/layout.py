"""The head of a snapshot file: what is where, and the checksums that guard it.

The file is a safetensors file: eight bytes of header length, a JSON header, the tensors without
gaps. Ours begins with a fixed text and a checksum of the whole head, so that a foreign file and a
damaged one are told apart before anything in it is believed.
"""

from __future__ import annotations

import json
import math
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nec_engine.storage.tree import DTYPES, FlatTree, Tree

FORMAT_VERSION: Final = 1
MAX_HEADER_BYTES: Final = 100_000_000  # what the safetensors library accepts

_PREFIX: Final = b'{"__metadata__":{"nec_header_crc32":"'
_CRC_AT: Final = 8 + len(_PREFIX)
HEAD_BYTES: Final = _CRC_AT + 8  # enough to tell whether it is one of ours and how long it is
_CRCS_KEY: Final = b'"nec_crc32":"'
_NO_CRC: Final = b"00000000"


class DamagedError(Exception):
    """Why a file is no whole snapshot: the middle part of an error line."""


class NewerFormatError(DamagedError):
    """The file is whole, but of a format that a later version of the program writes."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where one tensor lies in the file and what its bytes are."""

    name: str
    dtype: str  # safetensors
    shape: tuple[int, ...]
    start: int  # bytes from the beginning of the file
    num_bytes: int
    crc32: int


@dataclass(frozen=True, slots=True)
class Layout:
    """The checked head of a snapshot."""

    header: Tree  # what the writer said of the snapshot
    values: Tree  # the JSON of the tree, None where a tensor belongs
    kinds: dict[str, str]
    extents: dict[str, Extent]  # in the order of the file
    num_bytes: int  # of the whole file


def encode_head(flat: FlatTree, header: Mapping[str, Any]) -> bytes:
    """The bytes before the tensors, whose checksums are still to come (:func:`seal_head`).

    ``ValueError``: the JSON is larger than the format allows; keep big lists as arrays.
    """
    metadata = {
        "nec_header_crc32": _NO_CRC.decode(),
        "nec_format": str(FORMAT_VERSION),
        "nec_crc32": _NO_CRC.decode() * len(flat.pieces),
        "nec_header": _dumps(header),
        "nec_tree": _dumps(flat.values),
        "nec_kinds": _dumps(flat.kinds),
    }
    document: dict[str, Any] = {"__metadata__": metadata}
    end = 0
    for piece in flat.pieces:
        document[piece.name] = {
            "dtype": piece.dtype,
            "shape": list(piece.shape),
            "data_offsets": [end, end + piece.num_bytes],
        }
        end += piece.num_bytes
    text = _dumps(document).encode("ascii")
    text += b" " * (-len(text) % 8)
    if len(text) > MAX_HEADER_BYTES:
        raise ValueError(f"{len(text)} bytes of JSON, {MAX_HEADER_BYTES} can be stored")
    return struct.pack("<Q", len(text)) + text


def seal_head(head: bytes, crcs: Sequence[int]) -> bytes:
    """``head`` with the checksums of the tensors and its own, and no longer than before."""
    sealed = bytearray(head)
    # The first place of that name is ours: no text of the writer's comes before it.
    start = sealed.index(_CRCS_KEY) + len(_CRCS_KEY)
    sealed[start : start + 8 * len(crcs)] = b"".join(b"%08x" % crc for crc in crcs)
    sealed[_CRC_AT:HEAD_BYTES] = b"%08x" % zlib.crc32(sealed)
    return bytes(sealed)


def head_length(start: bytes, file_bytes: int) -> int:
    """How many bytes the head has, from the first :data:`HEAD_BYTES` of a file.

    Raises :class:`DamagedError` when it is no snapshot or is cut short.
    """
    if file_bytes == 0:
        raise DamagedError("the file is empty")
    if len(start) < HEAD_BYTES and len(start) > 8 and _PREFIX.startswith(start[8:_CRC_AT]):
        raise DamagedError("it is cut short")
    if len(start) < HEAD_BYTES or start[8:_CRC_AT] != _PREFIX:
        raise DamagedError("it is not a snapshot of this program")
    length = 8 + int(struct.unpack("<Q", start[:8])[0])
    if length > file_bytes:
        raise DamagedError("it is damaged or cut short")
    if length > 8 + MAX_HEADER_BYTES or length < HEAD_BYTES:
        raise DamagedError("it is damaged: its header has an impossible length")
    return length


def decode_head(head: bytes, file_bytes: int) -> Layout:
    """The head as objects, everything in it checked against ``file_bytes``.

    Raises :class:`DamagedError`, and :class:`NewerFormatError` for a later format.
    """
    if (
        b"%08x" % zlib.crc32(head[:_CRC_AT] + _NO_CRC + head[HEAD_BYTES:])
        != head[_CRC_AT:HEAD_BYTES]
    ):
        raise DamagedError("it is damaged: the checksum of its header is wrong")
    try:
        document = json.loads(head[8:])
        metadata = document.pop("__metadata__")
        version = int(metadata["nec_format"])
        if version > FORMAT_VERSION:
            raise NewerFormatError(
                f"a later version of the program wrote it (format {version}, "
                f"this one reads up to {FORMAT_VERSION})"
            )
        crcs = re.findall("[0-9a-f]{8}", metadata["nec_crc32"])
        if len(crcs) != len(document):
            raise DamagedError("it is damaged: checksums are missing")
        extents = {}
        end = len(head)
        for (name, entry), crc in zip(document.items(), crcs, strict=True):
            extents[name] = _extent(name, entry, len(head), int(crc, 16))
            if extents[name].start != end:
                raise DamagedError(f"it is damaged: {name!r} is not where it should be")
            end += extents[name].num_bytes
        layout = Layout(
            header=json.loads(metadata["nec_header"]),
            values=json.loads(metadata["nec_tree"]),
            kinds=json.loads(metadata["nec_kinds"]),
            extents=extents,
            num_bytes=end,
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise DamagedError(f"it is damaged: its header makes no sense ({error})") from error
    if file_bytes < end:
        raise DamagedError(f"it is cut short: {file_bytes:,} of {end:,} bytes are there")
    if file_bytes > end:
        raise DamagedError(f"it is damaged: {file_bytes - end:,} bytes too many follow its end")
    return layout


def _extent(name: str, entry: dict[str, Any], head_bytes: int, crc: int) -> Extent:
    shape = tuple(int(size) for size in entry["shape"])
    start, end = entry["data_offsets"]
    itemsize = DTYPES[entry["dtype"]].itemsize
    if min(shape, default=0) < 0 or math.prod(shape) * itemsize != end - start:
        raise DamagedError(f"it is damaged: the size of {name!r} is wrong")
    return Extent(name, entry["dtype"], shape, head_bytes + start, end - start, crc)


def _dumps(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
