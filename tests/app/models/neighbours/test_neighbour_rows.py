from dataclasses import replace

import numpy as np
from made_messages import make_decision, make_evidence

from app.models.neighbours.neighbour_rows import (
    neighbour_row,
    shown_action,
    whose_text,
    why_no_cards,
)
from nec_engine.messages import Choice, Origin


def test_a_card_says_all_that_is_known_of_a_neighbour() -> None:
    decision = make_decision(num_actions=3)
    row = neighbour_row(decision, 1, 4)
    assert (row.rank, row.action, row.origin_word) == (5, "FIRE", "person")
    assert row.distance == "distance 0.020"
    assert row.age == "40 steps ago"
    assert row.place == "episode 104, step 1,000"
    assert row.spoken.startswith("Neighbour 5 of FIRE: value ")


def test_the_very_same_screens_are_recognised() -> None:
    decision = make_decision(num_actions=1)
    again = replace(decision, state_hash=int(decision.evidence[0].state_hashes[0]))
    assert not neighbour_row(decision, 0, 0).is_same_state
    assert "same screens as now" in neighbour_row(again, 0, 0).spoken


def test_the_best_action_is_shown_until_another_is_chosen() -> None:
    decision = make_decision(num_actions=3)
    assert shown_action(decision, None) == decision.best_action
    assert shown_action(decision, 1) == 1
    assert shown_action(decision, 17) == decision.best_action  # of a game with more actions
    assert whose_text(decision, None) == "UP (best, played): nearest 50 of 500"
    assert whose_text(decision, 1) == "FIRE (your choice): nearest 50 of 500"


def test_empty_panels_say_why() -> None:
    empty = make_decision(num_actions=2, choice=Choice.EMPTY, num_neighbours=0)
    evidence = (make_evidence(0), make_evidence(1, 0))
    assert why_no_cards(None, None)[0] == "Nothing decided yet"
    assert why_no_cards(empty, None)[0] == "Still filling the memory"
    assert why_no_cards(make_decision(evidence=evidence), 1)[0] == (
        "No memories of this action yet"
    )
    assert why_no_cards(make_decision(evidence=evidence), 0) == ("", "")


def test_an_entry_of_the_agent_that_a_person_visited_is_told_to_be_taught() -> None:
    decision = make_decision(num_actions=3)

    def word(origin: Origin) -> str:
        evidence = decision.evidence[1]
        all_of = np.ones(len(evidence.slots), np.uint8)
        taught = replace(evidence, taught=all_of > 0, origins=all_of * np.uint8(origin))
        made = replace(decision, evidence=(decision.evidence[0], taught, decision.evidence[2]))
        return neighbour_row(made, 1, 0).origin_word

    assert word(Origin.AGENT) == "agent, taught"
    assert word(Origin.PERSON) == "person"


def test_a_pinned_entry_is_told_to_be_pinned() -> None:
    decision = make_decision(3)
    evidence = decision.evidence[1]
    pinned = replace(evidence, pinned=np.arange(len(evidence.slots)) == 2)
    made = replace(decision, evidence=(decision.evidence[0], pinned, decision.evidence[2]))
    words = [neighbour_row(made, 1, index).origin_word for index in (1, 2)]
    assert words[1] == f"{words[0]}, pinned"
