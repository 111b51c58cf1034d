import dataclasses

from made_messages import make_decision

from app.models.replay.hindsight_requests import CAPACITY, FRESH_S, LOST_AFTER_S, HindsightRequests
from nec_engine.messages import Decision, Moment


def thought(step: int) -> Decision:
    return dataclasses.replace(make_decision(num_actions=2), moment=Moment(3, step))


def test_a_step_is_asked_once_and_again_when_its_answer_has_aged() -> None:
    requests = HindsightRequests("thoughts")
    assert requests.ask(Moment(3, 5), is_playing=False, now_s=-1.0) is None  # only just there
    question = requests.ask(Moment(3, 5), is_playing=False, now_s=0.0)
    assert question is not None
    assert (question.first, question.num_steps) == (Moment(3, 5), 1)
    assert requests.ask(Moment(3, 5), is_playing=False, now_s=0.5) is None
    requests.put(thought(5), 0.5)
    assert requests.get(Moment(3, 5)) is not None
    assert requests.ask(Moment(3, 5), is_playing=False, now_s=1.0) is None
    assert requests.ask(Moment(3, 5), is_playing=False, now_s=1.0 + FRESH_S) is not None


def test_while_it_plays_one_answer_is_waited_for_and_standing_still_the_newest_step_counts() -> (
    None
):
    requests = HindsightRequests("thoughts")
    assert requests.ask(Moment(3, 5), is_playing=True, now_s=0.0)
    assert requests.ask(Moment(3, 8), is_playing=True, now_s=0.5) is None
    assert requests.ask(Moment(3, 8), is_playing=False, now_s=0.7)
    assert requests.ask(Moment(3, 9), is_playing=True, now_s=0.8 + LOST_AFTER_S)


def test_at_most_ten_a_second_are_asked_while_it_plays() -> None:
    requests = HindsightRequests("thoughts")
    num_asked = 0
    for tick in range(200):
        if requests.ask(Moment(3, tick), is_playing=True, now_s=tick / 100):
            num_asked += 1
            requests.put(thought(tick), tick / 100)
    assert 15 <= num_asked <= 20


def test_the_oldest_are_forgotten() -> None:
    requests = HindsightRequests("thoughts")
    for step in range(CAPACITY + 5):
        requests.put(thought(step), 0.0)
    assert requests.get(Moment(3, 4)) is None
    assert requests.get(Moment(3, 5)) is not None
    requests.clear()
    assert requests.get(Moment(3, 9)) is None
