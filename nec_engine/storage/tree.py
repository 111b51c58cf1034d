"""A state tree as a list of named byte pieces and the JSON that is left, and back.

A tree is a nested dict whose leaves are numpy arrays, ``bytes``, lists of ``bytes`` or JSON
values. Its arrays are found under names like ``memory/keys/3``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Tree = dict[str, Any]

CHUNK_BYTES: Final = 1 << 20  # checksummed while it is still in the processor's cache
OFFSETS: Final = "#offsets"  # ends the name of the int64[N + 1] offsets of a list of bytes
BYTES: Final = "bytes"
BYTES_LIST: Final = "bytes list"

DTYPES: Final = {  # the names of the safetensors format
    "BOOL": np.dtype(np.bool_),
    "I8": np.dtype(np.int8),
    "U8": np.dtype(np.uint8),
    "I16": np.dtype("<i2"),
    "U16": np.dtype("<u2"),
    "F16": np.dtype("<f2"),
    "I32": np.dtype("<i4"),
    "U32": np.dtype("<u4"),
    "F32": np.dtype("<f4"),
    "I64": np.dtype("<i8"),
    "U64": np.dtype("<u8"),
    "F64": np.dtype("<f8"),
}
_DTYPE_NAMES: Final = {dtype: name for name, dtype in DTYPES.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """One tensor to be written: an array, or the joined bytes of a list."""

    name: str
    dtype: str  # safetensors
    shape: tuple[int, ...]
    num_bytes: int
    source: Array | list[bytes]

    def chunks(self) -> Iterator[memoryview]:
        """The bytes in order, in views or copies of about 1 MB: never a copy of the whole."""
        if isinstance(self.source, list):
            yield from _joined_chunks(self.source)
        elif self.source.size == 0:
            return
        elif self.source.flags.c_contiguous:
            flat = self.source.reshape(-1).view(np.uint8).data
            for start in range(0, len(flat), CHUNK_BYTES):
                yield flat[start : start + CHUNK_BYTES]
        else:
            rows = max(1, CHUNK_BYTES * len(self.source) // self.num_bytes)
            for start in range(0, len(self.source), rows):
                chunk = np.ascontiguousarray(self.source[start : start + rows])
                yield chunk.reshape(-1).view(np.uint8).data


@dataclass(frozen=True, slots=True)
class FlatTree:
    """A tree taken apart. ``values`` has None where a piece belongs; ``kinds`` names the bytes."""

    pieces: tuple[Piece, ...]  # large elements first: every tensor is aligned to its elements
    values: Tree
    kinds: dict[str, str]


def flatten(tree: Mapping[str, Any]) -> FlatTree:
    """``tree`` taken apart; arrays are borrowed, not copied.

    Raises :class:`ValueError`, naming the place, for what cannot be stored: other objects, keys
    that are no text, arrays of other types, ``/`` or ``#`` in a key above an array.
    """
    pieces: list[Piece] = []
    kinds: dict[str, str] = {}

    def take(value: Any, keys: tuple[str, ...]) -> Any:
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str):
                    raise ValueError(f"{_place(keys)}: key {key!r} is not a text")
            return {key: take(below, (*keys, key)) for key, below in value.items()}
        if isinstance(value, np.ndarray):
            pieces.append(_array_piece(_name(keys), value))
            return None
        if isinstance(value, bytes):
            name = _name(keys)
            kinds[name] = BYTES
            pieces.append(_array_piece(name, np.frombuffer(value, np.uint8)))
            return None
        if isinstance(value, list) and value and all(isinstance(item, bytes) for item in value):
            name = _name(keys)
            kinds[name] = BYTES_LIST
            offsets = _offsets(value)
            total = int(offsets[-1])
            pieces.append(_array_piece(name + OFFSETS, offsets))
            pieces.append(Piece(name, "U8", (total,), total, value))
            return None
        return json_value(value, keys)

    values = take(dict(tree), ())
    pieces.sort(key=lambda piece: -DTYPES[piece.dtype].itemsize)
    return FlatTree(tuple(pieces), values, kinds)


def json_value(value: Any, keys: tuple[str, ...] = ()) -> Any:
    """``value`` as JSON holds it: tuples as lists, numpy's single numbers as Python's.

    Raises :class:`ValueError` naming the place for anything JSON cannot hold.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [json_value(item, (*keys, str(i))) for i, item in enumerate(value)]
    if isinstance(value, dict):
        for key in value:
            if not isinstance(key, str):
                raise ValueError(f"{_place(keys)}: key {key!r} is not a text")
        return {key: json_value(below, (*keys, key)) for key, below in value.items()}
    raise ValueError(f"{_place(keys)}: a {type(value).__name__} cannot be stored here")


def insert(values: Tree, name: str, leaf: Any) -> None:
    """Put ``leaf`` where :func:`flatten` left None. ``KeyError``: there is no such place."""
    *above, last = name.split("/")
    node = values
    for key in above:
        node = node[key]
    if node[last] is not None:
        raise KeyError(name)
    node[last] = leaf


def _array_piece(name: str, array: Array) -> Piece:
    dtype = _DTYPE_NAMES.get(array.dtype)
    if dtype is None:
        raise ValueError(f"{name}: arrays of type {array.dtype} cannot be stored")
    return Piece(name, dtype, array.shape, array.nbytes, array)


def _offsets(items: list[bytes]) -> Array:
    """Where each item begins in all of them joined, and the end: int64[N + 1]."""
    lengths = np.zeros(len(items) + 1, np.int64)
    for start in range(0, len(items), 10_000):  # one sweep would hold up the other threads
        some = items[start : start + 10_000]
        lengths[start + 1 : start + 1 + len(some)] = np.fromiter(map(len, some), np.int64)
    return np.cumsum(lengths)


def _name(keys: tuple[str, ...]) -> str:
    for key in keys:
        if not key or "/" in key or "#" in key:
            raise ValueError(f"{_place(keys)}: {key!r} cannot be part of an array's name")
    name = "/".join(keys)
    name.encode()  # a lone surrogate is a ValueError too
    if name == "__metadata__":
        raise ValueError("'__metadata__' is a reserved name")
    return name


def _place(keys: tuple[str, ...]) -> str:
    return "/".join(keys) or "the tree"


def _joined_chunks(items: list[bytes]) -> Iterator[memoryview]:
    batch: list[bytes] = []
    num_bytes = 0
    for item in items:
        batch.append(item)
        num_bytes += len(item)
        if num_bytes >= CHUNK_BYTES:
            yield memoryview(b"".join(batch))
            batch, num_bytes = [], 0
    yield memoryview(b"".join(batch))
