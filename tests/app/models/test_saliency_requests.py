from made_messages import make_decision, saliency_of

from app.models.saliency_requests import LOST_AFTER_S, SaliencyRequests


def test_a_new_map_is_asked_only_when_the_former_came() -> None:
    requests = SaliencyRequests("p")
    assert requests.ask(make_decision(number=1), 0, 0.0) is not None
    assert requests.ask(make_decision(number=2), 0, 1.0) is None
    requests.note_answer()
    assert requests.ask(make_decision(number=2), 0, 1.0) is not None


def test_at_most_three_a_second_are_asked() -> None:
    requests, num_asked = SaliencyRequests("p"), 0
    for tick in range(100):
        if requests.ask(make_decision(number=tick, num_actions=1), 0, tick / 100):
            num_asked += 1
            requests.note_answer()
    assert num_asked == 3


def test_an_answered_question_is_not_asked_again() -> None:
    requests, decision = SaliencyRequests("p"), make_decision()
    requests.ask(decision, 0, 0.0)
    requests.note_answer()
    assert requests.ask(decision, 0, 1.0) is None
    assert requests.ask(decision, 1, 1.0) is not None  # another target is another question


def test_a_lost_answer_is_given_up() -> None:
    requests = SaliencyRequests("p")
    requests.ask(make_decision(number=1), 0, 0.0)
    assert requests.ask(make_decision(number=2), 0, LOST_AFTER_S + 0.1) is not None


def test_a_map_is_as_old_as_its_decision() -> None:
    requests, decision = SaliencyRequests("p"), make_decision(number=4)
    requests.note_decision(decision, 10.0)
    question = requests.ask(decision, 0, 10.0)
    assert question is not None
    assert requests.age_s(saliency_of(question), 10.5) == 0.5
