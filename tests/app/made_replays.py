"""Recorded episodes as the engine tells of them, for the replay panel."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from nec_engine.messages import AskReplay, ReplayPart, ReplayStep, pack_picture

NUM_RECORDED = 400


@functools.cache
def packed_grey(level: int) -> bytes:
    """A packed picture of one level, 0 .. 255."""
    return pack_picture(np.full((210, 160, 3), level, np.uint8))


def make_step(number: int, num_frames: int = 4, **about: Any) -> ReplayStep:
    """A step whose frame k is of grey level 4 number + k; its score rises every tenth step."""
    frames = tuple(packed_grey((4 * number + k) % 256) for k in range(num_frames))
    known = {
        "is_as_recorded": True, "state_hash": 1000 + number,
        "score_after": float((number + 1) // 10), **about,
    }  # fmt: skip
    return ReplayStep(action=number % 6, score=float(number // 10), lives=3, frames=frames, **known)


def answer(question: AskReplay, num_recorded: int = NUM_RECORDED, **about: Any) -> list[ReplayPart]:
    """What the engine answers: the first step alone, then the others."""
    first = question.first
    last = min(first.step + question.num_steps, num_recorded)
    parts = []
    for begin, end in ((first.step, first.step + 1), (first.step + 1, last)):
        steps = tuple(make_step(number, **about) for number in range(begin, min(end, last)))
        place = first._replace(step=begin)
        parts.append(ReplayPart(question.panel, place, num_recorded, packed_grey(7), steps))
    return parts
