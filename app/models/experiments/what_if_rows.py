"""What the what-if panel says of each action, ready to be painted. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.models.wording import (
    action_text,
    moment_text,
    percent_text,
    score_text,
    value_text,
)
from nec_engine.messages import Decision, Shot, WhatIfAnswer


@dataclass(frozen=True, slots=True)
class WhatIfRow:
    """One action: what its Q said, and what came of it."""

    action: str
    marks: str  # "played", "highest Q", "came out best"
    said: str
    found: str  # "…" while it is still played out
    outcome: str
    shots: tuple[Shot, ...]
    is_best: bool

    @property
    def spoken(self) -> str:
        """All of the row in one sentence, for tooltips and screen readers."""
        marks = f" ({self.marks})" if self.marks else ""
        return f"{self.action}{marks}: Q said {self.said}, playing it out gave {self.found}; " + (
            self.outcome or "still being played out"
        )


def what_if_rows(decision: Decision, answers: Sequence[WhatIfAnswer]) -> tuple[WhatIfRow, ...]:
    """A row for each action of ``decision``, in the order of the action set."""
    by_action = {answer.action: answer for answer in answers}
    best = _best(decision, answers)
    rows = []
    for action, name in enumerate(decision.action_names):
        answer = by_action.get(action)
        marks = [
            word
            for word, is_so in (
                ("played", action == decision.action),
                ("highest Q", action == decision.best_action),
                ("came out best", action in best),
            )
            if is_so
        ]
        rows.append(
            WhatIfRow(
                action=action_text(name),
                marks=", ".join(marks),
                said=value_text(decision.evidence[action].q),
                found=value_text(answer.q) if answer else "…",
                outcome=_outcome(answer) if answer else "",
                shots=answer.shots if answer else (),
                is_best=action in best,
            )
        )
    return tuple(rows)


def what_if_sentence(
    decision: Decision, answers: Sequence[WhatIfAnswer], num_forced: int, num_free: int
) -> str:
    """What was tried, and what came of it."""
    problem = next((answer.problem for answer in answers if answer.problem), "")
    if problem:
        return problem
    tried = (
        f"{moment_text(decision.moment).capitalize()}: each action held for"
        f" {_steps_text(num_forced)}, then the agent for {_steps_text(num_free)}."
    )
    if len(answers) < len(decision.action_names):
        return f"{tried} {len(answers)} of {len(decision.action_names)} played out."
    best = _best(decision, answers)
    if not best:
        return f"{tried} All came to the same."
    own = action_text(decision.action_names[decision.best_action])
    names = [action_text(decision.action_names[action]) for action in best]
    if decision.best_action not in best:
        return f"{tried} {_listed(names)} came out best, not {own}."
    if len(best) == 1:
        return f"{tried} {own}, the agent's own choice, came out best."
    names.remove(own)
    return f"{tried} {own}, the agent's own choice, came out best, and as good {_listed(names)}."


def _best(decision: Decision, answers: Sequence[WhatIfAnswer]) -> tuple[int, ...]:
    """The actions that came out best, once all are played out; none where all came to the same."""
    if len(answers) < len(decision.action_names):
        return ()
    q_values = [answer.q for answer in answers]
    most = max(q_values)
    if len(answers) > 1 and min(q_values) == most:
        return ()
    return tuple(sorted(answer.action for answer in answers if answer.q == most))


def _listed(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _outcome(answer: WhatIfAnswer) -> str:
    points = f"{score_text(answer.score, '+')} points" if answer.score else "no points"
    parts = [points]
    if answer.is_game_over:
        parts.append(f"game over after {_steps_text(answer.num_steps)}")
    elif answer.lives_lost:
        lives = "a life" if answer.lives_lost == 1 else f"{answer.lives_lost} lives"
        parts.append(f"lost {lives}")
    if answer.familiarity is not None:
        parts.append(f"familiar {percent_text(answer.familiarity)}")
    return ", ".join(parts)


def _steps_text(steps: int) -> str:
    return f"{steps} step{'s' * (steps != 1)}"
