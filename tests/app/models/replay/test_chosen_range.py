"""What a person chooses of an episode."""

from __future__ import annotations

from app.models.replay.chosen_range import ChosenRange


def test_an_end_that_is_not_set_is_that_of_the_episode() -> None:
    chosen = ChosenRange()
    assert chosen.steps(100) is None
    chosen.set_begin(30)
    assert chosen.steps(100) == (30, 100)
    chosen.clear()
    chosen.set_end(60)
    assert chosen.steps(100) == (0, 60)
    chosen.set_begin(59)
    assert chosen.steps(100) == (59, 60)


def test_nothing_lies_between_ends_that_are_the_wrong_way_round_or_before_anything_came() -> None:
    chosen = ChosenRange()
    chosen.set_begin(60)
    chosen.set_end(60)
    assert chosen.steps(100) is None
    chosen.set_end(70)
    assert chosen.steps(0) is None
    chosen.clear()
    assert chosen.steps(100) is None
