from __future__ import annotations

from made_messages import make_decision

from app.models.experiments.what_if_rows import what_if_rows, what_if_sentence
from app.models.wording import action_text
from nec_engine.messages import Decision, Moment, WhatIfAnswer


def answer(decision: Decision, action: int, q: float, **changes: object) -> WhatIfAnswer:
    values = {
        "panel": "what_if", "moment": decision.moment, "action": action, "score": 0.0, "q": q,
        "num_steps": 34, "lives_lost": 0, "is_game_over": False, "familiarity": None, "shots": (),
    }  # fmt: skip
    return WhatIfAnswer(**(values | changes))  # type: ignore[arg-type]  # fields by name


def test_a_row_says_what_q_said_and_what_came_of_it() -> None:
    decision = make_decision(3)
    done = answer(decision, 1, 2.5, score=-1.0, lives_lost=1, familiarity=0.72)
    rows = what_if_rows(decision, [done])
    assert [row.found for row in rows] == ["…", "2.50", "…"]
    assert rows[1].outcome == "−1 points, lost a life, familiar 72 %"
    assert rows[decision.action].marks == "played, highest Q"
    assert "still being played out" in rows[0].spoken


def test_the_best_is_named_once_all_are_played_out() -> None:
    decision = make_decision(3)
    answers = [answer(decision, a, q) for a, q in enumerate((1.0, 4.0, 2.0))]
    assert not any(row.is_best for row in what_if_rows(decision, answers[:2]))
    assert "2 of 3 played out" in what_if_sentence(decision, answers[:2], 4, 30)
    assert [row.is_best for row in what_if_rows(decision, answers)] == [False, True, False]
    assert "FIRE came out best, not UP." in what_if_sentence(decision, answers, 4, 30)
    assert "each action held for 4 steps, then the agent for 30 steps." in what_if_sentence(
        decision, answers, 4, 30
    )


def test_where_all_come_to_the_same_none_is_best() -> None:
    decision = make_decision(2)
    answers = [answer(decision, a, 0.0) for a in range(2)]
    assert not any(row.is_best for row in what_if_rows(decision, answers))
    assert what_if_sentence(decision, answers, 1, 0).endswith("All came to the same.")


def test_actions_that_tie_for_the_best_are_all_named() -> None:
    decision = make_decision(6)
    own = decision.best_action

    def sentence(q_values: tuple[float, ...]) -> str:
        answers = [answer(decision, a, q) for a, q in enumerate(q_values)]
        is_best = [row.is_best for row in what_if_rows(decision, answers)]
        assert is_best == [q == max(q_values) for q in q_values]
        return what_if_sentence(decision, answers, 1, 0).partition("steps. ")[2]

    others = [action for action in range(6) if action != own][:2]
    tied = tuple(0.9 if action in others else -1.0 for action in range(6))
    names = [action_text(decision.action_names[action]) for action in others]
    mine = action_text(decision.action_names[own])
    assert sentence(tied) == f"{names[0]} and {names[1]} came out best, not {mine}."
    with_own = tuple(0.9 if action in (*others, own) else -1.0 for action in range(6))
    assert sentence(with_own) == (
        f"{mine}, the agent's own choice, came out best, and as good {names[0]} and {names[1]}."
    )


def test_why_nothing_could_be_tried_is_said() -> None:
    decision = make_decision(2)
    problem = answer(decision, -1, 0.0, moment=Moment(1, 2), problem="it is gone; why; what to do")
    assert what_if_sentence(decision, [problem], 4, 30) == "it is gone; why; what to do"
