"""The map of the memory: where entries lie in a plane, and where decisions stand among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nec_engine.messages.arrays import F32, I64, U8, U64
from nec_engine.messages.words import Entry

MOST_POINTS: Final = 100_000  # entries on one map; all others are in its density alone
MOST_UMAP_POINTS: Final = 10_000  # half a minute of a core


@dataclass(frozen=True, slots=True)
class Projection:
    """A plane in the space of the keys: ``(key - mean) @ axes.T`` is an entry's place."""

    mean: F32  # float32[D]: the key whose place is (0, 0)
    axes: F32  # float32[2, D], orthonormal
    explained: float  # 0 .. 1: how much of the keys' variance lies in this plane


@dataclass(frozen=True, slots=True)
class Landmarks:
    """A map that knows the places of some entries alone; any other key lies between its nearest."""

    keys: F32  # float32[M, D]
    xy: F32  # float32[M, 2]


@dataclass(frozen=True, slots=True)
class MapDensity:
    """How many entries lie in each cell of a grid over the map."""

    counts: F32  # float32[Y, X]
    low: tuple[float, float]  # x, y of the grid's corner where counts[0, 0] is
    high: tuple[float, float]


@dataclass(frozen=True, slots=True)
class AskMap:
    """The memory as it is now, laid out as much like ``previous`` as it can be."""

    panel: str
    previous: MapAnswer | None = None
    most_points: int = MOST_POINTS


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """Entries of the memory and their places; the same ones again as long as they are held.

    All arrays have one element for each of N entries, in a random order that stays the same.
    """

    panel: str
    xy: F32  # float32[N, 2]
    actions: U8
    slots: I64
    values: F32
    ages_steps: I64  # training steps since the latest write
    origins: U8  # Origin
    episodes: I64  # moment of the latest write
    steps: I64
    state_hashes: U64
    projection: Projection | Landmarks | None  # None without an entry
    density: MapDensity | None  # of all entries; None when all of them are points
    num_entries: tuple[int, ...]  # in the memory of each action; () for an agent without memory
    memory_version: int
    took_s: float


@dataclass(frozen=True, slots=True)
class AskPlaces:
    """Where some entries of one action lie on a map, and their mean weighted by ``shares``."""

    panel: str
    projection: Projection | Landmarks
    number: int  # of the question: comes back with the answer
    action: int
    slots: I64  # [P]
    state_hashes: U64  # [P]: entries that were replaced since are left out
    shares: F32  # [P]
    entry: Entry | None = None  # when it is about this one alone: found wherever it is by now


@dataclass(frozen=True, slots=True)
class PlacesAnswer:
    panel: str
    projection: Projection | Landmarks  # that of the question
    number: int
    xy: F32  # float32[P, 2]; NaN where the entry is no longer held
    shares: F32  # [P], those of the question
    centre: tuple[float, float] | None  # None when no share was left


@dataclass(frozen=True, slots=True)
class AskUmap:
    """The first entries of ``shown`` laid out anew by UMAP, about as ``shown`` lies; a minute."""

    panel: str
    shown: MapAnswer
    most_points: int = MOST_UMAP_POINTS


@dataclass(frozen=True, slots=True)
class UmapEnded:
    """The map that was asked for, or why there is none (``problem``)."""

    panel: str
    map: MapAnswer | None
    problem: str = ""
