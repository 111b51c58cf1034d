"""Decisions of an agent that keeps no memories: nothing is empty without a sentence."""

from made_messages import decision_without_memory

from app.models.bar_tooltip import row_tooltip
from app.models.evidence_bars import SegmentKind, bar_segments
from app.models.neighbour_rows import whose_text, why_no_cards
from app.models.why_sentence import why_sentence
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
