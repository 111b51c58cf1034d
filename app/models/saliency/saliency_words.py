"""What a saliency map is of, in words. No Qt here."""

from __future__ import annotations

from typing import Final

from app.models.wording import (
    action_text,
    seconds_ago_text,
    short_action_text,
    short_moment_text,
    value_text,
)
from nec_engine.messages import Decision, LikenessTo, SaliencyAnswer, SaliencyMethod

METHOD_NAMES: Final = {
    SaliencyMethod.GRADIENT: "Gradient",
    SaliencyMethod.SMOOTHGRAD: "SmoothGrad",
    SaliencyMethod.INTEGRATED: "Integrated gradients",
    SaliencyMethod.GUIDED: "Guided backprop",
    SaliencyMethod.PERTURBATION: "Perturbation",
}
METHOD_TIPS: Final = {
    SaliencyMethod.GRADIENT: "Which grey levels move it most, if they change a little",
    SaliencyMethod.SMOOTHGRAD: "The mean gradient of slightly noisy copies of the screens",
    SaliencyMethod.INTEGRATED: "What each pixel adds on the way from blurred screens to these",
    SaliencyMethod.GUIDED: "The gradient without what speaks against; often little more than edges",
    SaliencyMethod.PERTURBATION: "Blurs patch by patch and asks the agent each time; slow",
}
SELECT_FIRST: Final = "Select a memory first: click the card of a neighbour."
STANDS_STILL_S: Final = 0.5  # no new decision for so long: the newest is what is on the screen
SAME_STATE: Final = 0.9999  # likeness from here on is that of a state to itself


def status_text(decision: Decision, answer: SaliencyAnswer, age_s: float | None) -> str:
    """What the map explains, its age and its cost; or why there is nothing to see.

    ``decision``: the newest; ``age_s``: since that of the map was seen, None when forgotten.
    """
    if answer.problem:
        return answer.problem[0].upper() + answer.problem[1:]
    what = map_text(decision, answer)
    is_of_newest = answer.decision_number == decision.number
    if age_s is None or (is_of_newest and age_s >= STANDS_STILL_S):
        age = "map of now"
    else:
        age = f"map of {seconds_ago_text(age_s)}"
    if _is_at_its_top(answer):
        return f"These are its very screens: nothing makes them more alike ({age})"
    if not answer.heat.any():
        return f"Nothing pulls: no pixel moves {what} ({age}), as with few or equal memories"
    return f"{what}, {age}, took {took_text(answer.took_s)}"


def map_text(decision: Decision, answer: SaliencyAnswer) -> str:
    """What the map explains, with its value: "Q of UP = 3.2"."""
    if isinstance(answer.target, LikenessTo):
        return f"like {short_moment_text(answer.target.entry.moment)}: {answer.value:.3g}"
    names = [decision.action_names[action] for action in answer.actions]
    if len(names) == 2:
        first, second = map(short_action_text, names)
        return f"Q of {first} less {second} = {value_text(answer.value)}"
    return f"Q of {action_text(names[0])} = {value_text(answer.value)}"


def took_text(seconds: float) -> str:
    """How long a map took: "12 ms", "1.3 s"."""
    return f"{seconds * 1000:.0f} ms" if seconds < 0.995 else f"{seconds:.1f} s"


def _is_at_its_top(answer: SaliencyAnswer) -> bool:
    """Whether the screens are the remembered ones, so that no gradient tells anything."""
    return (
        isinstance(answer.target, LikenessTo)
        and answer.value >= SAME_STATE
        and answer.method is not SaliencyMethod.PERTURBATION
    )
