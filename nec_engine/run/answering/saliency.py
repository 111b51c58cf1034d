"""Where the screen pulls on a Q."""

from __future__ import annotations

import time
from collections.abc import Iterator

from nec_engine.insight.saliency import gradient_of_q, heat_of
from nec_engine.messages import AskSaliency, SaliencyAnswer, read_only
from nec_engine.run.answering.desk import Desk


def saliency(question: AskSaliency, desk: Desk) -> Iterator[SaliencyAnswer]:
    """One map, or none while no policy is published or nothing was read."""
    published = desk.publication.newest
    if published is None:
        return
    start_s = time.perf_counter()
    decision = question.decision
    action = decision.action if question.action is None else question.action
    found = gradient_of_q(published.policy, decision.observation, action)
    if found is None:
        return
    yield SaliencyAnswer(
        question.panel,
        decision.number,
        decision.moment,
        action,
        read_only(heat_of(found.gradient)),
        read_only(found.gradient),
        found.q,
        published.policy.saliency_method,
        time.perf_counter() - start_s,
    )
