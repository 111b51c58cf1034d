"""What the controls show while a command is on its way."""

from __future__ import annotations

from made_messages import Clock

from app.controls import PATIENCE_S, SPEEDS, Wishes, faster, slower, speed_words


def test_a_wish_shows_at_once_and_outlives_a_status_made_before_it(clock: Clock) -> None:
    wishes = Wishes(clock)
    wishes.wish(is_paused=True)
    wishes.report(is_paused=False)
    assert wishes.controls.is_paused


def test_a_wish_that_was_fulfilled_no_longer_hides_what_the_engine_says(clock: Clock) -> None:
    wishes = Wishes(clock)
    wishes.wish(speed=2.0)
    wishes.report(speed=2.0)
    wishes.report(speed=0.5)
    assert wishes.controls.speed == 0.5


def test_a_wish_the_engine_refuses_is_given_up_after_a_while(clock: Clock) -> None:
    wishes = Wishes(clock)
    wishes.wish(is_training=False)
    wishes.report(is_training=True)
    clock.now_s += PATIENCE_S + 0.01
    assert wishes.controls.is_training


def test_speeds_go_up_and_down_one_by_one_and_stop_at_the_ends() -> None:
    speed, seen = SPEEDS[0], [SPEEDS[0]]
    while (speed := faster(speed)) != seen[-1]:
        seen.append(speed)
    assert tuple(seen) == SPEEDS
    back = [speed]
    while (speed := slower(speed)) != back[-1]:
        back.append(speed)
    assert tuple(reversed(back)) == SPEEDS


def test_a_speed_between_two_goes_to_its_neighbours() -> None:
    assert faster(3.0) == 4.0
    assert slower(3.0) == 2.0


def test_speeds_have_words() -> None:
    assert [speed_words(s) for s in (0.25, 1.0, float("inf"))] == ["0.25x", "1x", "max"]
