"""A decision with its evidence, for the state that is played or one that is looked at."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

import numpy as np

from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.messages import U8, Choice, Decision, Moment
from nec_engine.run.publication import Published


class Seen(NamedTuple):
    """A state as the agent sees it."""

    moment: Moment
    observation: U8  # uint8[4, 84, 84], read-only
    state_hash: int


def decide_with_evidence(
    published: Published,
    seen: Seen,
    action_names: tuple[str, ...],
    number: int,
    rng: np.random.Generator,
    *,
    epsilon: float = 0.0,
    person_action: int | None = None,
) -> Decision:
    """What the agent does in that state and why; ``person_action`` is done instead if given."""
    policy = published.policy
    explained = policy.explain(seen.observation)
    q_values = np.array([item.q for item in explained.evidence], np.float32)
    is_empty = policy.has_memory and not any(item.num_entries for item in explained.evidence)
    action, choice = epsilon_greedy(q_values, epsilon, is_empty, rng)
    best_action = action if choice is Choice.GREEDY else int(q_values.argmax())
    if person_action is not None:
        action, choice = person_action, Choice.PERSON
    return Decision(
        number=number,
        moment=seen.moment,
        action_names=action_names,
        evidence=explained.evidence,
        action=action,
        best_action=best_action,
        choice=choice,
        epsilon=epsilon,
        observation=seen.observation,
        state_hash=seen.state_hash,
        kernel_scale=explained.kernel_scale,
        network_version=policy.version,
        memory_version=explained.memory_version,
        has_memory=policy.has_memory,
    )


def decide_as_recorded(
    published: Published,
    seen: Seen,
    action: int,
    action_names: tuple[str, ...],
    number: int,
    rng: np.random.Generator,
) -> Decision:
    """The recorded action with the Q and neighbours that are found for that state today.

    Nobody kept what was thought then, so the choice is ``Choice.RECORDED`` and epsilon 0.
    """
    now = decide_with_evidence(published, seen, action_names, number, rng)
    return as_played(now, action, Choice.RECORDED, 0.0)


def as_played(now: Decision, action: int, choice: Choice, epsilon: float) -> Decision:
    """``now``, but with what was done in that state before, and why.

    Where what is known now speaks against that reason, the choice is ``RECORDED``.
    """
    best_action = now.best_action
    if now.q_values[action] >= now.q_values[best_action]:
        best_action = action  # one of those that are equally good
    was_best = choice is Choice.GREEDY and action != best_action
    was_empty = choice is Choice.EMPTY and now.choice is not Choice.EMPTY
    if was_best or was_empty:
        choice = Choice.RECORDED
    return dataclasses.replace(
        now, action=action, best_action=best_action, choice=choice, epsilon=epsilon
    )
