"""Which entries stand for a memory that is too large to be shown whole: the same ones each time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from nec_engine.messages import I64, U64

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_FOR_ORDER: Final = np.uint64(0xD1B54A32D192ED03)


class Sample(NamedTuple):
    """Some entries, in a random order that is always the same."""

    actions: I64
    slots: I64


def sample_of(sizes: Sequence[int], most: int) -> Sample:
    """At most ``most`` entries of memories of these sizes, about as many of every action.

    Each slot has a random number for life, and the smallest of an action are taken: when a memory
    grows, few are exchanged. Painted in the order given, no action covers another.
    """
    actions, slots = [], []
    for action, (size, num) in enumerate(zip(sizes, even_shares(sizes, most), strict=True)):
        chosen = np.arange(size)
        if num < size:
            chosen = np.argpartition(_lots(action, chosen), num)[:num]
        slots.append(chosen)
        actions.append(np.full(num, action))
    all_actions = np.concatenate(actions) if actions else np.empty(0, np.int64)
    all_slots = np.concatenate(slots) if slots else np.empty(0, np.int64)
    order = np.argsort(_mixed(_lots(all_actions, all_slots) ^ _FOR_ORDER))
    return Sample(all_actions[order], all_slots[order])


def even_shares(sizes: Sequence[int], most: int) -> list[int]:
    """How many of each may come, ``most`` together: as evenly as there are, none is wasted."""
    shares = [0] * len(sizes)
    left = most
    by_size = sorted(range(len(sizes)), key=lambda place: sizes[place])
    for rank, place in enumerate(by_size):
        shares[place] = min(sizes[place], left // (len(sizes) - rank))
        left -= shares[place]
    return shares


def _lots(actions: I64 | int, slots: I64) -> U64:
    """A random number for each entry's place, uint64[N]."""
    first = np.asarray(actions, np.uint64) << np.uint64(40)
    return _mixed((slots.astype(np.uint64) | first) * _GOLDEN)


def _mixed(numbers: U64) -> U64:
    """Every bit depends on every bit (the finish of splitmix64)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _MIX[0]
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _MIX[1]
    mixed: U64 = numbers ^ (numbers >> np.uint64(31))
    return mixed
