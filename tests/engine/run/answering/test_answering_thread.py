"""The thread that answers: turns, the newest question, and what goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from nec_engine.messages import AskPictures, Moment, PictureAnswer, ThreadFailed
from nec_engine.run.answering import answering_thread
from nec_engine.run.answering.answering_thread import AnsweringThread, Turns
from nec_engine.run.engine_api import News
from nec_engine.run.outbox import Outbox


def said(panel: str, number: int) -> PictureAnswer:
    return PictureAnswer(panel, Moment(number, 0), None, None, False)


class Scripted(AnsweringThread[AskPictures]):
    """Answers each panel's question with the turns that a test wrote for it."""

    def __init__(self, outbox: Outbox, turns: dict[str, Callable[[], Turns]]) -> None:
        super().__init__("scripted", outbox)
        self._turns = turns

    def _answers(self, question: AskPictures) -> Turns:
        return self._turns[question.panel]()


@pytest.fixture
def ask_all() -> Iterator[Callable[..., News]]:
    """Asks a question for each panel before the thread starts; all that it said, once it rests."""
    threads = []

    def ask(**turns: Callable[[], Turns]) -> News:
        outbox = Outbox()

        def the_end() -> Turns:
            thread.ask_stop()
            yield None

        def last() -> Turns:
            yield from (None for _ in range(20))
            yield from the_end()

        thread = Scripted(outbox, {**turns, "last": last})
        threads.append(thread)
        for panel in (*turns, "last"):
            thread.ask(AskPictures(panel, (), ()))
        thread.start()
        assert thread.join(60)
        return outbox.pull()

    yield ask
    for thread in threads:
        thread.ask_stop()
        thread.join(60)


def test_long_work_in_parts_lets_another_panel_be_answered_first(
    ask_all: Callable[..., News],
) -> None:
    def long() -> Turns:
        yield from (None, None, None)
        yield said("long", 1)

    def short() -> Turns:
        yield said("short", 1)
        yield said("short", 2)

    news = ask_all(long=long, short=short)
    assert [answer.panel for answer in news.answers] == ["short", "short", "long"]


class Hurried(Scripted):
    def _is_urgent(self, question: AskPictures) -> bool:
        return question.panel == "urgent"


def order_of(turns: dict[str, Callable[[], Turns]]) -> list[str]:
    """Whose answers came, in their order, of an "urgent" panel and others; "urgent" ends it."""
    outbox = Outbox()
    thread = Hurried(outbox, turns)
    for panel in turns:
        thread.ask(AskPictures(panel, (), ()))
    thread.start()
    time.sleep(0.05)
    thread.ask_stop()
    assert thread.join(60)
    return [answer.panel for answer in outbox.pull().answers]


def test_what_is_urgent_comes_before_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering_thread, "PATIENCE_S", 1e6)

    def three(panel: str) -> Callable[[], Turns]:
        return lambda: (said(panel, number) for number in range(3))

    turns = {"long": three("long"), "urgent": three("urgent")}
    order = order_of(turns)
    assert order == ["urgent"] * 3 + ["long"] * 3


def test_what_is_urgent_for_ever_starves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering_thread, "PATIENCE_S", 0.005)

    def for_ever(panel: str) -> Callable[[], Turns]:
        def turns() -> Turns:
            while True:
                time.sleep(0.001)
                yield said(panel, 0)

        return turns

    order = order_of({"long": for_ever("long"), "urgent": for_ever("urgent")})
    assert 2 <= order.count("long") < order.count("urgent")


def test_the_work_that_each_panel_makes_is_counted_and_told_once() -> None:
    outbox = Outbox()

    def busy() -> Turns:
        for number in range(3):
            until_s = time.thread_time() + 0.02
            while time.thread_time() < until_s:
                pass
            yield said("busy", number)
        thread.ask_stop()

    def lazy() -> Turns:
        yield said("lazy", 1)
        time.sleep(0.05)
        yield said("lazy", 2)

    thread = Scripted(outbox, {"busy": busy, "lazy": lazy})
    thread.ask(AskPictures("lazy", (), ()))
    thread.ask(AskPictures("busy", (), ()))
    thread.start()
    assert thread.join(60)
    work_s = outbox.pull().work_s
    assert work_s["busy"] >= 0.06
    assert work_s["lazy"] < 0.02
    assert outbox.pull().work_s == {}


def test_a_question_that_fails_is_told_and_the_others_are_answered(
    ask_all: Callable[..., News],
) -> None:
    def bad() -> Turns:
        yield said("bad", 1)
        raise ValueError("no such thing")

    def good() -> Turns:
        yield None
        yield None
        yield said("good", 1)

    news = ask_all(bad=bad, good=good)
    assert [answer.panel for answer in news.answers] == ["bad", "good"]
    (failed,) = news.events
    assert isinstance(failed, ThreadFailed)
    assert "no such thing" in failed.message


def test_who_asks_does_not_wait_for_what_an_old_question_leaves_behind() -> None:
    has_begun, is_leaving, may_leave = threading.Event(), threading.Event(), threading.Event()

    def old() -> Turns:
        try:
            while True:
                has_begun.set()
                yield None
        finally:
            is_leaving.set()
            may_leave.wait(120)

    turns = iter([old])
    thread = Scripted(Outbox(), {"panel": lambda: next(turns, lambda: iter(()))()})
    question = AskPictures("panel", (), ())
    thread.ask(question)
    thread.start()
    assert has_begun.wait(60)
    thread.ask(question)
    assert is_leaving.wait(60)
    asking = threading.Thread(target=thread.ask, args=(question,))
    asking.start()
    asking.join(60)
    did_wait = asking.is_alive()
    may_leave.set()
    asking.join(60)
    thread.ask_stop()
    assert thread.join(60)
    assert not did_wait
