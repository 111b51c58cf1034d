"""What a blurred region changed: numbers and sentences out of the evidence. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.wording import (
    action_text,
    percent_text,
    short_action_text,
    signed_text,
    value_text,
)
from nec_engine.messages import ActionEvidence, BlurredAnswer

HOW_TO: str = (
    "Drag a box over the game or over this screen, or move the box with the arrow keys and press"
    " Enter. Esc leaves."
)


@dataclass(frozen=True, slots=True)
class ActionChange:
    """One action's Q before and after, and how many of its neighbours are others now."""

    action: int
    name: str
    short_name: str
    before: float
    after: float
    num_neighbours: int  # after
    num_new: int
    was_best: bool
    is_best: bool


def action_changes(answer: BlurredAnswer) -> tuple[ActionChange, ...]:
    """A row for each action: the choices first, then by how much their Q changed."""
    best_before, best_after = _best(answer.before), _best(answer.after)
    rows = [
        ActionChange(
            action=before.action,
            name=action_text(answer.action_names[before.action]),
            short_name=short_action_text(answer.action_names[before.action]),
            before=before.q,
            after=after.q,
            num_neighbours=len(after.slots),
            num_new=_num_new(before, after),
            was_best=before.action == best_before,
            is_best=before.action == best_after,
        )
        for before, after in zip(answer.before, answer.after, strict=True)
    ]
    rows.sort(key=lambda row: (not row.is_best, not row.was_best, -abs(row.after - row.before)))
    return tuple(rows)


def change_sentence(answer: BlurredAnswer) -> str:
    """Choice, Q and neighbours before and after, in two or three short sentences."""
    rows = action_changes(answer)
    old = next(row for row in rows if row.was_best)
    new = next(row for row in rows if row.is_best)
    if old.action == new.action:
        parts = [f"Without the box the choice stays {old.name}."]
    else:
        parts = [f"Without the box the choice is {new.name} instead of {old.name}."]
    parts.append(
        f"Q of {old.name}: {value_text(old.before)} → {value_text(old.after)}"
        f" ({signed_text(old.after - old.before)})."
    )
    num, num_new = sum(r.num_neighbours for r in rows), sum(r.num_new for r in rows)
    if num:
        parts.append(
            f"{num_new} of {num} neighbours ({percent_text(num_new / num)}) are others now."
        )
    return " ".join(parts)


def _best(evidence: tuple[ActionEvidence, ...]) -> int:
    return max(evidence, key=lambda part: part.q).action


def _num_new(before: ActionEvidence, after: ActionEvidence) -> int:
    known = set(zip(before.slots.tolist(), before.state_hashes.tolist(), strict=True))
    return sum(
        entry not in known
        for entry in zip(after.slots.tolist(), after.state_hashes.tolist(), strict=True)
    )
