import numpy as np
import pytest
from made_replays import NUM_RECORDED, answer, make_step, packed_grey

from app.models.replay import reel as reel_module
from app.models.replay.reel import (
    AHEAD_STEPS,
    ASK_STEPS,
    BEHIND_STEPS,
    LOST_AFTER_S,
    NEAR_STEPS,
    PATIENCE_S,
    Reel,
)
from nec_engine.messages import AskReplay, Moment, ReplayPart

EPISODE = 41


@pytest.fixture
def reel() -> Reel:
    reel = Reel("replay")
    reel.open(Moment(EPISODE, 100))
    return reel


def load(reel: Reel, first: int, num_steps: int, **about: object) -> None:
    for part in answer(AskReplay("replay", Moment(EPISODE, first), num_steps), **about):  # type: ignore[arg-type]  # fields by name
        reel.put(part)


def level(reel: Reel, number: int, part: int = 0) -> int | None:
    picture = reel.picture(number, part)
    return None if picture is None else int(picture[0, 0, 0])


def test_a_step_begins_with_what_the_agent_saw_and_goes_on_two_frames_at_a_time(
    reel: Reel,
) -> None:
    load(reel, 0, 3)
    assert reel.num_pictures(1) == 2
    assert [level(reel, 1, part) for part in (0, 1)] == [3, 5]  # of frames 2 and 3, then 4 and 5
    assert level(reel, 0) == 7  # before the first step


@pytest.mark.parametrize(("num_frames", "num_pictures"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_pairs_are_counted_from_the_end_of_a_step(num_frames: int, num_pictures: int) -> None:
    reel = Reel("replay")
    reel.open(Moment(EPISODE, 0))
    steps = tuple(make_step(number, num_frames) for number in range(3))
    reel.put(ReplayPart("replay", Moment(EPISODE, 0), 3, b"", steps))
    assert reel.num_pictures(1) == num_pictures
    assert level(reel, 2) == 4 + num_frames - 1


def test_what_is_looked_at_is_asked_first_then_what_lies_ahead_then_what_lies_behind(
    reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reel_module, "AHEAD_STEPS", 200)
    asked = []
    now_s = 0.0
    while (question := reel.ask(100, now_s)) is not None:
        asked.append((question.first.step, question.num_steps))
        load(reel, question.first.step, question.num_steps)
        assert reel.ask(100, now_s + 0.1) is None  # no hurry
        assert reel.has_more_to_ask
        now_s += 1.0
    assert not reel.has_more_to_ask
    assert asked[0] == (99, ASK_STEPS)
    assert asked[1] == (189, ASK_STEPS)
    assert asked[-1][0] == 0
    assert reel.num_loaded >= 299


def test_a_jump_replaces_the_question_that_is_being_answered_but_what_comes_soon_is_waited_for(
    reel: Reel,
) -> None:
    assert reel.ask(100, 0.0) is not None
    assert reel.ask(101, 0.1) is None
    assert reel.ask(107, 0.1) is None
    load(reel, 99, 1)
    jump = reel.ask(300, 0.1)
    assert jump is not None
    assert jump.first.step == 299
    assert reel.ask(300, 0.1 + LOST_AFTER_S + 1) is not None  # its answer never came


def test_who_leafs_fast_gets_single_pictures_one_after_the_other(reel: Reel) -> None:
    load(reel, 0, 1)
    assert reel.ask(100, 0.0) is not None
    assert reel.ask(117, 0.01) is None  # the one on its way is shown first
    load(reel, 99, 2)
    assert reel.came_last == 101
    question = reel.ask(134, 0.02)
    assert question == AskReplay("replay", Moment(EPISODE, 133), 2)
    assert reel.ask(150, 0.02 + PATIENCE_S) is not None  # that took too long
    load(reel, 149, 2)
    onward = reel.ask(150, 0.3)
    assert onward is not None  # at rest, without a pause
    assert onward.first.step == 151


def test_who_goes_on_faster_than_steps_come_sees_pictures_all_the_same(reel: Reel) -> None:
    """A step takes 20 ms to make and 5 to ask for; the slider moves by one 60 times a second."""
    load(reel, 0, 1)
    seen: set[int] = set()
    parts: list[tuple[float, int, int]] = []  # when they come: first step, how many
    for tick in range(1, 4 * 60):
        now_s = tick / 60
        while parts and parts[0][0] <= now_s:
            _, first, num = parts.pop(0)
            steps = tuple(make_step(number) for number in range(first, first + num))
            reel.put(
                ReplayPart("replay", Moment(EPISODE, first), NUM_RECORDED, packed_grey(7), steps)
            )
        is_there = reel.step(tick - 1) is not None
        seen.add(tick if is_there else reel.came_last)
        question = reel.ask(tick, now_s)
        if question is not None:  # it takes the place of the one before
            first, end = question.first.step, question.first.step + question.num_steps
            parts, at_s, num = [], now_s + 0.005, 1
            while first < end:
                num = min(num, end - first)
                at_s += 0.020 * num
                parts.append((at_s, first, num))
                first, num = first + num, 6
    assert len(seen) >= 4 * 20


def test_who_walks_back_gets_the_steps_before_in_time(reel: Reel) -> None:
    load(reel, 95, 70)
    assert reel.ask(120, 0.0) is not None
    load(reel, 165, 90)
    block = reel.ask(116, 0.1)  # 94 is nearer than EDGE_STEPS
    assert block is not None
    assert block.first.step + block.num_steps > 94 > block.first.step >= 94 - NEAR_STEPS
    assert reel.ask(112, 0.1) is None  # it is on its way
    load(reel, block.first.step, block.num_steps)
    for at in range(111, 0, -4):  # no pause between blocks
        question = reel.ask(at, 0.2)
        if question is not None:
            load(reel, question.first.step, question.num_steps)
        assert reel.picture(at) is not None


def test_nothing_is_asked_beyond_the_end_or_of_an_episode_that_is_gone(reel: Reel) -> None:
    load(reel, 0, NUM_RECORDED)
    assert reel.num_loaded == NUM_RECORDED < AHEAD_STEPS + BEHIND_STEPS
    assert reel.ask(NUM_RECORDED, 0.0) is None
    assert level(reel, NUM_RECORDED) is not None  # the last picture
    reel.open(Moment(5, 0))
    assert reel.ask(0, 0.0) is not None
    reel.put(ReplayPart("replay", Moment(5, 0), 0, b"", (), "gone; why; what"))
    assert reel.problem == "gone; why; what"
    assert reel.ask(0, 1.0) is None


def test_another_episode_replaces_it_and_parts_of_the_former_are_not_taken(reel: Reel) -> None:
    load(reel, 0, 20)
    reel.open(Moment(EPISODE, 15))
    assert reel.num_loaded == 20
    reel.open(Moment(6, 15))
    load(reel, 0, 20)
    assert reel.num_loaded == 0


def test_an_episode_that_has_grown_is_loaded_anew(reel: Reel) -> None:
    load(reel, 0, 20, num_recorded=20)
    reel.open(Moment(EPISODE, 30))
    assert (reel.num_loaded, reel.num_recorded) == (0, 0)


def test_far_steps_are_dropped_when_there_are_too_many(
    reel: Reel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reel_module, "MOST_STEPS", 100)
    load(reel, 0, 180)
    reel.ask(170, 0.0)
    assert reel.num_loaded == 75
    assert reel.step(170) is not None
    assert reel.step(20) is None


def test_a_difference_from_the_record_is_kept_in_mind(reel: Reel) -> None:
    load(reel, 0, 20)
    assert not reel.has_differed
    load(reel, 20, 5, is_as_recorded=False)
    assert reel.has_differed


def test_how_the_score_went_on_is_known_when_it_has_come(reel: Reel) -> None:
    load(reel, 0, 90)
    assert reel.score_later(5, 50) == (50, 5.0)
    assert reel.score_later(60, 50) is None
    load(reel, 90, NUM_RECORDED)
    assert reel.score_later(390, 50) == (10, 1.0)  # the points of the last step count
    picture, again = reel.picture(3), reel.picture(3)
    assert picture is not None
    assert again is not None
    assert np.array_equal(picture, again)
