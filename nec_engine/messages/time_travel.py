"""Commands that move the live game through its own past; carried out by the live thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from nec_engine.messages.words import Moment

NUM_QUICK_STATES: Final = 10


@dataclass(frozen=True, slots=True)
class LookAt:
    """Stand still and show a moment of this session; play goes on from there as a branch."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class LookBack:
    """Stand still and show the moment so many steps before the one shown; below 0: after it."""

    steps: int


@dataclass(frozen=True, slots=True)
class SetRewinding:
    """Run backwards until told otherwise; then play on from there if the game was running."""

    rewinding: bool


@dataclass(frozen=True, slots=True)
class ReturnToPresent:
    """Leave the past as it was: the game stands where it was left."""


@dataclass(frozen=True, slots=True)
class BranchHere:
    """Begin a new episode at the moment shown; ``new_luck``: with other sticky actions."""

    new_luck: bool = False


@dataclass(frozen=True, slots=True)
class SaveQuickState:
    """Remember the step being played in a slot, 0 .. NUM_QUICK_STATES - 1."""

    slot: int


@dataclass(frozen=True, slots=True)
class LoadQuickState:
    """Let the game go on from what a slot remembers, as a branch."""

    slot: int


@dataclass(frozen=True, slots=True)
class WatchTimeline:
    """Whether anybody sees the timeline: it is made only then."""

    is_watched: bool


TimeCommand = (
    LookAt
    | LookBack
    | SetRewinding
    | ReturnToPresent
    | BranchHere
    | SaveQuickState
    | LoadQuickState
    | WatchTimeline
)
