"""Recorded games as a few long arrays, for the snapshot."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nec_engine.errors import DataError
from nec_engine.game.state import ALE_VERSION
from nec_engine.journal.episode import Episode, PackedEpisode, PackedStart, World, state_from
from nec_engine.messages import I64, U8

_COLUMNS = ("start_states", "start_pictures", "actions", "keys")  # one piece for each episode


def pack_episodes(episodes: Sequence[PackedEpisode]) -> dict[str, Any]:
    """Arrays and JSON values; pieces of many episodes stand one behind the other."""
    worlds = sorted({episode.world for episode in episodes})
    pieces = {
        "start_states": [episode.start.state for episode in episodes],
        "start_pictures": [episode.start.pictures for episode in episodes],
        "actions": [episode.actions for episode in episodes],
        "keys": [episode.keys for episode in episodes],
    }
    key_ends = [np.asarray(episode.key_ends, np.int64) for episode in episodes]
    packed: dict[str, Any] = {
        "ale_version": ALE_VERSION,
        "worlds": [list(world) for world in worlds],
        "open_ids": [episode.episode_id for episode in episodes if episode.is_open],
        "episode_ids": np.array([episode.episode_id for episode in episodes], np.int64),
        "episode_worlds": np.array([worlds.index(e.world) for e in episodes], np.int32),
        "num_keys": np.array([len(ends) for ends in key_ends], np.int64),
        "key_sizes": np.concatenate([_sizes(ends) for ends in key_ends] or [_sizes(_NOTHING)]),
    }
    for name, column in pieces.items():
        packed[name] = _joined(column)
        packed[f"{name}_sizes"] = np.array([len(piece) for piece in column], np.int64)
    return packed


def unpack_episodes(values: Mapping[str, Any]) -> tuple[list[Episode], list[str]]:
    """The closed episodes, and a sentence for what cannot be taken over.

    Raises :class:`DataError` when the arrays do not fit each other.
    """
    ids = np.asarray(values["episode_ids"], np.int64).tolist()
    if values["ale_version"] != ALE_VERSION:
        return [], _left_behind(len(ids), values["ale_version"])
    columns = [_cut(values[name], values[f"{name}_sizes"], name) for name in _COLUMNS]
    if "start_base" in values:
        columns[0] = (_own_start(piece, values["start_base"]) for piece in columns[0])
    key_ends = _cut_key_ends(values["key_sizes"], values["num_keys"])
    worlds = [World(*world) for world in values["worlds"]]
    rows = zip(ids, values["episode_worlds"], *columns, key_ends, strict=True)
    try:
        episodes = [
            Episode(
                number,
                worlds[int(world)],
                PackedStart(state, pictures),
                actions=actions,
                keys=keys,
                key_ends=ends,
            )
            for number, world, state, pictures, actions, keys, ends in rows
        ]
    except (ValueError, IndexError, zlib.error) as error:
        raise _damaged(str(error)) from error
    return episodes, []


_NOTHING: I64 = np.empty(0, np.int64)


def _own_start(piece: bytes, base: bytes) -> bytes:
    """A start state as :class:`PackedStart` has it, from what differs from ``base``."""
    return zlib.compress(state_from(piece, base), level=1)


def _left_behind(num_episodes: int, ale_version: str) -> list[str]:
    if not num_episodes:
        return []
    return [
        f"{num_episodes} recorded episodes are left out; ale-py {ale_version} recorded them and "
        f"ale-py {ALE_VERSION}, which is installed, does not understand its states; "
        "what is remembered stays, its pictures cannot be shown"
    ]


def _sizes(ends: I64) -> npt.NDArray[np.int32]:
    return np.diff(ends, prepend=0).astype(np.int32)


def _joined(pieces: Sequence[bytes]) -> U8:
    """All of them one behind the other, uint8[bytes].

    Piece by piece: one join of a day's games would hold the interpreter for many pictures.
    """
    joined = np.empty(sum(map(len, pieces)), np.uint8)
    room, end = joined.data, 0
    for piece in pieces:
        room[end : end + len(piece)] = piece
        end += len(piece)
    return joined


def _cut(blob: U8, sizes: I64, name: str) -> Iterator[bytes]:
    """The pieces that were put together."""
    content = np.ascontiguousarray(blob, np.uint8).data
    ends = np.cumsum(sizes, dtype=np.int64)
    if (ends[-1] if len(ends) else 0) != len(content):
        raise _damaged(f"{name} has {len(content)} bytes")
    pairs = zip(ends.tolist(), sizes, strict=True)
    return (bytes(content[end - size : end]) for end, size in pairs)


def _cut_key_ends(key_sizes: npt.NDArray[np.int32], num_keys: I64) -> Iterator[array[int]]:
    """For each episode where its key states end."""
    if np.sum(num_keys) != len(key_sizes):
        raise _damaged(f"{len(key_sizes)} key states")
    lasts = np.cumsum(np.asarray(num_keys, np.int64)).tolist()
    for last, count in zip(lasts, num_keys, strict=True):
        sizes = np.asarray(key_sizes[last - count : last], np.int64)
        yield array("Q", np.cumsum(sizes).tolist())


def _damaged(what: str) -> DataError:
    return DataError("the recorded games are damaged", what, "use an older file")
