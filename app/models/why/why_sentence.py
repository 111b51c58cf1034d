"""One plain sentence that says why an action was played. No Qt here."""

from __future__ import annotations

import numpy as np

from app.models.wording import LEAST_VALUE, action_text, percent_text, value_text
from nec_engine.messages import ActionEvidence, Choice, Decision


def why_sentence(decision: Decision) -> str:
    """Why ``decision.action`` was played, for somebody who has never heard of Q."""
    played, best = _name(decision, decision.action), _name(decision, decision.best_action)
    is_best = decision.action == decision.best_action
    is_person = decision.choice is Choice.PERSON
    is_empty = decision.has_memory and all(e.num_entries == 0 for e in decision.evidence)
    if decision.choice is Choice.EMPTY or is_empty:
        if decision.choice is Choice.RECORDED:
            return f"{played} was played: the memory is still empty."
        who = f"You play {played}" if is_person else f"{played} at random"
        return f"{who}: the memory is still empty."
    if _is_nothing_worth(decision):
        return _worthless_sentence(decision)
    advice = _promise(decision.evidence[decision.best_action])
    if decision.choice is Choice.GREEDY:
        return f"{played} because {advice}{_lead(decision)}."
    if is_best and decision.choice is Choice.RECORDED:
        return f"{played} was played, and the agent would play it today: {advice}{_lead(decision)}."
    if is_best:
        who = f"You play {played}, and so would the agent" if is_person else f"{played} by chance"
        also = "" if is_person else ", but it is the best anyway"
        return f"{who}{also}: {advice}{_lead(decision)}."
    own = value_text(decision.evidence[decision.action].q)
    if decision.choice is Choice.RECORDED:
        return f"{played} was played ({own}); today the agent would play {best}: {advice}."
    if is_person:
        return f"You play {played} ({own}); the agent would play {best}: {advice}."
    return f"{played} ({own}) by chance, to explore; best is {best}: {advice}."


def _is_nothing_worth(decision: Decision) -> bool:
    """All that is remembered reads "≈0": no difference between actions is one of worth."""
    return decision.has_memory and all(
        np.abs([evidence.q, *evidence.values]).max() < LEAST_VALUE for evidence in decision.evidence
    )


def _worthless_sentence(decision: Decision) -> str:
    played, nothing = _name(decision, decision.action), "nothing remembered here is worth anything"
    if decision.choice is Choice.RECORDED:
        return f"{played} was played: {nothing} yet."
    if decision.choice is Choice.PERSON:
        return f"You play {played}: {nothing} yet."
    if decision.choice is Choice.EXPLORED:
        return f"{played} by chance, to explore: {nothing} yet."
    unfamiliar = [_unfamiliar_share(evidence) for evidence in decision.evidence]
    own = unfamiliar[decision.action]
    if own > 0.0 and own >= max(unfamiliar):
        share = percent_text(own)
        return f"{played}: {nothing} yet; it takes the least familiar ({share} unfamiliar)."
    return f"{played}: {nothing} yet; it is as good as any other."


def _unfamiliar_share(evidence: ActionEvidence) -> float:
    return evidence.prior_share if len(evidence.slots) else 1.0


def _promise(evidence: ActionEvidence) -> str:
    """What the memory, or a network without one, says of one action."""
    num_neighbours, q = len(evidence.slots), value_text(evidence.q)
    if evidence.network_share >= 1.0:
        return f"its network, without memories, promises {q}"
    if evidence.network_share >= 0.5:
        share = percent_text(evidence.network_share)
        return f"its network ({share} of the say) and {num_neighbours} neighbours promise {q}"
    if num_neighbours == 0:
        return f"nothing is remembered of it yet, which counts as {q}"
    if evidence.prior_share >= 0.5:
        return f"it is {percent_text(evidence.prior_share)} unfamiliar and counts as {q}"
    taught = ""
    if evidence.taught_share >= 0.5:
        taught = f" ({percent_text(evidence.taught_share)} taught)"
    if num_neighbours == 1:
        return f"its only neighbour{taught} promises {q}"
    return f"its {num_neighbours} neighbours{taught} promise {q}"


def _lead(decision: Decision) -> str:
    """By how much the best action leads, and on which other."""
    best = decision.best_action
    others = [other for other in range(len(decision.evidence)) if other != best]
    if not others:
        return ""
    q_values = decision.q_values
    second = others[int(np.argmax(q_values[others]))]
    lead = float(q_values[best] - q_values[second])
    if lead <= 0.0:
        return f", as much as {_name(decision, second)}"
    return f", {value_text(lead)} more than {_name(decision, second)}"


def _name(decision: Decision, action: int) -> str:
    return action_text(decision.action_names[action])
