"""What the pointer is told over a bar. No Qt here."""

from __future__ import annotations

from app.models.why.evidence_bars import Segment, SegmentKind
from app.models.wording import (
    action_text,
    age_text,
    count_text,
    distance_text,
    moment_text,
    origin_text,
    percent_text,
    signed_text,
    value_text,
)
from nec_engine.messages import ActionEvidence, Decision, Moment


def row_tooltip(decision: Decision, action: int, segment: Segment | None) -> str:
    """The Q of ``action`` in words, and the piece of its bar under the pointer, as rich text."""
    evidence = decision.evidence[action]
    name = action_text(decision.action_names[action])
    lines = [f"<b>{name}</b>: Q = {value_text(evidence.q)}{_roles(decision, action)}"]
    num_neighbours = len(evidence.slots)
    if num_neighbours:
        contributions = (
            "1 contribution" if num_neighbours == 1 else f"{num_neighbours} contributions"
        )
        lines.append(
            f"the sum of {contributions} (share × value) of the nearest"
            f" among {count_text(evidence.num_entries)} memories of this action"
        )
    elif decision.has_memory:
        lines.append("no memories of this action yet: the value of the unfamiliar stands in")
    else:
        lines.append("the word of the network alone: this agent keeps no memories")
    if num_neighbours and evidence.prior_share > 0:
        lines.append(
            f"{percent_text(evidence.prior_share)} of the say is unfamiliar and counts as"
            f" {value_text(evidence.prior_value)}"
        )
    if decision.has_memory and evidence.network_share > 0:
        lines.append(
            f"{percent_text(evidence.network_share)} of the say is the network’s, which says"
            f" {value_text(evidence.network_value)}"
        )
    if evidence.bonus > 0:
        lines.append(
            f"training adds {value_text(evidence.bonus)} when it chooses, because this action is"
            " little known here; that is no part of Q"
        )
    if segment is not None:
        lines.append("<hr>" + _segment_text(evidence, segment))
    if decision.has_memory:
        lines.append(
            "<i>Click: show its memories in Neighbours; click again: those of the best.</i>"
        )
    return "<br>".join(lines)


def _roles(decision: Decision, action: int) -> str:
    roles = []
    if action == decision.action:
        roles.append("played")
    if action == decision.best_action:
        roles.append("best")
    return f" ({', '.join(roles)})" if roles else ""


def _segment_text(evidence: ActionEvidence, segment: Segment) -> str:
    amount = signed_text(segment.amount)
    if segment.kind is SegmentKind.REST:
        return f"the other {segment.num_neighbours} neighbours together: <b>{amount}</b>"
    if segment.kind is SegmentKind.NETWORK:
        return (
            f"the network, without memories: <b>{amount}</b> ="
            f" {percent_text(evidence.network_share)} of the say"
            f" × {value_text(evidence.network_value)}"
        )
    if segment.kind is SegmentKind.UNFAMILIAR:
        share = percent_text(evidence.prior_share if len(evidence.slots) else 1.0)
        return (
            f"unfamiliar: <b>{amount}</b> = {share} of the say"
            f" × {value_text(evidence.prior_value)}, the value of what is not known"
        )
    i = segment.neighbour
    moment = Moment(int(evidence.episodes[i]), int(evidence.steps[i]))
    return (
        f"neighbour {i + 1}: <b>{amount}</b> = share {percent_text(float(evidence.shares[i]))}"
        f" × value {value_text(float(evidence.values[i]))}<br>"
        f"distance {distance_text(float(evidence.distances_sq[i]))}, {moment_text(moment)},"
        f" {age_text(int(evidence.ages_steps[i]))}, by {origin_text(int(evidence.origins[i]))}"
    )
