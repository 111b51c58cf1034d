"""A recorded episode seen again: its pictures in parts, and what is thought of its steps today."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from nec_engine.messages.arrays import U8, read_only
from nec_engine.messages.decision import Decision
from nec_engine.messages.words import Moment


@dataclass(frozen=True, slots=True)
class AskReplay:
    """So many steps from ``first`` on; some :class:`ReplayPart`, in order."""

    panel: str
    first: Moment
    num_steps: int


@dataclass(frozen=True, slots=True)
class AskHindsight:
    """What the agent of now thinks of these steps; a :class:`HindsightAnswer` for each."""

    panel: str
    first: Moment
    num_steps: int


ReplayQuestion = AskReplay | AskHindsight


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One recorded step. A minute of them is small: the pictures are packed."""

    action: int
    score: float  # before the step
    lives: int
    state_hash: int  # of what the agent saw before the step
    frames: tuple[bytes, ...]  # every frame as it was shown, for :func:`unpack_picture`
    score_after: float  # the step
    is_as_recorded: bool  # all stored states that were passed are as they were


@dataclass(frozen=True, slots=True)
class ReplayPart:
    """Steps ``first``, ``first + 1`` ..., or why there are none."""

    panel: str
    first: Moment
    num_recorded: int  # steps of the episode so far
    start: bytes  # the picture before step 0, packed
    steps: tuple[ReplayStep, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class HindsightAnswer:
    panel: str
    decision: Decision  # its choice is Choice.RECORDED


ReplayAnswer = ReplayPart | HindsightAnswer


def pack_picture(rgb: U8) -> bytes:
    """uint8[H, 160, 3] deflated: 1 to 3 KB instead of 100, 0.1 ms."""
    return zlib.compress(rgb.tobytes(), level=1)


def unpack_picture(packed: bytes) -> U8:
    """The picture that was packed, read-only; 0.15 ms."""
    return read_only(np.frombuffer(zlib.decompress(packed), np.uint8).reshape(-1, 160, 3))
