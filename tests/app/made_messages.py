"""Decisions and answers as the engine makes them, for the panels."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from PyQt6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    ActionEvidence,
    AskPictures,
    Choice,
    Decision,
    Moment,
    Origin,
    PictureAnswer,
)

NAMES = (
    "noop", "fire", "up", "right", "left", "down", "up right", "up left", "down right",
    "down left", "up fire", "right fire", "left fire", "down fire", "up right fire",
    "up left fire", "down right fire", "down left fire",
)  # fmt: skip


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def make_evidence(
    action: int = 0,
    num_neighbours: int = 50,
    centre: float = 3.0,
    seed: int = 0,
    prior: tuple[float, float] = (0.0, 0.0),  # share, value
) -> ActionEvidence:
    rng = np.random.default_rng((seed, action))
    kernel = 1 / (0.1 + np.arange(num_neighbours))
    shares = (kernel / max(kernel.sum(), 1e-9) * (1 - prior[0])).astype(np.float32)
    values = rng.normal(centre + action, 1.0, num_neighbours).astype(np.float32)
    q = float((shares * values).sum() + prior[0] * prior[1]) if num_neighbours else prior[1]
    return ActionEvidence(
        action=action,
        q=q,
        slots=np.arange(num_neighbours),
        distances_sq=np.arange(num_neighbours, dtype=np.float32) * 1e-4,
        shares=shares,
        values=values,
        origins=np.full(num_neighbours, Origin.PERSON, np.uint8),
        episodes=np.arange(num_neighbours) + 100 * action,
        steps=np.full(num_neighbours, 1000 * (seed + 1)),
        ages_steps=np.arange(num_neighbours) * 10,
        state_hashes=np.arange(num_neighbours, dtype=np.uint64) + np.uint64(1000 * action + 7),
        prior_share=prior[0] if num_neighbours else 0.0,
        prior_value=prior[1],
        num_entries=10 * num_neighbours,
    )


def make_decision(
    num_actions: int = 6,
    number: int = 0,
    choice: Choice = Choice.GREEDY,
    action: int | None = None,
    evidence: tuple[ActionEvidence, ...] | None = None,
    **about_evidence: Any,
) -> Decision:
    if evidence is None:
        about_evidence.setdefault("seed", number)
        evidence = tuple(make_evidence(a, **about_evidence) for a in range(num_actions))
    best = int(np.argmax([part.q for part in evidence]))
    observation = np.full((4, 84, 84), 60, np.uint8)
    observation[:, number % 80, :] = 200
    return Decision(
        number=number,
        moment=Moment(FIRST_LIVE_EPISODE, number),
        action_names=NAMES[: len(evidence)],
        evidence=evidence,
        action=best if action is None else action,
        best_action=best,
        choice=choice,
        epsilon=0.05,
        observation=observation,
        state_hash=1,
        kernel_scale=1e-4,
        network_version=1,
        memory_version=1,
    )


def decision_without_memory(q_values: tuple[float, ...] = (1.0, 3.5, -2.0)) -> Decision:
    """As a DQN makes it."""
    evidence = tuple(ActionEvidence.of_network(a, q) for a, q in enumerate(q_values))
    return dataclasses.replace(make_decision(evidence=evidence), has_memory=False, kernel_scale=0.0)


def picture_of(moment: Moment, *, rgb: bool = True, is_exact: bool = True) -> PictureAnswer:
    pixels = np.full((210, 160, 3), (moment.episode * 37) % 250, np.uint8) if rgb else None
    screen = np.full((84, 84), 90, np.uint8) if rgb else None
    problem = "" if rgb else "its episode is no longer kept"
    return PictureAnswer("neighbours", moment, pixels, screen, is_exact, problem)


def answer_all(show: Callable[[PictureAnswer], None], question: AskPictures) -> None:
    for moment in question.moments:
        show(picture_of(moment))


def show_panel(view: QWidget, qtbot: QtBot, clock: Clock, size: tuple[int, int]) -> None:
    """Show a panel of this size until the test is over; its next news is due at once."""
    qtbot.addWidget(view)
    view.resize(*size)
    show_settled(view, qtbot, clock)


def show_settled(view: QWidget, qtbot: QtBot, clock: Clock) -> None:
    """Show a panel and let it finish its first painting; its next news is then due at once."""
    with qtbot.waitExposed(view):
        view.show()
    QApplication.processEvents()
    clock.now_s += 1
