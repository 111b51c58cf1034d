import dataclasses

from made_insight import blurred_of
from made_messages import decision_without_memory, make_decision

from app.models.saliency.blurred_change import action_changes, change_sentence
from nec_engine.messages import AskBlurred, Box

BOX = Box(10, 20, 30, 10)


def test_a_choice_that_stays_is_said_with_its_q_and_its_neighbours() -> None:
    decision = make_decision(num_actions=6)
    told = change_sentence(blurred_of(AskBlurred("b", decision, BOX), shift=-0.25, moved=10))
    assert told.startswith("Without the box the choice stays DOWN.")
    assert "(−0.25)" in told
    assert told.endswith("10 of 300 neighbours (3.3 %) are others now.")


def test_a_choice_that_changes_names_both() -> None:
    decision = make_decision(num_actions=6)
    told = change_sentence(blurred_of(AskBlurred("b", decision, BOX), shift=-50.0))
    assert "the choice is LEFT instead of DOWN." in told


def test_the_choices_stand_first_and_then_what_changed_most() -> None:
    decision = make_decision(num_actions=6)
    answer = blurred_of(AskBlurred("b", decision, BOX), shift=-50.0)
    after = list(answer.after)
    after[1] = dataclasses.replace(after[1], q=after[1].q + 0.5)
    rows = action_changes(dataclasses.replace(answer, after=tuple(after)))
    assert [row.action for row in rows[:3]] == [4, 5, 1]
    assert (rows[0].is_best, rows[1].was_best) == (True, True)
    assert sum(row.num_new for row in rows) == 10
    assert sorted(row.action for row in rows) == list(range(6))


def test_an_agent_without_a_memory_has_no_neighbours_to_lose() -> None:
    told = change_sentence(blurred_of(AskBlurred("b", decision_without_memory(), BOX)))
    assert "neighbours" not in told
