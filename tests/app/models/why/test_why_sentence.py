from dataclasses import replace

import numpy as np
from made_messages import make_decision, make_evidence

from app.models.why.why_sentence import why_sentence
from app.models.wording import percent_text
from nec_engine.messages import ActionEvidence, Choice


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


def worthless(action: int, unfamiliar: float, num_neighbours: int = 50) -> ActionEvidence:
    """Nothing was ever rewarded: what is left are numbers that keep 0 / 0 away."""
    evidence = make_evidence(action, num_neighbours, prior=(unfamiliar, 5e-16))
    values = np.full(num_neighbours, 1e-17, np.float32)
    return replace(evidence, values=values, q=unfamiliar * 5e-16)


def test_among_worthless_actions_the_least_familiar_is_no_matter_of_worth() -> None:
    evidence = (worthless(0, 0.2), worthless(1, 0.56), worthless(2, 0.1))
    assert why_sentence(make_decision(evidence=evidence)) == (
        "FIRE: nothing remembered here is worth anything yet;"
        " it takes the least familiar (56 % unfamiliar)."
    )
    never_played = (worthless(0, 0.2), worthless(1, 1.0, num_neighbours=0))
    assert "the least familiar (100 % unfamiliar)" in why_sentence(
        make_decision(evidence=never_played)
    )


def test_among_worthless_actions_without_a_prior_one_is_as_good_as_another() -> None:
    evidence = (worthless(0, 0.0), worthless(1, 0.0))
    assert why_sentence(make_decision(evidence=evidence)) == (
        "NOOP: nothing remembered here is worth anything yet; it is as good as any other."
    )


def test_what_is_worth_nothing_is_no_advice_to_whoever_plays() -> None:
    evidence = (worthless(0, 0.2), worthless(1, 0.56))
    for choice, begin in (
        (Choice.PERSON, "You play NOOP: "),
        (Choice.RECORDED, "NOOP was played: "),
        (Choice.EXPLORED, "NOOP by chance, to explore: "),
    ):
        sentence = why_sentence(make_decision(evidence=evidence, choice=choice, action=0))
        assert sentence == f"{begin}nothing remembered here is worth anything yet."


def test_memories_of_worth_that_cancel_out_are_told() -> None:
    evidence = tuple(replace(make_evidence(a), q=0.0) for a in range(2))
    assert "its 50 neighbours promise 0.00" in why_sentence(make_decision(evidence=evidence))
