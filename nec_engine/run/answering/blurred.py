"""What the agent would make of the screens without a region of them."""

from __future__ import annotations

from nec_engine.insight.blurring import blur_of, blurred_in
from nec_engine.messages import AskBlurred, BlurredAnswer, read_only
from nec_engine.run.answering.answering_thread import Turns
from nec_engine.run.answering.desk import Desk


def blurred(question: AskBlurred, desk: Desk) -> Turns:
    """One answer; none while no policy is published.

    The screens as they are are read again, so that nothing but the blur makes a difference.
    """
    published = desk.publication.newest
    if published is None:
        return
    decision, box = question.decision, question.box
    before = published.policy.explain(decision.observation).evidence
    desk.give_way()
    yield None
    changed = blurred_in(decision.observation, box)
    after = published.policy.explain(changed).evidence
    yield BlurredAnswer(
        question.panel,
        decision.number,
        decision.action_names,
        box,
        blur_of(box),
        read_only(changed),
        before,
        after,
    )
