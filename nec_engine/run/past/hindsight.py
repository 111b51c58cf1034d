"""What the agent of now thinks of a step that was recorded: the evidence of a replay."""

from __future__ import annotations

import dataclasses

from nec_engine.journal.playback import PlayedStep
from nec_engine.messages import Choice, Decision
from nec_engine.run.live.deciding import Seen, decide_with_evidence
from nec_engine.run.publication import Published
from nec_engine.seeding import generator


def decide_again(
    published: Published, step: PlayedStep, action_names: tuple[str, ...], number: int
) -> Decision:
    """The recorded action with the Q and neighbours that are found for it today.

    It reads only: nothing counts as retrieved. Nobody kept what was thought then, so the choice is
    ``Choice.RECORDED`` and epsilon 0. ``action_names`` are those of the policy's actions.
    """
    seen = Seen(step.moment, step.observation, step.state_hash)
    same_ties = generator(0, "hindsight")
    decision = decide_with_evidence(
        published, seen, action_names, number, same_ties, person_action=step.action
    )
    return dataclasses.replace(decision, choice=Choice.RECORDED)
