"""Words of the domain: who plays, who remembers, why an action, which moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final, NamedTuple

# Episode ids below come from training, from here on from the live game.
FIRST_LIVE_EPISODE: Final = 1 << 40


class Origin(IntEnum):
    """Who made an entry of the memory."""

    AGENT = 0
    PERSON = 1
    IMPORTED = 2
    EDITED = 3


class Player(Enum):
    """Who holds the stick of the game that is shown."""

    AGENT = "agent"
    PERSON = "you"
    TRAINER = "training"


class Choice(Enum):
    """Why this action and no other."""

    GREEDY = "highest Q"
    EXPLORED = "explored (epsilon)"
    EMPTY = "memory empty: random"
    PERSON = "you"
    RECORDED = "recorded"  # seen again later: what was thought then is not known


class Moment(NamedTuple):
    """A place in recorded time: before the action of ``step`` in ``episode``."""

    episode: int
    step: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, named so that it cannot be taken for another that has its slot by now."""

    action: int
    slot: int
    moment: Moment  # of its latest write when it was read
    state_hash: int

    def is_same(self, other: Entry | None) -> bool:
        """Whether both name one entry, though it may have been written again in between, or an
        edit may have given it another slot."""
        if other is None or (self.action, self.state_hash) != (other.action, other.state_hash):
            return False
        return self.slot == other.slot or self.moment == other.moment
