"""What a map can explain: a Q, the gap between two, the likeness to one memory."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from nec_engine.errors import DataError
from nec_engine.insight.protocol import Target
from nec_engine.learning.agents import Policy
from nec_engine.messages import F32, U8, Decision, Entry, GapOfBest, LikenessTo, QOf, SaliencyTarget


def target_of(policy: Policy, decision: Decision, wish: SaliencyTarget) -> Target:
    """What ``wish`` names, near the screens of ``decision``; leaves no trace in the agent.

    Raises :class:`DataError` where nothing is known of it.
    """
    match wish:
        case LikenessTo(entry):
            return _likeness(policy, entry)
        case _:
            return _of_q(policy, decision.observation, actions_of(decision, wish))


def actions_of(decision: Decision, wish: SaliencyTarget) -> tuple[int, ...]:
    """Whose Q ``wish`` is about: one action, the best two, or none."""
    match wish:
        case QOf(action):
            return (decision.action if action is None else action,)
        case GapOfBest():
            by_q = sorted(range(len(decision.evidence)), key=lambda a: -decision.evidence[a].q)
            return (decision.best_action, *[a for a in by_q if a != decision.best_action][:1])
        case LikenessTo():
            return ()


def _of_q(policy: Policy, observation: U8, actions: tuple[int, ...]) -> Target:
    """The Q of one action, or the first's less the second's."""
    slopes = policy.q_near(observation, actions)
    if slopes is None:
        raise DataError(
            "there is no map yet",
            "nothing is remembered of this action",
            "choose another action, or let the agent play on",
        )
    signs = np.array([1.0, -1.0], np.float32)[: len(actions)]

    def slope(screens: Tensor) -> Tensor:
        return slopes(screens) @ torch.from_numpy(signs).to(screens.device)

    def judge(observations: U8) -> F32:
        judged: F32 = policy.q_values(observations, actions) @ signs
        return judged

    return Target(slope, judge, policy.gradient_path, policy.device)


def _likeness(policy: Policy, entry: Entry) -> Target:
    likeness = policy.likeness_to(entry)
    if likeness is None:
        raise DataError(
            "there is no map of the selected memory",
            "it is not remembered any more",
            "select another one",
        )
    return Target(likeness, _judged(likeness, policy.device), "through the key", policy.device)


def _judged(likeness: Callable[[Tensor], Tensor], device: torch.device) -> Callable[[U8], F32]:
    def judge(observations: U8) -> F32:
        with torch.no_grad():
            parts = [likeness(torch.tensor(one[None], device=device)) for one in observations]
        judged: F32 = torch.cat(parts).cpu().numpy()
        return judged

    return judge
