import dataclasses

from made_insight import saliency_of
from made_messages import make_decision

from app.models.saliency.saliency_requests import LOST_AFTER_S, REST, SaliencyRequests
from nec_engine.messages import AskSaliency, QOf, SaliencyMethod

GRADIENT, SLOW = SaliencyMethod.GRADIENT, SaliencyMethod.PERTURBATION


def ask(requests: SaliencyRequests, number: int, now_s: float, action: int = 0) -> AskSaliency:
    """The question, if one is due; else None."""
    decision = make_decision(number=number, num_actions=3)
    return requests.ask(decision, QOf(action), GRADIENT, now_s)  # type: ignore[return-value]  # None is compared


def test_a_new_map_is_asked_only_when_the_former_came() -> None:
    requests = SaliencyRequests("p")
    first = ask(requests, 1, 0.0)
    assert ask(requests, 2, 1.0) is None
    about = requests.take(saliency_of(first))
    assert about is not None
    assert about.number == 1
    assert ask(requests, 2, 1.2) is not None


def test_at_most_three_a_second_are_asked() -> None:
    requests, num_asked = SaliencyRequests("p"), 0
    for tick in range(100):
        question = ask(requests, tick, tick / 100)
        if question is not None:
            num_asked += 1
            requests.take(saliency_of(question))
    assert num_asked == 3


def test_a_slow_method_rests_for_a_multiple_of_what_it_took() -> None:
    requests = SaliencyRequests("p")
    question = ask(requests, 1, 0.0)
    requests.take(saliency_of(question, took_s=1.0))
    assert ask(requests, 2, 1.0 + REST - 0.1) is None
    assert ask(requests, 2, 1.0 + REST + 0.1) is not None


def test_an_answered_question_is_not_asked_again() -> None:
    requests = SaliencyRequests("p")
    requests.take(saliency_of(ask(requests, 1, 0.0)))
    assert ask(requests, 1, 1.0) is None
    assert ask(requests, 1, 1.0, action=1) is not None  # another target is another question


def test_another_wish_does_not_wait_and_the_old_answer_is_not_taken() -> None:
    requests = SaliencyRequests("p")
    old = ask(requests, 1, 0.0)
    requests.hurry()
    new = ask(requests, 1, 0.01, action=2)
    assert new is not None
    assert requests.take(saliency_of(old)) is None
    assert requests.take(saliency_of(dataclasses.replace(new, method=SLOW))) is None
    assert requests.take(saliency_of(new)) is not None
    assert requests.take(saliency_of(new)) is None  # it was taken


def test_a_lost_answer_is_given_up() -> None:
    requests = SaliencyRequests("p")
    ask(requests, 1, 0.0)
    assert ask(requests, 2, LOST_AFTER_S + 0.1) is not None


def test_a_map_is_as_old_as_its_decision() -> None:
    requests, decision = SaliencyRequests("p"), make_decision(number=4)
    requests.note_decision(decision, 10.0)
    question = requests.ask(decision, QOf(0), GRADIENT, 10.0)
    assert question is not None
    assert requests.age_s(saliency_of(question), 10.5) == 0.5
