"""A memory in the plainest words: dictionaries that are searched from end to end."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nec_engine.messages import Moment, Origin

NUM_ACTIONS, CAPACITY, KEY_SIZE, P = 2, 130, 3, 5
ALPHA = 0.5


@dataclass
class Entry:
    key: np.ndarray
    value: float
    slot: int
    stamp: int
    moment: Moment
    first_moment: Moment
    origin: Origin
    clock: int
    num_updates: int = 0
    num_person_updates: int = 0
    num_retrievals: int = 0
    is_pinned: bool = False
    untaught: float | None = None  # the value by the agent's writes alone, of a taught entry

    @property
    def is_taught(self) -> bool:
        return self.origin is Origin.PERSON or self.num_person_updates > 0


@dataclass
class Model:
    """What the memory must do, in the plainest words."""

    entries: list[dict[int, Entry]] = field(
        default_factory=lambda: [{} for _ in range(NUM_ACTIONS)]
    )
    stamp: int = 0
    clock: int = 0

    def write(
        self, action: int, state_hash: int, key: np.ndarray, value: float, moment: Moment,
        origin: Origin,
    ) -> Entry:  # fmt: skip
        entries = self.entries[action]
        self.stamp += 1
        known = entries.get(state_hash)
        if known is not None:
            known.key, known.moment, known.stamp, known.clock = key, moment, self.stamp, self.clock
            if origin is Origin.PERSON and not known.is_taught:
                known.untaught = known.value
            elif origin is Origin.AGENT and known.untaught is not None:
                known.untaught += ALPHA * (value - known.untaught)
            elif origin is Origin.AGENT and known.is_taught:
                known.untaught = value
            known.value += ALPHA * (value - known.value)
            known.num_updates += 1
            known.num_person_updates += origin is Origin.PERSON
            return known
        slot = len(entries)
        if slot == CAPACITY:
            victim = min(
                (known for known in entries if not entries[known].is_pinned),
                key=lambda known: (entries[known].stamp, entries[known].slot),
            )
            slot = entries.pop(victim).slot
        entry = Entry(key, value, slot, self.stamp, moment, moment, origin, self.clock)
        entries[state_hash] = entry
        return entry

    def distances_sq(self, action: int, query: np.ndarray) -> list[float]:
        """The P least, in order."""
        distances = [float(((e.key - query) ** 2).sum()) for e in self.entries[action].values()]
        return sorted(distances)[:P]

    def by_slot(self, action: int) -> dict[int, tuple[int, Entry]]:
        return {e.slot: (state_hash, e) for state_hash, e in self.entries[action].items()}
