from hypothesis import given
from hypothesis import strategies as st

from app.models.neighbours.picture_requests import LOST_AFTER_S, MOST_A_SECOND, PictureRequests
from nec_engine.messages import Moment


def wanted(*steps: int) -> list[tuple[Moment, int]]:
    return [(Moment(1, step), step) for step in steps]


@given(st.lists(st.tuples(st.floats(0.001, 0.4), st.booleans()), min_size=5, max_size=80))
def test_no_second_of_play_asks_for_more_than_eight(ticks: list[tuple[float, bool]]) -> None:
    requests, now_s, asked_s, step = PictureRequests("p"), 0.0, [], 0
    for later_s, is_answered in ticks:
        now_s += later_s
        question = requests.ask(wanted(*range(step, step + 6)), is_still=False, now_s=now_s)
        for moment in question.moments if question else ():
            asked_s.append(now_s)
            if is_answered:
                requests.note_answer(moment)
        step += 6
    for start_s in asked_s:
        assert sum(start_s <= at < start_s + 1.0 for at in asked_s) <= MOST_A_SECOND


def test_while_answers_are_due_nothing_new_is_asked() -> None:
    requests = PictureRequests("p")
    assert requests.ask(wanted(1, 2, 3), is_still=False, now_s=0.0) is not None
    assert requests.ask(wanted(4, 5), is_still=False, now_s=0.9) is None
    requests.note_answer(Moment(1, 1))
    requests.note_answer(Moment(1, 2))
    assert requests.ask(wanted(4, 5), is_still=False, now_s=0.9) is not None


def test_a_lost_answer_does_not_stop_the_questions() -> None:
    requests = PictureRequests("p")
    requests.ask(wanted(1), is_still=False, now_s=0.0)
    assert requests.ask(wanted(2), is_still=False, now_s=LOST_AFTER_S + 0.1) is not None


def test_when_still_all_is_asked_at_once_most_urgent_first_and_only_once() -> None:
    requests = PictureRequests("p")
    question = requests.ask(wanted(*range(50)), is_still=True, now_s=0.0)
    assert question is not None
    assert question.moments == tuple(Moment(1, step) for step in range(50))
    assert question.state_hashes == tuple(range(50))
    assert requests.ask(wanted(*range(10, 50)), is_still=True, now_s=0.1) is None


def test_a_new_wish_when_still_asks_again_for_all_that_is_missing() -> None:
    requests = PictureRequests("p")
    requests.ask(wanted(1, 2), is_still=True, now_s=0.0)
    question = requests.ask(wanted(3, 1, 2), is_still=True, now_s=0.1)
    assert question is not None
    assert question.moments == (Moment(1, 3), Moment(1, 1), Moment(1, 2))


def test_the_same_moment_is_asked_once_though_two_neighbours_share_it() -> None:
    question = PictureRequests("p").ask(wanted(1, 1, 2), is_still=True, now_s=0.0)
    assert question is not None
    assert len(question.moments) == 2
