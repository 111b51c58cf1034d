"""How many of the agent's decisions lean on what a person taught."""

from __future__ import annotations

from typing import Final

from nec_engine.messages import Choice, Decision

LEANS_FROM: Final = 0.5  # the share of taught entries in the chosen action's Q


class Leaning:
    """Counts the agent's decisions of one live episode, of those whose evidence was read."""

    def __init__(self) -> None:
        self.num_judged = self.num_leaning = 0

    def begin_episode(self) -> None:
        """Count from 0."""
        self.num_judged = self.num_leaning = 0

    def add(self, decision: Decision) -> None:
        """A decision is acted on; a person's own does not count."""
        if decision.choice is Choice.PERSON or not decision.has_memory:
            return
        self.num_judged += 1
        self.num_leaning += decision.evidence[decision.action].taught_share >= LEANS_FROM
