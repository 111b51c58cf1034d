"""Where moments lie on the timeline, what its columns show, and its words."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_timeline import branched, episode, timeline_of

from app.models.timeline.timeline_columns import PaintedColumns, columns_of
from app.models.timeline.timeline_marks import PaintedMarks
from app.models.timeline.timeline_ruler import NUM_LANES, Ruler, Stretch, game_ruler, session_ruler
from app.models.timeline.timeline_words import course_cells, course_words, mark_words, moment_words
from nec_engine.messages import F32, FIRST_LIVE_EPISODE, Ending, Luck, Mark, MarkKind, Moment

A, B, C = (FIRST_LIVE_EPISODE + number for number in range(3))


def test_a_game_is_its_path_and_the_rest_of_what_was_left_hangs_below() -> None:
    ruler = game_ruler(branched())  # A of 150 steps, left at 100 for B of 30
    assert [(s.episode.episode, s.place, s.num_steps) for s in ruler.stretches] == [
        (A, 0, 100),
        (B, 100, 30),
    ]
    ((tail, lane),) = [(branch.stretch, branch.lane) for branch in ruler.branches]
    assert (tail.episode.episode, tail.place, tail.first_step, tail.num_steps) == (A, 100, 100, 50)
    assert lane == 0
    assert ruler.moment_at(99) == Moment(A, 99)
    assert ruler.moment_at(100) == Moment(B, 0)
    assert ruler.moment_at(10_000) == Moment(B, 30)
    assert ruler.moment_at(-5) == Moment(A, 0)
    assert ruler.place_of(Moment(A, 120)) is None
    assert ruler.place_of(Moment(B, 40)) == 140  # newer than what is known


def test_the_session_is_all_of_it_in_order() -> None:
    ruler = session_ruler(branched())
    assert ruler.num_places == 180
    assert ruler.moment_at(149) == Moment(A, 149)
    assert ruler.moment_at(160) == Moment(B, 10)
    assert ruler.place_of(Moment(A, 120)) == 120


def test_another_game_of_the_session_is_not_on_the_ruler_of_this_one() -> None:
    first, second = episode(A, 50), episode(B, 20)
    branch = episode(C, 10, parent=Moment(A, 30), offset=30)
    timeline = timeline_of(first, second, branch, route=((A, 0), (C, 30)))
    ruler = game_ruler(timeline)
    shown = {s.episode.episode for s in ruler.stretches}
    assert shown == {A, C}
    assert {branch.stretch.episode.episode for branch in ruler.branches} == {A}


def test_branches_side_by_side_have_lanes_and_too_many_are_left_to_the_list() -> None:
    branches = [episode(A + 1 + n, 40, parent=Moment(A, 10 * n), offset=10 * n) for n in range(6)]
    ruler = game_ruler(timeline_of(episode(A, 100), *branches, route=((A, 0),)))
    lanes = [branch.lane for branch in ruler.branches]
    assert sorted(set(lanes)) == list(range(NUM_LANES))
    for one in ruler.branches:
        for other in ruler.branches:
            if one is not other and one.lane == other.lane:
                assert (
                    one.stretch.end < other.stretch.place or one.stretch.place > other.stretch.end
                )


@given(
    courses=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=30),
)
def test_each_course_has_the_first_lane_in_which_it_touches_no_newer_one(
    courses: list[tuple[int, int]],
) -> None:
    branches = [
        episode(A + 1 + n, num_steps, parent=Moment(A, place), offset=place)
        for n, (place, num_steps) in enumerate(courses)
    ]
    expected: list[tuple[int, int]] = []
    lanes: list[set[int]] = [set() for _ in range(NUM_LANES)]
    for n, (place, num_steps) in reversed(list(enumerate(courses))):
        places = set(range(place, place + num_steps + 1))
        free = [lane for lane in range(NUM_LANES) if num_steps and not lanes[lane] & places]
        if free:
            lanes[free[0]] |= places
            expected.append((A + 1 + n, free[0]))
    ruler = game_ruler(timeline_of(episode(A, 100), *branches, route=((A, 0),)))
    assert [(b.stretch.episode.episode, b.lane) for b in ruler.branches] == expected


def test_a_course_is_not_measured_against_all_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    num, num_looks = 1_000, 0

    def counted(stretch: Stretch) -> int:
        nonlocal num_looks
        num_looks += 1
        return stretch.place + stretch.num_steps

    monkeypatch.setattr(Stretch, "end", property(counted))
    branches = [episode(A + 1 + n, 1, parent=Moment(A, 3 * n), offset=3 * n) for n in range(num)]
    ruler = game_ruler(timeline_of(episode(A, 3 * num), *branches, route=((A, 0),)))
    assert len(ruler.branches) == num
    assert num_looks <= 3 * NUM_LANES * num


def test_nothing_played_is_an_empty_ruler() -> None:
    ruler = game_ruler(timeline_of(route=None))
    assert ruler.num_places == 0
    assert ruler.moment_at(3) is None
    assert columns_of(ruler, 500).scores.size == 0


@given(num_steps=st.integers(1, 30_000), width=st.integers(1, 900))
def test_columns_cover_the_steps_and_no_more(num_steps: int, width: int) -> None:
    made = episode(A, num_steps)
    ruler = Ruler((Stretch(made, 0, 0, num_steps),))
    assert num_steps <= ruler.span <= max(100, 2 * num_steps)
    columns = columns_of(ruler, width)
    assert len(columns.scores) == len(columns.familiarity) == len(columns.is_person) <= width
    assert columns.scores[-1] == made.track.scores[-1] == columns.score_range[1]
    assert np.all(np.diff(columns.scores) >= 0)  # the score only rises in a made episode


def test_a_short_dip_of_familiarity_is_seen_however_narrow_the_column() -> None:
    made = episode(A, 20_000, familiarity={12_345: 0.03})
    columns = columns_of(Ruler((Stretch(made, 0, 0, 20_000),)), 300)
    assert columns.familiarity.min() == pytest.approx(0.03)
    blind = episode(A, 50, familiarity=dict.fromkeys(range(50), math.nan))
    assert np.isnan(columns_of(Ruler((Stretch(blind, 0, 0, 50),)), 300).familiarity).all()


def test_words_say_what_is_known_and_leave_out_what_is_not() -> None:
    timeline = branched()
    words = moment_words(timeline, Moment(B, 12))
    assert words.startswith("live 2, step 12 (0:07) · score 12")
    assert "familiarity 50 %" in words
    blind = timeline_of(
        episode(A, 5, familiarity=dict.fromkeys(range(5), math.nan)), route=((A, 0),)
    )
    assert "familiarity" not in moment_words(blind, Moment(A, 3))
    assert moment_words(timeline, Moment(7, 3)) == "episode 7, step 3"


@pytest.mark.parametrize("kind", MarkKind)
def test_every_bookmark_has_words(kind: MarkKind) -> None:
    assert mark_words(Mark(kind, 3, 0.25))


def test_a_course_tells_where_it_comes_from() -> None:
    course = episode(B, 30, parent=Moment(A, 100), offset=100, luck=Luck.NEW, ending=Ending.LEFT)
    name, score, steps, stands = course_cells(course)
    assert name == "2 ← 1 at 100"
    assert (score, steps, stands) == ("30", "30", "new luck, left")
    assert "branched from live game 1, step 100 with new luck" in course_words(course)
    assert "the agent played" in course_words(course)


def test_of_many_bookmarks_on_the_same_pixels_the_biggest_of_each_kind_is_kept() -> None:
    rewards = tuple(Mark(MarkKind.REWARD, step, 10.0 + step % 7) for step in range(0, 20_000, 5))
    surprise = Mark(MarkKind.SURPRISE, 9_999, 3.0)
    made = episode(A, 20_000, marks=(*rewards, surprise))
    placed = PaintedMarks().on(Ruler((Stretch(made, 0, 0, 20_000),)), 600)
    assert len(placed) <= 600 // 3 + 2
    assert placed[-1].mark is surprise  # rarest last: on top
    assert placed[-1].place == 9_999
    assert {item.mark.amount for item in placed[:-1]} == {16.0}


def test_bookmarks_of_a_course_lie_where_its_steps_are() -> None:
    marks = (Mark(MarkKind.LIFE_LOST, 90), Mark(MarkKind.LIFE_LOST, 120))
    ruler = game_ruler(branched(marks))  # step 120 was played on the course that was left
    assert [item.place for item in PaintedMarks().on(ruler, 600)] == [90]
    assert [item.place for item in PaintedMarks().on(session_ruler(branched(marks)), 600)] == [
        90,
        120,
    ]


class Counted(tuple[Mark, ...]):
    """Bookmarks that count how often they are gone through."""

    num_times = 0

    def __iter__(self) -> Iterator[Mark]:
        type(self).num_times += 1
        return super().__iter__()


def test_what_is_over_is_gone_through_once_while_the_session_grows() -> None:
    over = episode(A, 3_000, marks=Counted([Mark(MarkKind.REWARD, step) for step in range(3_000)]))
    marks, columns = PaintedMarks(), PaintedColumns()
    for num_steps in (10, 20, 30):
        newest = episode(B, num_steps, marks=(Mark(MarkKind.LIFE_LOST, 5),), person=range(3, 9))
        ruler = session_ruler(timeline_of(over, newest, route=((B, 0),)))
        painted, shown = marks.on(ruler, 700), columns.of(ruler, 700)
    assert Counted.num_times == 1
    assert painted == PaintedMarks().on(ruler, 700)
    for name in ("scores", "familiarity", "is_person"):
        assert np.array_equal(getattr(shown, name), getattr(columns_of(ruler, 700), name))


def test_the_steps_of_a_long_session_are_not_copied_again_as_it_grows() -> None:
    columns = PaintedColumns()
    over = episode(A, 3_000)
    buffers: list[F32] = []
    for num_steps in range(1, 200):
        columns.of(session_ruler(timeline_of(over, episode(B, num_steps), route=((B, 0),))), 700)
        if not any(columns._buffer is buffer for buffer in buffers):
            buffers.append(columns._buffer)
    assert len(buffers) == 1


@given(lengths=st.lists(st.integers(1, 400), min_size=1, max_size=8), width=st.integers(1, 900))
def test_a_session_that_grew_is_painted_as_one_that_is_seen_at_once(
    lengths: list[int], width: int
) -> None:
    marks, columns = PaintedMarks(), PaintedColumns()
    episodes = [
        episode(A + number, length, marks=(Mark(MarkKind.REWARD, length // 2, float(number)),))
        for number, length in enumerate(lengths)
    ]
    for number in range(1, len(episodes) + 1):
        ruler = session_ruler(timeline_of(*episodes[:number], route=((A, 0),)))
        assert marks.on(ruler, width) == PaintedMarks().on(ruler, width)
        grown, fresh = columns.of(ruler, width), columns_of(ruler, width)
        assert np.array_equal(grown.scores, fresh.scores)
        assert np.array_equal(grown.is_person, fresh.is_person)
