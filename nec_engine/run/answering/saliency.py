"""Where the screens pull on what the agent makes of them, and whether such a map can be trusted."""

from __future__ import annotations

import time
from collections.abc import Generator

import numpy as np

from nec_engine.errors import DataError, NecError
from nec_engine.game.preprocess import SCREEN_SIZE, STACK_SIZE
from nec_engine.insight.methods import METHODS, methods_of, words_of
from nec_engine.insight.protocol import Steps, Target
from nec_engine.insight.randomised import layers_of, randomised, rank_correlation
from nec_engine.insight.saliency import heat_of
from nec_engine.insight.targets import actions_of, target_of
from nec_engine.learning.agents import Policy
from nec_engine.messages import (
    F32,
    AskSaliency,
    AskSanityCheck,
    SaliencyAnswer,
    SaliencyMethod,
    SanityAnswer,
    read_only,
)
from nec_engine.run.answering.answering_thread import Turns
from nec_engine.run.answering.desk import Desk

NOTHING: F32 = read_only(np.zeros((STACK_SIZE, SCREEN_SIZE, SCREEN_SIZE), np.float32))


def saliency(question: AskSaliency, desk: Desk) -> Turns:
    """One map after some turns without an answer, or why there is none."""
    start_s = time.perf_counter()
    decision = question.decision
    value, words, attribution, problem = 0.0, METHODS[question.method].words, NOTHING, ""
    try:
        policy = _policy(desk, question.method)
        target = target_of(policy, decision, question.target)
        words = words_of(question.method, target)
        value = float(target.judge(decision.observation[None])[0])
        steps = METHODS[question.method].attribution(target, decision.observation)
        attribution = yield from _in_turns(steps, desk)
    except NecError as error:
        problem = str(error)
    yield SaliencyAnswer(
        question.panel,
        decision.number,
        decision.moment,
        question.target,
        actions_of(decision, question.target),
        value,
        question.method,
        words,
        read_only(heat_of(attribution)),
        read_only(attribution),
        time.perf_counter() - start_s,
        problem,
    )


def sanity_check(question: AskSanityCheck, desk: Desk) -> Turns:
    """The map as it is, then one for each layer that is made random, from the top down."""
    decision, method = question.decision, question.method
    try:
        policy = _policy(desk, method)
        layers = layers_of(policy)
        if not layers:
            raise DataError(
                "there is nothing to make random",
                "this agent sees by a fixed formula and has no network",
                "try it with agent nec or dqn",
            )
        first = yield from _map_of(policy, question, desk)
    except NecError as error:
        yield SanityAnswer(
            question.panel, decision.number, method, 0, 1, "", heat_of(NOTHING), None, str(error)
        )
        return

    def answer(number: int, attribution: F32) -> SanityAnswer:
        layer = layers[number - 1] if number else ""
        heat = read_only(heat_of(attribution))
        correlation = rank_correlation(first, attribution)
        num = len(layers) + 1
        return SanityAnswer(
            question.panel, decision.number, method, number, num, layer, heat, correlation
        )

    yield answer(0, first)
    for number, changed in enumerate(randomised(policy), start=1):
        attribution = yield from _map_of(changed, question, desk)
        yield answer(number, attribution)


def _policy(desk: Desk, method: SaliencyMethod) -> Policy:
    """The newest, where ``method`` says something about it. Raises :class:`DataError`."""
    published = desk.publication.newest
    if published is None:
        raise DataError("there is no map yet", "the agent is not ready", "wait a moment")
    if method not in methods_of(published.policy):
        raise DataError(
            f"there is no map by {method.value}",
            "this agent sees by a fixed formula, without rectifiers that could be guided",
            "choose another method",
        )
    return published.policy


def _map_of(policy: Policy, question: AskSanityCheck, desk: Desk) -> Generator[None, None, F32]:
    observation = question.decision.observation
    target: Target = target_of(policy, question.decision, question.target)
    attribution = yield from _in_turns(
        METHODS[question.method].attribution(target, observation), desk
    )
    return attribution


def _in_turns(steps: Steps, desk: Desk) -> Generator[None, None, F32]:
    """What ``steps`` ends with; between its parts a picture that is due and other panels come."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            attribution: F32 = ended.value
            return attribution
        desk.give_way()
        yield None
