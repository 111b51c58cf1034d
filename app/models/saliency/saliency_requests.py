"""When to ask for a new saliency map, and how old the shown one is. No Qt here."""

from __future__ import annotations

from typing import Final

from nec_engine.messages import (
    AskSaliency,
    Decision,
    SaliencyAnswer,
    SaliencyMethod,
    SaliencyTarget,
)

SHORTEST_S: Final = 0.35  # between questions: about three a second, 2 % of training
REST: Final = 1.0  # for each second that a map took: slow methods get half of a thread
LOST_AFTER_S: Final = 15.0  # an answer that has not come by then never will


class SaliencyRequests:
    """One question at a time, each about the newest decision. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._due: AskSaliency | None = None
        self._asked: AskSaliency | None = None
        self._asked_s = self._rested_s = -1e9
        self._seen_s: dict[int, float] = {}  # decision number -> when it was seen

    def note_decision(self, decision: Decision, now_s: float) -> None:
        """A decision came; remembers when, for the age of its map."""
        self._seen_s.setdefault(decision.number, now_s)
        while len(self._seen_s) > 600:
            del self._seen_s[next(iter(self._seen_s))]

    def ask(
        self, decision: Decision, target: SaliencyTarget, method: SaliencyMethod, now_s: float
    ) -> AskSaliency | None:
        """The question to send now; None when it was sent, or one is due, or it is too early."""
        if self._due is not None and now_s - self._asked_s < LOST_AFTER_S:
            return None
        question = AskSaliency(self._panel, decision, target, method)
        if self._is_answered(question) or self.wait_s(now_s) > 0:
            return None
        self._due = self._asked = question
        self._asked_s = now_s
        return question

    def wait_s(self, now_s: float) -> float:
        """How long until the next question may be sent; 0 when it may be now."""
        return max(self._asked_s + SHORTEST_S - now_s, self._rested_s - now_s, 0.0)

    def take(self, answer: SaliencyAnswer) -> Decision | None:
        """The decision that the answer is about, if it is the one that is due."""
        due = self._due
        if due is None or (answer.decision_number, answer.target, answer.method) != (
            due.decision.number, due.target, due.method,
        ):  # fmt: skip
            return None
        self._due = None
        self._rested_s = self._asked_s + (1 + REST) * answer.took_s
        return due.decision

    def hurry(self) -> None:
        """Something else is wanted than what is due: ask that at once."""
        self._due = None
        self._asked_s = self._rested_s = -1e9

    def age_s(self, answer: SaliencyAnswer, now_s: float) -> float | None:
        """How long ago the decision of a map was seen; None when that is forgotten."""
        seen_s = self._seen_s.get(answer.decision_number)
        return None if seen_s is None else now_s - seen_s

    def clear(self) -> None:
        """Nothing is due and nothing was asked, as when another game is opened."""
        self._due = self._asked = None
        self._seen_s.clear()

    def _is_answered(self, question: AskSaliency) -> bool:
        asked = self._asked
        return (
            self._due is None
            and asked is not None
            and asked.decision.number == question.decision.number
            and (asked.target, asked.method) == (question.target, question.method)
        )
