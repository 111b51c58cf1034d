"""Decisions of an agent that keeps no memories: nothing is empty without a sentence."""

from dataclasses import replace

import pytest
from made_messages import decision_without_memory, make_decision

from app.models.neighbours.neighbour_rows import whose_text, why_no_cards
from app.models.why.bar_tooltip import row_tooltip
from app.models.why.evidence_bars import SegmentKind, bar_segments
from app.models.why.why_sentence import why_sentence
from nec_engine.messages import Choice


def test_the_network_is_said_to_judge_without_memories() -> None:
    decision = decision_without_memory()
    assert why_sentence(decision) == (
        "FIRE because its network, without memories, promises 3.50, 2.50 more than NOOP."
    )


def test_the_neighbours_say_why_there_are_none() -> None:
    title, words = why_no_cards(decision_without_memory(), None)
    assert title == "This agent keeps no memories"
    assert "agent=mfec" in words
    assert whose_text(decision_without_memory(), None) == "FIRE (best, played)"


def test_a_bar_is_the_networks_word() -> None:
    decision = decision_without_memory()
    for evidence in decision.evidence:
        (segment,) = bar_segments(evidence)
        assert (segment.kind, segment.amount) == (SegmentKind.NETWORK, evidence.q)
    (segment,) = bar_segments(decision.evidence[1])
    words = row_tooltip(decision, 1, segment)
    assert "this agent keeps no memories" in words
    assert "100 % of the say" in words
    assert "Click" not in words


def test_it_knows_neither_familiarity_nor_neighbours() -> None:
    decision = decision_without_memory()
    assert decision.familiarity is None
    assert decision.nearest_distance_sq is None
    assert decision.choice is Choice.GREEDY


def test_what_a_network_says_beside_the_memory_is_a_piece_of_the_bar_and_of_the_sentence() -> None:
    decision = make_decision(num_actions=2)
    mixed = replace(
        decision,
        evidence=tuple(
            replace(
                e, shares=e.shares * 0.25, q=0.25 * e.q + 3.0, network_share=0.75, network_value=4.0
            )
            for e in decision.evidence
        ),
    )
    segments = bar_segments(mixed.evidence[1])
    network = [s for s in segments if s.kind is SegmentKind.NETWORK]
    assert [s.amount for s in network] == [3.0]
    assert sum(s.amount for s in segments) == pytest.approx(mixed.evidence[1].q, abs=1e-4)
    assert "75 % of the say × 4.00" in row_tooltip(mixed, 1, network[0])
    assert "its network (75 % of the say) and 50 neighbours promise" in why_sentence(mixed)


def test_the_bonus_of_training_is_told_apart_from_q() -> None:
    decision = make_decision(num_actions=1)
    assert "training adds" not in row_tooltip(decision, 0, None)
    curious = replace(decision, evidence=(replace(decision.evidence[0], bonus=1.5),))
    assert "training adds 1.50" in row_tooltip(curious, 0, None)
    assert "no part of Q" in row_tooltip(curious, 0, None)
