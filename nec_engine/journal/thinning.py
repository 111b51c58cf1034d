"""Recorded games without what makes them heavy: key states that nobody needs, equal starts.

Every moment can still be rebuilt. Those that are needed cost no more than before; the others are
played from the nearest key state that is left, or from the start.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final

import numpy as np

from nec_engine.journal.episode import PackedEpisode, PackedStart, state_difference
from nec_engine.journal.rebuild import WARM_UP_STEPS
from nec_engine.messages import I64

# What a snapshot spends on an episode beside its bytes: number, world, count of key states and
# the sizes of its four pieces; and on a key state, whether it is left out or not.
_EPISODE_ROW_BYTES: Final = 8 + 4 + 8 + 4 * 8
_KEY_ROW_BYTES: Final = 4


def with_shared_starts(
    episodes: Sequence[PackedEpisode],
) -> tuple[bytes, list[PackedEpisode]]:
    """A state, and the episodes with what differs from it in place of their start states.

    For a snapshot, which names the state ``start_base``: some 60 bytes instead of 4,000 each.
    """
    base = episodes[0].start.unpack_state().data if episodes else b""
    return base, [
        episode._replace(
            start=PackedStart(
                state_difference(episode.start.unpack_state().data, base), episode.start.pictures
            )
        )
        for episode in episodes
    ]


def key_state_bytes(episode: PackedEpisode) -> I64:
    """Bytes of the states that a rebuild can begin from, int64[1 + K]; 0 for the start, at 0."""
    ends = np.array([0, 0, *episode.key_ends], np.int64)
    return ends[1:] - ends[:-1]


def bare_bytes(episode: PackedEpisode) -> int:
    """What the episode takes in a snapshot without any key state."""
    start = len(episode.start.state) + len(episode.start.pictures)
    table = _EPISODE_ROW_BYTES + _KEY_ROW_BYTES * len(episode.key_ends)
    return start + len(episode.actions) + table


def stored_bytes(episode: PackedEpisode) -> int:
    """What a journal says the episode takes."""
    start = len(episode.start.state) + len(episode.start.pictures)
    keys = len(episode.keys) + len(episode.key_ends) * episode.key_ends.itemsize
    return start + len(episode.actions) + keys


def key_numbers_for(episode: PackedEpisode, steps: I64) -> I64:
    """For the moments before ``steps``: at which number of :func:`key_state_bytes` each begins."""
    sizes = key_state_bytes(episode)
    latest = np.maximum.accumulate(np.where(sizes > 0, np.arange(len(sizes)), 0))
    wanted = (steps - WARM_UP_STEPS) // episode.world.journal_key_steps
    return latest[np.clip(wanted, 0, len(sizes) - 1)]


def thinned(episode: PackedEpisode, key_numbers: I64) -> PackedEpisode:
    """The closed episode with only these of its key states, numbered as above."""
    sizes = key_state_bytes(episode)
    is_kept = np.zeros(len(sizes), np.bool_)
    is_kept[key_numbers] = True
    ends = np.cumsum(sizes)
    kept = [episode.keys[ends[n] - sizes[n] : ends[n]] for n in np.flatnonzero(is_kept)]
    new_ends = array("Q", np.cumsum(np.where(is_kept, sizes, 0))[1:].tolist())
    return episode._replace(keys=b"".join(kept), key_ends=new_ends, is_open=False)
