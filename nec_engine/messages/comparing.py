"""Two memories compared by playing: what is compared, how far it has come, what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class WithAndWithoutEdits:
    """The open agent as it is, and with all edits of its memory undone that can be undone."""


@dataclass(frozen=True, slots=True)
class TwoSnapshots:
    first: Path
    second: Path


Sides = WithAndWithoutEdits | TwoSnapshots


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Say what it would take; one :class:`ComparisonPlanned`."""

    sides: Sides


@dataclass(frozen=True, slots=True)
class StartComparison:
    """Play ``num_episodes`` with each side, from the same starts and with the same luck."""

    sides: Sides
    num_episodes: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class CancelComparison:
    """The comparison under way ends; nothing is left of it."""


CompareCommand = PlanComparison | StartComparison | CancelComparison


@dataclass(frozen=True, slots=True)
class ComparisonPlanned:
    """``refusal`` says why it cannot be done; empty when it can."""

    sides: Sides
    num_bytes: int  # of main memory, while it lasts
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonProgressed:
    """``names[side]`` is being played, so many steps by now in as many games at once as there is
    room for; ``num_done`` of ``num_all`` episodes of both are over."""

    names: tuple[str, str]
    side: int
    num_done: int
    num_all: int
    num_steps: int = 0


@dataclass(frozen=True, slots=True)
class ComparisonEnded:
    """The scores of each side by episode, and their mean difference (first less second).

    Without ``problem`` and not cancelled there is a difference; ``low`` and ``high`` are its
    bootstrap 95 % interval over the pairs.
    """

    names: tuple[str, str]
    scores: tuple[tuple[float, ...], tuple[float, ...]] = ((), ())
    difference: float = 0.0
    low: float = 0.0
    high: float = 0.0
    problem: str = ""
    is_cancelled: bool = False


CompareEvent = ComparisonPlanned | ComparisonProgressed | ComparisonEnded
