"""When to ask for a new saliency map, and how old the shown one is. No Qt here."""

from __future__ import annotations

from typing import Final

from nec_engine.messages import AskSaliency, Decision, SaliencyAnswer

SHORTEST_S: Final = 0.35  # between questions: about three a second, 2 % of training
LOST_AFTER_S: Final = 5.0  # an answer that has not come by then never will


class SaliencyRequests:
    """One question at a time, each about the newest decision. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._due: AskSaliency | None = None
        self._asked: AskSaliency | None = None
        self._asked_s = -1e9
        self._seen_s: dict[int, float] = {}  # decision number -> when it was seen

    def note_decision(self, decision: Decision, now_s: float) -> None:
        """A decision came; remembers when, for the age of its map."""
        self._seen_s.setdefault(decision.number, now_s)
        while len(self._seen_s) > 600:
            del self._seen_s[next(iter(self._seen_s))]

    def ask(self, decision: Decision, action: int, now_s: float) -> AskSaliency | None:
        """The question to send now; None when it was sent, or one is due, or it is too early."""
        if self._due is not None and now_s - self._asked_s < LOST_AFTER_S:
            return None
        if self._is_answered(decision, action) or self.wait_s(now_s) > 0:
            return None
        self._due = self._asked = AskSaliency(self._panel, decision, action)
        self._asked_s = now_s
        return self._due

    def wait_s(self, now_s: float) -> float:
        """How long until the next question may be sent; 0 when it may be now."""
        return max(self._asked_s + SHORTEST_S - now_s, 0.0)

    def note_answer(self) -> None:
        """The answer came."""
        self._due = None

    def age_s(self, answer: SaliencyAnswer, now_s: float) -> float | None:
        """How long ago the decision of a map was seen; None when that is forgotten."""
        seen_s = self._seen_s.get(answer.decision_number)
        return None if seen_s is None else now_s - seen_s

    def clear(self) -> None:
        """Nothing is due and nothing was asked, as when another game is opened."""
        self._due = self._asked = None
        self._seen_s.clear()

    def _is_answered(self, decision: Decision, action: int) -> bool:
        return (
            self._due is None
            and self._asked is not None
            and self._asked.decision.number == decision.number
            and self._asked.action == action
        )
