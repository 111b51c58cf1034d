"""Questions that take seconds: what would have come of another action, and of another brain."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nec_engine.messages.arrays import F32
from nec_engine.messages.map import AskUmap
from nec_engine.messages.packed import PackedPicture
from nec_engine.messages.words import Moment


@dataclass(frozen=True, slots=True)
class AskWhatIf:
    """Force each action at a moment, then let the agent go on; a :class:`WhatIfAnswer` each."""

    panel: str
    moment: Moment
    state_hash: int  # of the screens seen there: what is rebuilt must have it
    num_forced: int  # steps of the action
    num_free: int  # steps of the agent after them
    number: int = 0  # of the question: every answer carries it


@dataclass(frozen=True, slots=True)
class AskSecondBrain:
    """Play the open agent and the one saved at ``snapshot`` from one start, in step.

    ``moment`` None: from the start of a new game. A :class:`BrainsStep` for each step, then a
    :class:`BrainsEnded`.
    """

    panel: str
    snapshot: Path
    moment: Moment | None
    state_hash: int
    num_steps: int
    number: int = 0  # of the question: every answer carries it


@dataclass(frozen=True, slots=True)
class PutSecondBrainAway:
    """Give back the memory that the second brain takes."""

    panel: str


StudyQuestion = AskWhatIf | AskSecondBrain | PutSecondBrainAway | AskUmap


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture on the way, so many steps after the start."""

    step: int
    picture: PackedPicture


@dataclass(frozen=True, slots=True)
class WhatIfAnswer:
    """What came of one action, or why nothing could be tried (``problem``)."""

    panel: str
    moment: Moment
    action: int
    score: float  # points made
    q: float  # discounted rewards, and the best Q of the state at the end: to be compared with Q
    num_steps: int  # played; fewer than asked for when the game was over
    lives_lost: int
    is_game_over: bool
    familiarity: float | None  # mean of 0 .. 1 over the agent's own steps; None without any
    shots: tuple[Shot, ...]
    problem: str = ""
    number: int = 0  # of the question


@dataclass(frozen=True, slots=True)
class BrainSide:
    """Where one brain's game stands after a step."""

    picture: PackedPicture
    action: int  # that led here
    q_values: F32  # float32[A], by which it was chosen
    score: float
    lives: int
    is_over: bool


@dataclass(frozen=True, slots=True)
class BrainsStep:
    """One step of both games."""

    panel: str
    step: int  # from 1
    sides: tuple[BrainSide, BrainSide]  # the open agent's, the saved one's
    have_parted: bool  # they acted differently now or before: their states are not the same
    number: int = 0  # of the question


@dataclass(frozen=True, slots=True)
class BrainsEnded:
    """No further step comes; ``problem`` says why there was none, when there was none."""

    panel: str
    num_steps: int
    problem: str = ""
    number: int = 0  # of the question


StudyAnswer = WhatIfAnswer | BrainsStep | BrainsEnded
