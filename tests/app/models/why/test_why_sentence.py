from dataclasses import replace

import numpy as np
from made_messages import make_decision, make_evidence

from app.models.why.why_sentence import why_sentence
from app.models.wording import percent_text
from nec_engine.messages import Choice


def test_a_greedy_choice_names_its_neighbours_their_promise_and_its_lead() -> None:
    decision = make_decision(num_actions=3)
    best, second = sorted(decision.evidence, key=lambda part: -part.q)[:2]
    sentence = why_sentence(decision)
    assert sentence.startswith("UP because its 50 neighbours promise ")
    assert f"{best.q:.2f}, {best.q - second.q:.2f} more than FIRE." in sentence


def test_an_explored_action_is_said_to_be_chance_and_the_best_is_named() -> None:
    decision = make_decision(num_actions=3, choice=Choice.EXPLORED, action=0)
    sentence = why_sentence(decision)
    assert sentence.startswith("NOOP (")
    assert "by chance, to explore; best is UP" in sentence


def test_a_person_learns_what_the_agent_would_have_played() -> None:
    other = why_sentence(make_decision(num_actions=3, choice=Choice.PERSON, action=0))
    same = why_sentence(make_decision(num_actions=3, choice=Choice.PERSON))
    assert other.startswith("You play NOOP")
    assert "the agent would play UP" in other
    assert same.startswith("You play UP, and so would the agent")


def test_an_empty_memory_explains_a_random_choice() -> None:
    decision = make_decision(num_actions=2, choice=Choice.EMPTY, num_neighbours=0)
    assert why_sentence(decision) == "NOOP at random: the memory is still empty."


def test_neighbours_that_were_mostly_taught_are_said_to_be_so() -> None:
    decision = make_decision(num_actions=2)
    best = decision.evidence[decision.best_action]
    taught = replace(best, taught=np.ones(len(best.slots), np.bool_))
    evidence = [*decision.evidence]
    evidence[decision.best_action] = taught
    sentence = why_sentence(replace(decision, evidence=tuple(evidence)))
    share = percent_text(taught.taught_share)
    assert f"its 50 neighbours ({share} taught) promise" in sentence


def test_one_neighbour_is_not_many() -> None:
    decision = make_decision(num_actions=2, num_neighbours=1)
    assert "its only neighbour promises" in why_sentence(decision)


def test_what_is_mostly_unfamiliar_is_said_to_be_so() -> None:
    decision = make_decision(num_actions=2, prior=(0.8, 0.0))
    assert "it is 80 % unfamiliar and counts as" in why_sentence(decision)


def test_an_action_without_memories_may_still_be_the_best() -> None:
    evidence = (make_evidence(0, 50, centre=-5.0), make_evidence(1, 0))
    sentence = why_sentence(make_decision(evidence=evidence))
    assert sentence.startswith("FIRE because nothing is remembered of it yet, which counts as 0.00")


def test_equal_actions_are_a_tie() -> None:
    evidence = (make_evidence(0), make_evidence(0))
    assert "as much as FIRE" in why_sentence(make_decision(evidence=evidence))


def test_a_game_with_a_single_action_compares_with_none() -> None:
    assert "more than" not in why_sentence(make_decision(num_actions=1))
