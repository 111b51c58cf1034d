"""Every change of the memory: entries written, gradients applied, retrievals noted.

All of it belongs to the trainer's thread.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.episodes import EpisodeCounts
from nec_engine.memory.fading import left_after
from nec_engine.memory.index.upkeep import IndexUpkeep
from nec_engine.memory.lessons import is_by_person, is_taught
from nec_engine.memory.neighbours import RECORD, Neighbours, Records
from nec_engine.memory.rows import MovedKeys, Rows
from nec_engine.memory.slots import Slots
from nec_engine.messages import F32, I64, Entry, EntrySet, Origin

EPISODE_STRIDE = np.uint64(0x9E3779B97F4A7C15)  # odd and large: no two moments meet


class Writer:
    """Which entry is in which slot, and what is counted of entries as they come and go."""

    def __init__(self, rows: Rows, index: IndexUpkeep, settings: Settings) -> None:
        # Of all rows; each action's slots keep up their own part.
        self._stamps: I64 = np.empty(rows.num_actions * rows.capacity, np.int64)
        self._num_retrievals: I64 = np.empty(rows.num_actions * rows.capacity, np.int64)
        per_action = (rows.num_actions, rows.capacity)
        self.slots = [
            Slots(stamps, num_retrievals, is_pinned)
            for stamps, num_retrievals, is_pinned in zip(
                self._stamps.reshape(per_action),
                self._num_retrievals.reshape(per_action),
                rows.records["is_pinned"].reshape(per_action),
                strict=True,
            )
        ]
        self.episodes = EpisodeCounts()
        self.num_by_origin: I64 = np.zeros(len(Origin), np.int64)
        self.num_taught = 0  # filled entries that a person's play made or changed
        self.stamp = 0  # counts writes and touching lookups
        self.clock = 0  # training steps, and the network's version: what writes are marked with
        self.network_version = 0
        self._rows, self._index = rows, index
        self._settings = settings

    def touch(self, found: Neighbours) -> None:
        """All these were retrieved now, in one lookup; counted once for each query."""
        self.stamp += 1
        rows = self._rows_of(found)
        self._stamps[rows] = self.stamp
        np.add.at(self._num_retrievals, rows, 1)

    def identities(self, records: Records) -> npt.NDArray[np.uint64]:
        """What entries are filed under, uint64[N]: their state, or each visit by itself."""
        if self._settings.value_update != "append":
            return records["state_hash"]
        episodes = records["episode"].astype(np.uint64) * EPISODE_STRIDE
        return episodes + records["step"].astype(np.uint64)

    def identities_of(self, entries: EntrySet) -> npt.NDArray[np.uint64]:
        """What entries so named are filed under, uint64[N], whether they are there or not."""
        records = np.zeros(len(entries), RECORD)
        records["state_hash"] = entries.state_hashes
        records["episode"], records["step"] = entries.episodes, entries.steps
        return self.identities(records)

    def slot_of(self, entry: Entry) -> int | None:
        """Where this entry is by now; None when it is gone. Any thread."""
        if not 0 <= entry.action < self._rows.num_actions:  # of a game with more of them
            return None
        (identity,) = self.identities_of(EntrySet.of([entry]))
        return self.slots[entry.action].find(int(identity))

    def revalue(self, actions: npt.NDArray[np.integer], records: Records, values: Tensor) -> None:
        """Give entries that are there these values float32[M].

        Those that are gone stay gone, and those whose value a person has set keep it.
        """
        identities = zip(actions.tolist(), self.identities(records).tolist(), strict=True)
        found = [self.slots[action].find(identity) for action, identity in identities]
        where = np.array([i for i, slot in enumerate(found) if slot is not None], np.int64)
        slots = np.array([slot for slot in found if slot is not None], np.int64)
        rows = actions[where] * self._rows.capacity + slots
        is_free = self._rows.records["origin"][rows] != Origin.EDITED
        at = torch.from_numpy(where[is_free]).to(values.device)
        self._rows.set_values(rows[is_free], values[at])

    def count(self, records: Records, by: int) -> None:
        """Entries with these records came (``by`` 1) or went (-1)."""
        episodes = records["episode"].tolist()
        if by > 0:
            self.episodes.add(episodes)
        else:
            self.episodes.remove(episodes)
        np.add.at(self.num_by_origin, records["origin"], by)
        self.num_taught += by * int(is_taught(records).sum())

    def write(
        self, actions: npt.NDArray[np.integer], keys: Tensor, targets: Tensor, records: Records
    ) -> I64:
        """The slots int64[M] of M entries written one after the other; fills in their records."""
        num = len(actions)
        rows = np.empty(num, np.int64)
        is_update = np.zeros(num, np.bool_)
        is_evicting = np.zeros(num, np.bool_)
        start = 0
        pending: set[int] = set()
        places = zip(actions.tolist(), self.identities(records).tolist(), strict=True)
        for i, (action, identity) in enumerate(places):
            self.stamp += 1
            placed = self.slots[action].place(identity, self.stamp)
            row = action * self._rows.capacity + placed.slot
            if row in pending:  # twice in this batch: what is pending must be there first
                part = slice(start, i)
                self._put(rows[part], keys[part], targets[part], records[part],
                          is_update[part], is_evicting[part])  # fmt: skip
                start, pending = i, set()
            pending.add(row)
            rows[i], is_update[i], is_evicting[i] = row, not placed.is_new, placed.is_evicting
        part = slice(start, num)
        self._put(rows[part], keys[part], targets[part], records[part],
                  is_update[part], is_evicting[part])  # fmt: skip
        return rows % self._rows.capacity

    def _put(
        self,
        rows: I64,
        keys: Tensor,
        targets: Tensor,
        records: Records,
        is_update: npt.NDArray[np.bool_],
        is_evicting: npt.NDArray[np.bool_],
    ) -> None:
        """Write entries whose rows are known and all different, with all that is counted."""
        old = self._rows.records[rows]
        self.episodes.add(records["episode"].tolist())
        self.episodes.remove(old["episode"][is_update | is_evicting].tolist())
        np.add.at(self.num_by_origin, records["origin"][~is_update], 1)
        np.subtract.at(self.num_by_origin, old["origin"][is_evicting], 1)

        old_values = self._rows.values[torch.from_numpy(rows).to(self._rows.device)]
        was_person = is_by_person(records[is_update])
        kept = old[is_update]
        if self._settings.value_decay < 1:  # the write makes the entry as young as the new value
            left = left_after(records["clock"] - old["clock"], self._settings)
            low = self._settings.prior_value
            old_values = low + (old_values - low) * torch.from_numpy(left).to(old_values.device)
            untaught = low + (kept["untaught_value"] - low) * left[is_update]
            kept["untaught_value"] = np.where(kept["has_untaught"] > 0, untaught, 0.0)
        if self.num_taught or was_person.any():
            records["has_untaught"][is_update], records["untaught_value"][is_update] = (
                self._untaught(kept, was_person, old_values.cpu().numpy()[is_update],
                               targets.cpu().numpy()[is_update])
            )  # fmt: skip
        for name in ("first_episode", "first_step", "origin", "is_pinned"):
            records[name][is_update] = kept[name]
        records["num_updates"][is_update] = kept["num_updates"] + 1
        records["num_person_updates"][is_update] = kept["num_person_updates"] + was_person
        self.num_taught += int(is_taught(records).sum())
        self.num_taught -= int(is_taught(old[is_update | is_evicting]).sum())

        updates = torch.from_numpy(is_update).to(self._rows.device)
        moved = self._updated(old_values, targets)
        norms_sq = self._rows.write(rows, keys, torch.where(updates, moved, targets), records)
        actions = rows // self._rows.capacity
        for action in np.unique(actions).tolist():
            mine = actions == action
            # By number: a device would be waited for to count a mask.
            where = torch.from_numpy(np.flatnonzero(mine)).to(self._rows.device)
            self._index.actions[action].note_written(
                rows[mine] % self._rows.capacity, keys[where], norms_sq[where]
            )

    def _updated(self, values: Tensor, targets: Tensor) -> Tensor:
        """float32[N]: what a write of a target makes of the value that is there."""
        if self._settings.value_update == "maximum":
            return torch.maximum(values, targets)
        return values + self._settings.alpha * (targets - values)

    def _untaught(
        self, old: Records, by_person: npt.NDArray[np.bool_], values: F32, targets: F32
    ) -> tuple[npt.NDArray[np.bool_], F32]:
        """Whether entries that are written to have a value without their lessons, and which.

        A lesson leaves it as it is, the first one begins it with the value that is there; the
        agent's own writes move it, the first one begins it where a lesson made the entry.
        """
        has, kept = old["has_untaught"] > 0, old["untaught_value"]
        was_taught = is_taught(old)
        moved = self._updated(torch.from_numpy(kept.copy()), torch.from_numpy(targets)).numpy()
        by_agent = np.where(has, moved, np.where(was_taught, targets, 0.0))
        by_lesson = np.where(was_taught, kept, values)
        is_begun = np.where(by_person, ~was_taught, was_taught)
        return has | is_begun, np.where(by_person, by_lesson, by_agent).astype(np.float32)

    def apply_gradients(
        self,
        found: Neighbours,
        value_steps: Tensor | None,
        key_steps: Tensor | None,
    ) -> None:
        """Add float32[B, K, P] to the values and [B, K, P, D] to the keys that a lookup found."""
        rows, places = np.unique(self._rows_of(found), return_inverse=True)
        if not len(rows):
            return
        moved = self._rows.add(
            rows,
            places,
            None if value_steps is None else _at_neighbours(value_steps, found),
            None if key_steps is None else _at_neighbours(key_steps, found),
        )
        if moved is not None:
            self._note_moved(moved, _limits(found, places, len(rows)))

    def _rows_of(self, found: Neighbours) -> I64:
        """Of each neighbour of each query, in order."""
        rows = found.actions[:, :, None] * self._rows.capacity + found.slots
        return rows.reshape(-1) if found.is_full else rows[found.slots >= 0]

    def _note_moved(self, moved: MovedKeys, limits: F32) -> None:
        """Tell the indexes; ``limits`` float32[U]: beyond these a key is lost to its own."""
        shifts = moved.shifts.cpu().numpy()
        capacity = self._rows.capacity
        # Ascending, so that those of one action stand together.
        actions = np.arange(self._rows.num_actions + 1)
        bounds = np.searchsorted(moved.rows, actions * capacity).tolist()
        for action, (start, end) in enumerate(itertools.pairwise(bounds)):
            if end > start:
                mine = slice(start, end)
                self._index.actions[action].note_moved(
                    moved.rows[mine] - action * capacity,
                    moved.keys[mine],
                    moved.norms_sq[mine],
                    shifts[mine],
                    limits[mine],
                )


def _limits(found: Neighbours, places: I64, num: int) -> F32:
    """float32[num]: how far the keys found may move before an index no longer finds them.

    Half the distance to the key's p-th neighbour; the query's own p-th neighbour stands in for it.
    ``places`` int64[N]: which key each neighbour is.
    """
    last = torch.where(found.mask, found.distances_sq, 0.0).amax(-1).sqrt() / 2  # [B, K]
    per_pair = np.broadcast_to(last.cpu().numpy()[..., None], found.slots.shape)
    limits = np.full(num, np.inf, np.float32)
    np.minimum.at(limits, places, per_pair[found.slots >= 0])
    return limits


def _at_neighbours(steps: Tensor, found: Neighbours) -> Tensor:
    """[N] or [N, D] of [B, K, P] or [B, K, P, D]: without the places that hold no neighbour."""
    if found.is_full:
        return steps.reshape(-1, *steps.shape[3:])
    return steps[torch.from_numpy(found.slots >= 0).to(steps.device)]
