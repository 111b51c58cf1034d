"""Recorded episodes as the engine tells of them, for the replay panel."""

from __future__ import annotations

import numpy as np

from nec_engine.messages import AskReplay, ReplayPart, ReplayStep, pack_picture

NUM_RECORDED = 400


def grey(level: int) -> np.ndarray:
    """uint8[210, 160, 3] of one level."""
    return np.full((210, 160, 3), level % 256, np.uint8)


def make_step(number: int, num_frames: int = 4, **about: object) -> ReplayStep:
    """A step whose frame k is of grey level 4 number + k; its score rises every tenth step."""
    frames = tuple(pack_picture(grey(4 * number + k)) for k in range(num_frames))
    known = {"is_as_recorded": True, "state_hash": 1000 + number, **about}
    return ReplayStep(action=number % 6, score=float(number // 10), lives=3, frames=frames, **known)  # type: ignore[arg-type]


def answer(
    question: AskReplay, num_recorded: int = NUM_RECORDED, **about: object
) -> list[ReplayPart]:
    """What the engine answers: the first step alone, then the others."""
    first = question.first
    last = min(first.step + question.num_steps, num_recorded)
    parts = []
    for begin, end in ((first.step, first.step + 1), (first.step + 1, last)):
        steps = tuple(make_step(number, **about) for number in range(begin, min(end, last)))
        place = first._replace(step=begin)
        parts.append(ReplayPart(question.panel, place, num_recorded, pack_picture(grey(7)), steps))
    return parts
