"""The agent in the live game: what it does, why, and how good it finds the states it comes to."""

from __future__ import annotations

import math

import numpy as np

from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.messages import U8, Choice, Decision
from nec_engine.run.live.deciding import Seen, as_played, decide_as_recorded, decide_with_evidence
from nec_engine.run.live.session_book import Judged
from nec_engine.run.publication import Publication, Published


class Mind:
    """Decides each step of the live game and remembers that decision. The live thread's alone.

    Also where a person plays: what the agent makes of the state is shown beside what was done.
    """

    def __init__(
        self,
        publication: Publication,
        action_names: tuple[str, ...],
        rng: np.random.Generator,
        rng_of_past: np.random.Generator,
    ) -> None:
        """``rng`` is the live game's; nothing that is looked at again draws from it."""
        self._publication = publication
        self._action_names = action_names
        self._rng, self._rng_of_past = rng, rng_of_past
        self.is_exploring = False
        self.is_evidence_wanted = True
        # Of the step now being played:
        self.action = 0
        self.decision: Decision | None = None  # None where its evidence was not wanted
        self.judged = Judged()
        self._seen: Seen | None = None
        self._choice, self._epsilon = Choice.EMPTY, 0.0
        self._max_q: float | None = None  # of the state as it stands; None when not read
        self._num_decisions = 0

    def decide(self, seen: Seen, person_action: int | None = None) -> None:
        """The next step begins in the state ``seen``; ``person_action`` is done if given.

        The evidence is read only when somebody needs it.
        """
        self._seen = seen
        published = self._publication.newest
        self.decision, self._max_q, self.judged = None, None, Judged()
        self._epsilon = published.epsilon if published is not None and self.is_exploring else 0.0
        if published is not None and self.is_evidence_wanted:
            self.decision = self._explain(published, seen, person_action)
        elif person_action is not None:
            self.action, self._choice = person_action, Choice.PERSON
        elif published is None:
            self.action, self._choice = (
                int(self._rng.integers(len(self._action_names))),
                Choice.EMPTY,
            )
        else:
            self._choose(published, seen)

    def judge_again(self) -> Decision | None:
        """The decision of the present step as it would be made now; what was done stays.

        Also of a step that was decided without its evidence. None before the first step, and
        while no agent is published.
        """
        published = self._publication.newest
        if self._seen is None or published is None:
            return None
        now = decide_with_evidence(
            published, self._seen, self._action_names, self._next_number(), self._rng_of_past
        )
        self.decision = as_played(now, self.action, self._choice, self._epsilon)
        return self.decision

    def judge_past(self, seen: Seen, action: int | None) -> Decision | None:
        """What the agent of now makes of a state of the past, in which ``action`` was done.

        None for an action: what it would do. No decision while no agent is published.
        """
        published = self._publication.newest
        if published is None:
            return None
        names, number, rng = self._action_names, self._next_number(), self._rng_of_past
        if action is None:
            return decide_with_evidence(published, seen, names, number, rng)
        return decide_as_recorded(published, seen, action, names, number, rng)

    def note_moved(self) -> None:
        """The game stands in another state than the one that was decided on."""
        self._max_q = None

    def value_of(self, observation: U8) -> float:
        """Best Q of the state as it stands, uint8[4, 84, 84]; 0 while no agent is published."""
        published = self._publication.newest
        if self._max_q is not None:
            return self._max_q
        if published is None:
            return 0.0
        return float(published.policy.q_values(observation[None]).max())

    def _choose(self, published: Published, seen: Seen) -> None:
        """The agent's action without its evidence: nobody looks."""
        policy = published.policy
        (q_values,) = policy.q_values(seen.observation[None])
        self._max_q = float(q_values.max())
        self.action, self._choice = epsilon_greedy(
            q_values, self._epsilon, policy.knows_nothing, self._rng
        )
        self.judged = Judged(self._max_q, float(q_values[self.action]))

    def _explain(self, published: Published, seen: Seen, person_action: int | None) -> Decision:
        decision = decide_with_evidence(
            published,
            seen,
            self._action_names,
            self._next_number(),
            self._rng,
            epsilon=self._epsilon,
            person_action=person_action,
        )
        self.action, self._choice = decision.action, decision.choice
        self._max_q = float(decision.q_values.max())
        familiarity = decision.familiarity
        self.judged = Judged(
            self._max_q,
            decision.evidence[decision.action].q,
            math.nan if familiarity is None else familiarity,
        )
        return decision

    def _next_number(self) -> int:
        self._num_decisions += 1
        return self._num_decisions
