"""Changes by hand: entries taken out, put back bit by bit, given another value, pinned.

The rows of an action stay filled without a gap: where entries are taken out, the last ones move
into the holes. All of it belongs to the trainer's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.index.upkeep import IndexUpkeep
from nec_engine.memory.lessons import is_taught
from nec_engine.memory.neighbours import Records
from nec_engine.memory.rows import Rows
from nec_engine.memory.slots import Slots
from nec_engine.memory.writing import Writer
from nec_engine.messages import (
    I64,
    Entries,
    EntrySet,
    ListedEntries,
    OfEpisode,
    OfOrigin,
    SameOrigin,
)

# The entries of some actions: (action, what they are filed under uint64[N])
Named = Sequence[tuple[int, npt.NDArray[np.uint64]]]


@dataclass(frozen=True, slots=True, eq=False)
class Image:
    """N whole entries of one action as they were: what :meth:`Surgery.put_back` takes."""

    action: int
    slots: I64
    keys: Tensor  # float32[N, D]
    norms_sq: Tensor  # float32[N]
    values: Tensor  # float32[N]
    records: Records
    stamps: I64
    num_retrievals: I64

    def __len__(self) -> int:
        return len(self.slots)

    @property
    def num_bytes(self) -> int:
        arrays = (self.slots, self.records, self.stamps, self.num_retrievals)
        return sum(array.nbytes for array in arrays) + sum(
            tensor.numel() * 4 for tensor in (self.keys, self.norms_sq, self.values)
        )

    def part(self, where: npt.NDArray[np.bool_] | I64) -> Image:
        """Some of the entries."""
        at = torch.from_numpy(where).to(self.keys.device)
        return Image(
            self.action,
            self.slots[where],
            self.keys[at],
            self.norms_sq[at],
            self.values[at],
            self.records[where],
            self.stamps[where],
            self.num_retrievals[where],
        )


class Surgery:
    """What can be done to entries by hand, a few hundred of one action at a time."""

    def __init__(self, rows: Rows, index: IndexUpkeep, writer: Writer) -> None:
        self._rows, self._index, self._writer = rows, index, writer

    def named(self, entries: Entries) -> Named:
        """What entries are filed under, action by action; some of them may not be there."""
        match entries:
            case EntrySet():
                return self._named_one_by_one(entries)
            case ListedEntries():
                return self._named_one_by_one(entries.named())
            case OfOrigin(origin):
                return self._where(lambda records: records["origin"] == origin)
            case OfEpisode(episode):
                return self._where(lambda records: records["episode"] == episode)
            case SameOrigin(entry):
                slot = self._writer.slot_of(entry)
                if slot is None:
                    return ()
                made_by = int(self._rows.filled_records(entry.action)["origin"][slot])
                return self._where(lambda records: records["origin"] == made_by)

    def _named_one_by_one(self, entries: EntrySet) -> Named:
        identities = self._writer.identities_of(entries)
        return [
            (action, np.unique(identities[entries.actions == action]))
            for action in np.unique(entries.actions).tolist()
            if 0 <= action < self._rows.num_actions
        ]

    def taught(self) -> Named:
        """All entries that a person's play made or changed."""
        return self._where(is_taught)

    def _where(self, is_wanted: Callable[[Records], npt.NDArray[np.bool_]]) -> Named:
        found = []
        for action, kept in enumerate(self._writer.slots):
            slots = np.flatnonzero(is_wanted(self._rows.filled_records(action)))
            if len(slots):
                found.append((action, kept.identities(slots)))
        return found

    def begin(self, num_by_action: Mapping[int, int]) -> None:
        """So many entries of each action are going to be taken out or put back."""
        for action, num in num_by_action.items():
            self._index.begin_edit(action, num)

    def end(self) -> None:
        """All that was announced is done."""
        self._index.end_edit()

    def find(self, action: int, identities: npt.NDArray[np.uint64]) -> I64:
        """The slots int64[N] of these entries; -1 for one that is not there."""
        return self._writer.slots[action].find_all(identities)

    def identities(self, records: Records) -> npt.NDArray[np.uint64]:
        """What entries with these records are filed under."""
        return self._writer.identities(records)

    def image(self, action: int, slots: I64) -> Image:
        """Copies of the entries in these slots int64[N]."""
        rows = action * self._rows.capacity + slots
        at = torch.from_numpy(rows).to(self._rows.device)
        kept = self._writer.slots[action]
        return Image(
            action,
            slots.copy(),
            self._rows.keys[at],
            self._rows.norms_sq[at],
            self._rows.values[at],
            self._rows.records[rows],
            kept.stamps[slots],
            kept.num_retrievals[slots],
        )

    def remove(self, action: int, slots: I64) -> None:
        """Take out the entries of these slots int64[N], each once."""
        kept = self._writer.slots[action]
        num_left = kept.size - len(slots)
        holes = np.sort(slots[slots < num_left])
        movers = np.setdiff1d(np.arange(num_left, kept.size), slots, assume_unique=True)
        removed = self._rows.records[action * self._rows.capacity + slots]
        moved = self.image(action, movers)
        index = self._index.actions[action]
        with self._rows.moves.moving():
            self._put(moved, holes)
            self._rows.resize(action, num_left)
            index.note_written(holes, moved.keys, moved.norms_sq)
            index.note_removed(np.arange(num_left, kept.size))
            index.note_edited()
        kept.remove(slots, holes, movers)
        self._writer.count(removed, -1)

    def put_back(self, image: Image) -> None:
        """Let the memory hold these entries as they were, in their old slots where that goes.

        One that is there, changed or written anew, is replaced. Where there is no room, the least
        recently retrieved ones go. Their stamps are those of a write until :meth:`put_back_stamps`,
        so that entries put back piece by piece do not push each other out.
        """
        action, kept = image.action, self._writer.slots[image.action]
        identities = self.identities(image.records)
        is_absent = self.find(action, identities) < 0
        absent = np.flatnonzero(is_absent)
        with_room, without = np.split(absent, [kept.capacity - kept.size])
        moves = self._moves(kept, image.slots[with_room])
        occupants = self.image(action, moves.occupants)
        index = self._index.actions[action]
        self._writer.stamp += 1
        with self._rows.moves.moving():
            self._put(occupants, moves.places)
            kept.insert(identities[with_room], moves.slots, moves.occupants, moves.places)
            slots = self.find(action, identities)
            kept.stamps[slots[slots >= 0]] = self._writer.stamp
            for i in without.tolist():
                slots[i] = kept.place(int(identities[i]), self._writer.stamp).slot
            kept.num_retrievals[slots] = image.num_retrievals
            is_replacing = np.ones(len(image), np.bool_)
            is_replacing[with_room] = False
            old = self.image(action, slots[is_replacing])
            has_new_key = is_absent.copy()
            is_same = (old.keys == image.part(is_replacing).keys).all(-1).cpu().numpy()
            has_new_key[is_replacing] |= ~is_same
            self._put(image, slots)
            self._rows.resize(action, kept.size)
            index.note_written(moves.places, occupants.keys, occupants.norms_sq)
            fresh = image.part(has_new_key)
            index.note_written(slots[has_new_key], fresh.keys, fresh.norms_sq)
            index.note_edited()
        self._writer.count(old.records, -1)
        self._writer.count(image.records, 1)
        kept.forget_order()

    def put_back_stamps(self, image: Image) -> None:
        """Let those of the entries that are there count as last retrieved when they were."""
        slots = self.find(image.action, self.identities(image.records))
        is_there = slots >= 0
        kept = self._writer.slots[image.action]
        kept.stamps[slots[is_there]] = image.stamps[is_there]
        kept.num_retrievals[slots[is_there]] = image.num_retrievals[is_there]
        kept.forget_order()

    def num_pinned(self, action: int) -> int:
        """Entries of the action that are never evicted."""
        return int(np.count_nonzero(self._rows.filled_records(action)["is_pinned"]))

    def num_not_pinned(self, action: int, identities: npt.NDArray[np.uint64]) -> int:
        """How many of these entries are there and not pinned."""
        slots = self.find(action, identities)
        is_pinned = self._rows.filled_records(action)["is_pinned"][slots[slots >= 0]]
        return int(np.count_nonzero(is_pinned == 0))

    def _moves(self, kept: Slots, wanted: I64) -> _Moves:
        """Where new entries go that had the slots ``wanted``: what ``remove`` did, reversed."""
        size = kept.size + len(wanted)
        slots, fits = wanted.copy(), wanted < size
        at_end = np.setdiff1d(np.arange(kept.size, size), slots[fits], assume_unique=True)
        occupants = np.sort(slots[slots < kept.size])
        slots[~fits] = at_end[len(occupants) :]
        return _Moves(slots, occupants, at_end[: len(occupants)])

    def _put(self, image: Image, slots: I64) -> None:
        rows = image.action * self._rows.capacity + slots
        self._rows.put(rows, image.keys, image.norms_sq, image.values, image.records)


class _Moves(NamedTuple):
    """The slots of new entries, and where those go that are in them now."""

    slots: I64
    occupants: I64
    places: I64
