"""How much of the memory is taught, and how much of the play leans on it, in words. No Qt here."""

from __future__ import annotations

from typing import Final

from app.models.wording import count_text, percent_text
from nec_engine.messages import LiveStatus, Origin, Progress

WEIGHTS: Final = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
NOTHING_TAUGHT: Final = "Nothing is taught yet. Take over with M and play: each step is remembered."
NOT_REMEMBERED: Final = "Nothing is taught yet. Switch on Memory → Remember what I play."
NO_MEMORY: Final = "This agent keeps no memories: what you play goes into its replay alone."
NO_GAME: Final = "Open a game to teach its agent."


def weight_text(weight: float) -> str:
    """``2 × as any other`` and the like."""
    if weight == 0:
        return "unheard"
    if weight == 1:
        return "as any other"
    return f"{weight:g} × any other"


def taught_text(progress: Progress, *, is_teaching: bool) -> str:
    """How many entries are taught, and by whom."""
    if not progress.num_taught:
        return NOTHING_TAUGHT if is_teaching else NOT_REMEMBERED
    by_person = progress.num_by_origin[Origin.PERSON]
    imported = progress.num_by_origin[Origin.IMPORTED]
    visited = max(0, progress.num_taught - by_person - imported)
    parts = [
        f"{count_text(num)} {words}"
        for num, words in (
            (by_person, "made by you"),
            (imported, "from files"),
            (visited, "of the agent’s that you visited, or edited"),
        )
        if num
    ]
    share = progress.num_taught / max(1, sum(progress.memory_sizes))
    noun = "memory is" if progress.num_taught == 1 else "memories are"
    return (
        f"{count_text(progress.num_taught)} {noun} taught, {percent_text(share)} of all: "
        f"{', '.join(parts)}"
    )


def leaning_text(status: LiveStatus | None) -> str:
    """How many of the agent's decisions in this episode leaned on lessons; empty: none yet."""
    if status is None or not status.num_judged:
        return "No decision of the agent in this episode yet."
    share = percent_text(status.num_leaning / status.num_judged)
    if status.num_judged == 1:
        return f"{share} of this episode’s one decision leaned on what you taught"
    num = count_text(status.num_judged)
    return f"{share} of this episode’s {num} decisions leaned on what you taught"
