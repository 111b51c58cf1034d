"""What the agent of now thinks of a step that was recorded: the evidence of a replay."""

from __future__ import annotations

from nec_engine.journal.playback import PlayedStep
from nec_engine.messages import Decision
from nec_engine.run.live.deciding import Seen, decide_as_recorded
from nec_engine.run.publication import Published
from nec_engine.seeding import generator


def decide_again(
    published: Published, step: PlayedStep, action_names: tuple[str, ...], number: int
) -> Decision:
    """The recorded action with what is found for its state today; nothing counts as retrieved.

    ``action_names`` are those of the policy's actions.
    """
    seen = Seen(step.moment, step.observation, step.state_hash)
    same_ties = generator(0, "hindsight")
    return decide_as_recorded(published, seen, step.action, action_names, number, same_ties)
