from __future__ import annotations

import threading

from nec_engine.run.mailbox import Inbox, Newest, WakeUp


def test_newest_gives_the_last_value_once() -> None:
    newest: Newest[int] = Newest()
    assert newest.take() is None
    newest.put(1)
    newest.put(2)
    assert newest.take() == 2
    assert newest.take() is None


def test_the_inbox_loses_nothing_and_keeps_the_order_of_each_writer() -> None:
    inbox: Inbox[tuple[int, int]] = Inbox()

    def write(number: int) -> None:
        for i in range(500):
            inbox.put((number, i))

    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for writer in writers:
        writer.start()
    taken: list[tuple[int, int]] = []
    while len(taken) < 2000:
        assert inbox.wait(10)
        taken += inbox.take_all()
    for writer in writers:
        writer.join()
    for n in range(4):
        assert [i for writer, i in taken if writer == n] == list(range(500))


def test_waiting_on_an_empty_inbox_gives_up_after_its_time() -> None:
    assert not Inbox[int]().wait(0.0)


def test_the_wake_up_calls_once_until_it_is_answered() -> None:
    calls: list[int] = []
    wake_up = WakeUp()
    wake_up.ring()  # nobody is connected yet
    wake_up.connect(lambda: calls.append(1))
    wake_up.ring()
    wake_up.ring()
    assert len(calls) == 1
    wake_up.answered()
    wake_up.ring()
    assert len(calls) == 2
    wake_up.answered()
    wake_up.connect(None)
    wake_up.ring()
    assert len(calls) == 2
