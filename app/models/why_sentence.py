"""One plain sentence that says why an action was played. No Qt here."""

from __future__ import annotations

import numpy as np

from app.models.wording import action_text, percent_text, value_text
from nec_engine.messages import ActionEvidence, Choice, Decision


def why_sentence(decision: Decision) -> str:
    """Why ``decision.action`` was played, for somebody who has never heard of Q."""
    played, best = _name(decision, decision.action), _name(decision, decision.best_action)
    is_best = decision.action == decision.best_action
    advice = _promise(decision, decision.best_action)
    if decision.choice is Choice.EMPTY or all(e.num_entries == 0 for e in decision.evidence):
        who = f"You play {played}" if decision.choice is Choice.PERSON else f"{played} at random"
        return f"{who}: the memory is still empty."
    if decision.choice is Choice.PERSON:
        if is_best:
            return f"You play {played}, and so would the agent: {advice}."
        return f"You play {played}; the agent would play {best}: {advice}."
    if decision.choice is Choice.EXPLORED:
        if is_best:
            return f"{played} by chance, but it is also the best: {advice}."
        return f"{played} by chance, to explore; best is {best}: {advice}."
    return f"{played} because {advice}."


def _promise(decision: Decision, action: int) -> str:
    """What the memory says of ``action``, and against which other action."""
    return _who_promises(decision.evidence[action]) + _lead(decision, action)


def _who_promises(evidence: ActionEvidence) -> str:
    num_neighbours, q = len(evidence.slots), value_text(evidence.q)
    if num_neighbours == 0:
        return f"nothing is remembered of it yet, which counts as {q}"
    if evidence.prior_share >= 0.5:
        return f"it is {percent_text(evidence.prior_share)} unfamiliar and counts as {q}"
    if num_neighbours == 1:
        return f"its only neighbour promises {q}"
    return f"its {num_neighbours} neighbours promise {q}"


def _lead(decision: Decision, action: int) -> str:
    others = [other for other in range(len(decision.evidence)) if other != action]
    if not others:
        return ""
    q_values = decision.q_values
    second = others[int(np.argmax(q_values[others]))]
    lead = float(q_values[action] - q_values[second])
    if lead == 0.0:
        return f", as much as {_name(decision, second)}"
    word = "more" if lead > 0 else "less"
    return f", {value_text(abs(lead))} {word} than {_name(decision, second)}"


def _name(decision: Decision, action: int) -> str:
    return action_text(decision.action_names[action])
