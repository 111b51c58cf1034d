"""Which entries go into a play-only snapshot: those that count most, for the bytes there are.

An entry takes its own bytes, those of the key state that its picture is rebuilt from, and, if it
is the first of its episode, those of the episode. Entries whose episode is gone are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from nec_engine.journal.episode import PackedEpisode
from nec_engine.journal.thinning import bare_bytes, key_numbers_for, key_state_bytes, thinned
from nec_engine.memory.thinning import EntryTable
from nec_engine.messages import F64, I64, U8

# What an entry that does not count is worth if it was retrieved last; others less. They only fill
# the room that is left.
LEAST_WORTH: Final = 1e-6
PINNED_WORTH: Final = 1e12  # what a person pinned comes before everything but the reserved ones


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries that can be shown, best first; any first of them make a choice."""

    table: EntryTable
    episodes: Sequence[PackedEpisode]
    num_reserved: int  # the first of them: some of every action, the same whatever ``uses`` says
    rows: I64  # [N] in the table
    episode_at: I64  # [N]: place in ``episodes``
    key_numbers: I64  # [N]: of the key state that the picture is rebuilt from, 0 for the start
    bytes_so_far: I64  # [N]: what the entries up to and with this one take

    def num_within(self, num_bytes: int) -> int:
        """How many entries fit, the reserved ones at least."""
        num = int(np.searchsorted(self.bytes_so_far, num_bytes, "right"))
        return max(num, self.num_reserved)

    def bytes_of_first(self, num: int) -> int:
        """What the first ``num`` entries take, about."""
        return int(self.bytes_so_far[num - 1]) if num else 0

    def slots_of_first(self, num: int) -> list[I64]:
        """The slots of the first ``num`` entries, by action, ascending."""
        rows = np.sort(self.rows[:num])  # the table is by action and slot
        actions, slots = self.table.actions[rows], self.table.slots[rows]
        return [slots[actions == action] for action in range(self.table.num_actions)]

    def origins_of_first(self, num: int) -> U8:
        """Who made the first ``num`` entries."""
        return self.table.origins[self.rows[:num]]

    def episodes_of_first(self, num: int) -> list[PackedEpisode]:
        """The episodes of the first ``num`` entries, each with the key states they need."""
        keys = self.key_numbers[:num]
        return [
            thinned(self.episodes[place], keys[members])
            for place, members in _groups(self.episode_at[:num], len(self.episodes))
            if len(members)
        ]


def select(
    table: EntryTable, uses: F64, episodes: Sequence[PackedEpisode], num_reserved: int
) -> Selection:
    """All entries with an episode, best first; ``num_reserved`` of each action before the rest.

    uses: float64[N], how much each row of the table counts. Among those that do not count, and for
    the reserved ones, those retrieved last are better.
    """
    rows, episode_at = _with_episodes(table, episodes)
    key_numbers = np.zeros(len(rows), np.int64)
    key_bytes = np.zeros(len(rows), np.int64)
    for place, members in _groups(episode_at, len(episodes)):
        if len(members):
            episode = episodes[place]
            numbers = key_numbers_for(episode, table.steps[rows[members]])
            key_numbers[members] = numbers
            key_bytes[members] = key_state_bytes(episode)[numbers]
    costs = (table.bytes_per_entry + key_bytes).astype(np.float64)
    episode_bytes = np.array([bare_bytes(episode) for episode in episodes], np.int64)
    recency = _ranks(table.last_retrieved[rows])
    order = _ranked(recency, costs, episode_at, episode_bytes)
    reserved = order[_place_within(table.actions[rows[order]]) < num_reserved]
    worth = uses[rows] + LEAST_WORTH * recency + PINNED_WORTH * table.is_pinned[rows]
    order = _ranked(worth, costs, episode_at, episode_bytes)
    order = np.concatenate([reserved, order[~np.isin(order, reserved)]])

    episode_at, key_numbers, key_bytes = episode_at[order], key_numbers[order], key_bytes[order]
    most_keys = 1 + int(key_numbers.max(initial=0))
    new_bytes = (
        table.bytes_per_entry
        + np.where(_is_first(episode_at), episode_bytes[episode_at], 0)
        + np.where(_is_first(episode_at * most_keys + key_numbers), key_bytes, 0)
    )
    return Selection(
        table=table,
        episodes=episodes,
        num_reserved=len(reserved),
        rows=rows[order],
        episode_at=episode_at,
        key_numbers=key_numbers,
        bytes_so_far=np.cumsum(new_bytes),
    )


def _ranks(stamps: I64) -> F64:
    """From above 0 for the oldest to 1 for the newest."""
    ranks = np.empty(len(stamps))
    ranks[np.argsort(stamps, kind="stable")] = np.arange(1, len(stamps) + 1) / max(1, len(stamps))
    return ranks


def _with_episodes(table: EntryTable, episodes: Sequence[PackedEpisode]) -> tuple[I64, I64]:
    """Rows of the table whose moment is recorded, and each one's place in ``episodes``."""
    if not episodes:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    ids = np.array([episode.episode_id for episode in episodes], np.int64)
    num_steps = np.array([len(episode.actions) for episode in episodes], np.int64)
    by_id = np.argsort(ids)
    place = np.searchsorted(ids[by_id], table.episodes).clip(max=len(ids) - 1)
    at = by_id[place]
    is_there = (ids[at] == table.episodes) & (table.steps <= num_steps[at])
    rows = np.flatnonzero(is_there)
    return rows, at[rows]


def _ranked(worth: F64, costs: F64, episode_at: I64, episode_bytes: I64) -> I64:
    """The order by worth for a byte, where entries share the cost of their episode.

    An episode's best entries, as many as give the most worth for the bytes of all of them with the
    episode itself, stand together at that rate; its others each at their own.
    """
    rates = worth / costs
    order = np.lexsort((-rates, episode_at))
    at = episode_at[order]
    place = _place_within(at)
    starts = np.flatnonzero(place == 0)
    if not len(starts):
        return order
    group = np.cumsum(place == 0) - 1
    shared = _sums_within(worth[order], starts, group) / (
        _sums_within(costs[order], starts, group) + episode_bytes[at]
    )
    best = np.maximum.reduceat(shared, starts)
    last_of_best = np.maximum.reduceat(np.where(shared == best[group], place, -1), starts)
    rates = np.where(place <= last_of_best[group], best[group], rates[order])
    return order[np.argsort(-rates, kind="stable")]


def _sums_within(numbers: F64, starts: I64, group: I64) -> F64:
    """Running sums that begin anew with each group."""
    sums = np.cumsum(numbers)
    before = sums[starts] - numbers[starts]
    return np.asarray(sums - before[group])


def _place_within(groups: I64) -> I64:
    """For each element, how many of the same group stand before it."""
    order = np.argsort(groups, kind="stable")
    grouped = groups[order]
    is_start = np.ones(len(grouped), np.bool_)
    is_start[1:] = grouped[1:] != grouped[:-1]
    starts = np.flatnonzero(is_start)
    places = np.empty(len(groups), np.int64)
    places[order] = np.arange(len(groups)) - starts[np.cumsum(is_start) - 1]
    return places


def _is_first(groups: I64) -> npt.NDArray[np.bool_]:
    """Whether no element before is of the same group."""
    first = np.zeros(len(groups), np.bool_)
    first[np.unique(groups, return_index=True)[1]] = True
    return first


def _groups(groups: I64, num: int) -> list[tuple[int, I64]]:
    """(group, its members ascending) for the groups 0 .. num - 1."""
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(num + 1))
    return [(group, order[bounds[group] : bounds[group + 1]]) for group in range(num)]
