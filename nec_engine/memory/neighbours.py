"""What a lookup gives: the neighbours of each query, and what is recorded of each entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.memory.lessons import Lessons, is_taught
from nec_engine.messages import F32, I64, U8, Moment, Origin

# One entry's record. A single array of these, so that one gather reads a consistent row.
RECORD = np.dtype(
    [
        ("state_hash", np.uint64),
        ("episode", np.int64),  # moment of the latest write
        ("first_episode", np.int64),  # moment of the first
        ("clock", np.int64),  # training steps at the latest write
        ("network_version", np.int64),  # of the network that made the present key
        ("step", np.int32),
        ("first_step", np.int32),
        ("num_updates", np.int32),  # writes after the first
        ("num_person_updates", np.int32),  # those of them that came from a person's play
        ("origin", np.uint8),  # Origin: who made the entry; updates do not change it
        ("is_pinned", np.uint8),  # 1: never evicted
        # Of taught entries: the value that the agent's own writes alone would have given.
        ("has_untaught", np.uint16),  # 1: there were such writes
        ("untaught_value", np.float32),
    ],
    align=True,
)
Records = npt.NDArray[np.void]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The nearest entries of ``B`` queries in the memories of ``K`` actions each, nearest first.

    Places without a neighbour, last, hold slot -1, distance infinity, value 0 and mask false.
    Everything was read under one consistent view of each entry.
    """

    actions: I64  # [B, K]
    slots: I64  # [B, K, P]
    distances_sq: Tensor  # float32[B, K, P], exact, on the keys as they were at the lookup
    values: Tensor  # float32[B, K, P]
    mask: Tensor  # bool[B, K, P]
    num_entries: I64  # [B, K]: entries filled in the memory of each action
    kernel_scale: float
    version: int  # of the memory
    clock: int  # training steps at the lookup
    keys: Tensor | None  # float32[B, K, P, D], a copy; with need_keys
    records: Records | None  # RECORD[B, K, P]; with with_evidence
    lessons: Lessons | None = None  # where the memory holds any that have a say

    @property
    def is_full(self) -> bool:
        """Every place holds a neighbour."""
        return int(self.slots.min(initial=0)) >= 0

    @classmethod
    def joined(cls, parts: list[Neighbours]) -> Neighbours:
        """One lookup out of those of consecutive queries."""
        keys = [part.keys for part in parts if part.keys is not None]
        records = [part.records for part in parts if part.records is not None]
        return cls(
            actions=np.concatenate([part.actions for part in parts]),
            slots=np.concatenate([part.slots for part in parts]),
            distances_sq=torch.cat([part.distances_sq for part in parts]),
            values=torch.cat([part.values for part in parts]),
            mask=torch.cat([part.mask for part in parts]),
            num_entries=np.concatenate([part.num_entries for part in parts]),
            kernel_scale=parts[-1].kernel_scale,
            version=parts[-1].version,
            clock=parts[-1].clock,
            keys=torch.cat(keys) if keys else None,
            records=np.concatenate(records) if records else None,
        )

    def evidence(self, query: int, place: int) -> Evidence:
        """The entries found for one query and the action at ``place``, without the padding."""
        if self.records is None:
            raise ValueError("the lookup was made without with_evidence=True")
        num = int((self.slots[query, place] >= 0).sum())
        records = self.records[query, place, :num]
        return Evidence(
            slots=self.slots[query, place, :num],
            distances_sq=self.distances_sq[query, place, :num].cpu().numpy(),
            values=self.values[query, place, :num].cpu().numpy(),
            origins=records["origin"].copy(),
            episodes=records["episode"].copy(),
            steps=records["step"].astype(np.int64),
            ages_steps=self.clock - records["clock"],
            state_hashes=records["state_hash"].copy(),
            pinned=records["is_pinned"] > 0,
            taught=is_taught(records),
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The neighbours of one query in one action's memory, as plain arrays of P' <= P."""

    slots: I64
    distances_sq: F32
    values: F32
    origins: U8
    episodes: I64  # moment of the latest write
    steps: I64
    ages_steps: I64  # training steps since the latest write
    state_hashes: npt.NDArray[np.uint64]
    taught: npt.NDArray[np.bool_]  # a person's play made them or changed them
    pinned: npt.NDArray[np.bool_]  # never evicted


@dataclass(frozen=True, slots=True)
class EntryInfo:
    """All that is kept of one entry."""

    action: int
    slot: int
    key: F32
    value: float
    state_hash: int
    origin: Origin
    moment: Moment  # of the latest write
    first_moment: Moment
    clock: int
    network_version: int
    num_updates: int
    num_person_updates: int
    num_retrievals: int
    last_retrieved: int  # stamp: counts touching lookups and writes
    is_pinned: bool = False  # never evicted

    @classmethod
    def from_record(
        cls, action: int, slot: int, key: F32, value: float, record: Any, touched: tuple[int, int]
    ) -> EntryInfo:
        """The entry of one RECORD; ``touched`` is (last_retrieved, num_retrievals)."""
        return cls(
            action=action,
            slot=slot,
            key=key,
            value=value,
            state_hash=int(record["state_hash"]),
            origin=Origin(int(record["origin"])),
            moment=Moment(int(record["episode"]), int(record["step"])),
            first_moment=Moment(int(record["first_episode"]), int(record["first_step"])),
            clock=int(record["clock"]),
            network_version=int(record["network_version"]),
            num_updates=int(record["num_updates"]),
            num_person_updates=int(record["num_person_updates"]),
            num_retrievals=touched[1],
            last_retrieved=touched[0],
            is_pinned=bool(record["is_pinned"]),
        )
