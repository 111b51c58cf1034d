"""What is thought today of the steps of a replay: kept for some seconds. No Qt here."""

from __future__ import annotations

from typing import Final

from nec_engine.messages import AskHindsight, Decision, Moment

SPACING_S: Final = 0.1  # while it plays; each costs the trainer some milliseconds
STILL_S: Final = 0.1  # standing for so long: scrubbing is for the pictures alone
FRESH_S: Final = 5.0  # the agent learns on: then it is asked again
LOST_AFTER_S: Final = 2.0
CAPACITY: Final = 240


class HindsightRequests:
    """Decisions by step, and one question at a time for the step that is looked at. Qt's thread."""

    def __init__(self, panel: str) -> None:
        self._panel = panel
        self._kept: dict[Moment, tuple[Decision, float]] = {}
        self._due: Moment | None = None
        self._asked_s = float("-inf")
        self._stands_at: tuple[Moment, float] | None = None  # where and since when

    def get(self, moment: Moment) -> Decision | None:
        """The newest for this step, however old."""
        kept = self._kept.get(moment)
        return None if kept is None else kept[0]

    def put(self, decision: Decision, now_s: float) -> None:
        self._kept.pop(decision.moment, None)
        self._kept[decision.moment] = (decision, now_s)
        while len(self._kept) > CAPACITY:
            del self._kept[next(iter(self._kept))]
        if decision.moment == self._due:
            self._due = None

    def ask(self, moment: Moment, *, is_playing: bool, now_s: float) -> AskHindsight | None:
        """The question to send now; None when it is answered, due, or too early."""
        kept = self._kept.get(moment)
        if self._stands_at is None or self._stands_at[0] != moment:
            self._stands_at = (moment, now_s)
        if kept is not None and now_s - kept[1] < FRESH_S:
            return None
        is_due = self._due is not None and now_s - self._asked_s < LOST_AFTER_S
        if is_due and (is_playing or self._due == moment):
            return None
        since_s, least_s = (
            (self._asked_s, SPACING_S) if is_playing else (self._stands_at[1], STILL_S)
        )
        if now_s - since_s < least_s:
            return None
        self._due, self._asked_s = moment, now_s
        return AskHindsight(self._panel, moment, 1)

    def make_old(self) -> None:
        """What is kept is shown until it is asked for again, which may be at once."""
        never_s = float("-inf")
        self._kept = {moment: (kept, never_s) for moment, (kept, _) in self._kept.items()}
        self._due = None

    def clear(self) -> None:
        """Forget all, as when another game is opened."""
        self._kept.clear()
        self._due = None
