"""Answers about what the agent sees, as the engine makes them."""

from __future__ import annotations

import dataclasses

import numpy as np

from nec_engine.messages import (
    ActionEvidence,
    AskBlurred,
    AskSaliency,
    AskSanityCheck,
    BlurredAnswer,
    LikenessTo,
    QOf,
    SaliencyAnswer,
    SanityAnswer,
    read_only,
)

LAYERS = ("", "key", "conv_3", "conv_2", "conv_1")


def saliency_of(
    question: AskSaliency,
    *,
    vanishes: bool = False,
    problem: str = "",
    value: float = 1.5,
    took_s: float = 0.03,
) -> SaliencyAnswer:
    decision, target = question.decision, question.target
    heat = np.zeros((84, 84), np.float32) if vanishes or problem else heat_at(decision.number)
    attribution = np.stack([heat * -0.01 * k for k in range(4)])
    actions: tuple[int, ...] = ()
    if isinstance(target, QOf):
        actions = (decision.action if target.action is None else target.action,)
    elif not isinstance(target, LikenessTo):
        actions = (decision.best_action, (decision.best_action + 1) % len(decision.evidence))
    return SaliencyAnswer(
        question.panel, decision.number, decision.moment, target, actions, value,
        question.method, f"{question.method.value} (2013), through the memory read",
        read_only(heat), read_only(attribution), took_s, problem,
    )  # fmt: skip


def blurred_of(question: AskBlurred, *, shift: float = -1.0, moved: int = 10) -> BlurredAnswer:
    """The best action's Q changes by ``shift``, and ``moved`` of its neighbours are others."""
    decision = question.decision
    observation = decision.observation.copy()
    box = question.box
    observation[:, box.top : box.top + box.height, box.left : box.left + box.width] = 128
    after = list(decision.evidence)
    after[decision.best_action] = _changed(after[decision.best_action], shift, moved)
    return BlurredAnswer(
        question.panel, decision.number, decision.action_names, box, 5.0, read_only(observation),
        decision.evidence, tuple(after),
    )  # fmt: skip


def sanity_of(question: AskSanityCheck, number: int, num: int, problem: str = "") -> SanityAnswer:
    heat = heat_at(question.decision.number + number)
    return SanityAnswer(
        question.panel, question.decision.number, question.method, number, num,
        LAYERS[number], heat, 1.0 - number / num, problem,
    )  # fmt: skip


def heat_at(number: int) -> np.ndarray:
    """float32[84, 84]: two bright places that move with the number."""
    y, x = np.mgrid[0:84, 0:84]
    at_x, at_y = 20 + number * 2 % 44, 20 + number * 3 % 44
    heat = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / 60) + 0.5 * np.exp(
        -((x - 72) ** 2 + (y - at_y) ** 2) / 25
    )
    return read_only((heat / heat.max()).astype(np.float32))


def _changed(evidence: ActionEvidence, shift: float, moved: int) -> ActionEvidence:
    slots = evidence.slots.copy()
    slots[: min(moved, len(slots))] += 1000
    return dataclasses.replace(evidence, q=evidence.q + shift, slots=slots)
