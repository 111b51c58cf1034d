from __future__ import annotations

import dataclasses

from fake_engine import FakeEngine
from made_news import progress

from app.models.memory.lesson_sums import leaning_text, taught_text, weight_text

STATUS = FakeEngine().status


def test_what_is_taught_is_told_by_who_made_it() -> None:
    told = progress(
        memory_sizes=(500, 500), num_by_origin=(900, 60, 20, 20), num_taught=85, lesson_weight=2.0
    )
    assert taught_text(told, is_teaching=True) == (
        "85 memories are taught, 8.5 % of all: 60 made by you, 20 from files, "
        "5 of the agent’s that you visited, or edited"
    )


def test_nothing_taught_says_what_to_do() -> None:
    none = progress(num_taught=0)
    assert "Take over with M" in taught_text(none, is_teaching=True)
    assert "Remember what I play" in taught_text(none, is_teaching=False)


def test_how_much_of_the_play_leaned_on_lessons_is_a_share_of_the_decisions_seen() -> None:
    status = dataclasses.replace(STATUS, num_judged=200, num_leaning=24)
    assert leaning_text(status) == (
        "12 % of this episode’s 200 decisions leaned on what you taught"
    )
    assert "one decision" in leaning_text(dataclasses.replace(STATUS, num_judged=1, num_leaning=1))
    assert leaning_text(STATUS).startswith("No decision")


def test_weights_are_told_in_words() -> None:
    assert [weight_text(weight) for weight in (0.0, 1.0, 0.25, 8.0)] == [
        "unheard", "as any other", "0.25 × any other", "8 × any other",
    ]  # fmt: skip
