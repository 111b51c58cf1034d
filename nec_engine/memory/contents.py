"""What the memory holds, entry by entry: where any thread may look beside the trainer's.

Nothing that is read here counts as retrieved. What is written meanwhile is seen as it was before or
after, each entry in itself whole.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import numpy as np
from torch import Tensor

from nec_engine.memory.columns import columns_in_pieces, distances_in_pieces
from nec_engine.memory.lessons import is_taught
from nec_engine.memory.neighbours import EntryInfo
from nec_engine.memory.rows import Gathered, Rows
from nec_engine.memory.writing import Writer
from nec_engine.messages import F32, I32, I64, Entry, EntryColumns


class Contents:
    """The entries as they are now, one, some or all of them. Any thread."""

    def __init__(self, rows: Rows, writer: Writer) -> None:
        self._rows, self._writer = rows, writer

    def entry(self, action: int, slot: int) -> EntryInfo:
        """All that is kept of one entry; ``ValueError`` where there is none."""
        if not 0 <= slot < self._rows.sizes[action]:
            raise ValueError(f"action {action} has no entry in slot {slot}")
        found = self.at(np.array([action]), np.array([slot]))
        assert found.records is not None
        slots = self._writer.slots[action]
        return EntryInfo.from_record(
            action,
            slot,
            found.keys[0].cpu().numpy(),
            float(found.values[0]),
            found.records[0],
            (int(slots.stamps[slot]), int(slots.num_retrievals[slot])),
        )

    def slot_of(self, entry: Entry) -> int | None:
        """Where this entry is by now; None when it is gone."""
        return self._writer.slot_of(entry)

    def find(self, entry: Entry) -> EntryInfo | None:
        """What is kept of this entry now, wherever it is by now; None when it is gone."""
        slot = self.slot_of(entry)
        if slot is None:
            return None
        try:
            info = self.entry(entry.action, slot)
        except ValueError:  # it went just now
            return None
        return info if info.state_hash == entry.state_hash else None

    def at(self, actions: I64, slots: I64, *, with_records: bool = True) -> Gathered:
        """Copies of what is in these slots int64[N], all of them filled.

        The lock is held for some 480 of them at a time.
        """
        rows = actions * self._rows.capacity + slots
        return self._rows.gather(rows, with_records=with_records, locked=True)

    def columns(
        self, give_way: Callable[[], None] = lambda: None
    ) -> Generator[None, None, EntryColumns]:
        """All entries, read in short pieces; each None is the end of one."""
        writer = self._writer
        return columns_in_pieces(self._rows, writer.slots, writer.clock, writer.stamp, give_way)

    def distances_sq(
        self,
        columns: EntryColumns,
        wanted: I32,
        key: Tensor,
        give_way: Callable[[], None] = lambda: None,
    ) -> Generator[None, None, F32]:
        """||h - h_i||^2, float32[M], from key float32[D] to rows int32[M] of ``columns``, rising.

        Measured on the keys as they are now, in short pieces as :meth:`columns`.
        """
        return distances_in_pieces(self._rows, columns.starts, wanted, key, give_way)

    def num_by_episode(self) -> dict[int, int]:
        """Entries by the episode of their latest write, a copy."""
        return self._writer.episodes.as_dict()

    def taught_steps(self) -> dict[int, set[int]]:
        """By episode, the steps taught entries were made or last visited in; a moment's view."""
        found: dict[int, set[int]] = {}
        for action in range(self._rows.num_actions):
            records = self._rows.filled_records(action)
            taught = records[is_taught(records)]
            for episodes, steps in (("episode", "step"), ("first_episode", "first_step")):
                pairs = zip(taught[episodes].tolist(), taught[steps].tolist(), strict=True)
                for episode, step in pairs:
                    found.setdefault(episode, set()).add(step)
        return found
