from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from nec_engine.errors import DataError
from nec_engine.messages import Event, Notice, ThreadFailed
from nec_engine.run.job_thread import GivenUpError, JobThread

LIMIT_S = 60.0


class Errands(JobThread[Callable[[], None]]):
    """Jobs that are plain functions; what became of each is told."""

    def __init__(self) -> None:
        self.told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        super().__init__("errands", 0, self.told.put)

    def run_errand(self, job: Callable[[], None]) -> None:
        self._give(job)

    def next_told(self) -> Event:
        return self.told.get(timeout=LIMIT_S)

    def _do(self, job: Callable[[], None]) -> None:
        self._refuse_given_up()
        job()
        self._refuse_given_up()
        self._post(Notice("done"))

    def _tell_failed(self, job: Callable[[], None], problem: str) -> None:
        self._post(Notice(problem))

    def _tell_given_up(self, job: Callable[[], None]) -> None:
        self._post(Notice("given up"))


def fail(error: Exception) -> Callable[[], None]:
    def job() -> None:
        raise error

    return job


@pytest.fixture
def errands() -> Iterator[Errands]:
    errands = Errands()
    yield errands
    errands.ask_stop()
    assert errands.join(LIMIT_S)


def test_there_is_no_thread_before_the_first_job(errands: Errands) -> None:
    assert errands.join(0.0)
    assert "errands" not in {thread.name for thread in threading.enumerate()}
    errands.run_errand(lambda: None)
    assert errands.next_told() == Notice("done")


def test_jobs_are_done_in_order_and_each_is_told(errands: Errands) -> None:
    done: list[int] = []
    for number in range(20):
        errands.run_errand(partial(done.append, number))
    assert [errands.next_told() for _ in range(20)] == [Notice("done")] * 20
    assert done == list(range(20))


def test_what_goes_wrong_is_told_and_the_next_job_is_done(errands: Errands) -> None:
    errands.run_errand(fail(DataError("no room", "the disk is full", "make some")))
    assert errands.next_told() == Notice("no room; the disk is full; make some")
    errands.run_errand(fail(KeyError("key")))
    assert errands.next_told() == Notice("KeyError: 'key'")
    fault = errands.next_told()
    assert isinstance(fault, ThreadFailed)
    assert (fault.thread, fault.message) == ("errands", "KeyError: 'key'")
    errands.run_errand(lambda: None)
    assert errands.next_told() == Notice("done")


def test_all_jobs_given_so_far_can_be_given_up_and_later_ones_are_done(errands: Errands) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def long_job() -> None:
        has_begun.set()
        may_end.wait(LIMIT_S)

    errands.run_errand(long_job)
    errands.run_errand(lambda: None)
    assert has_begun.wait(LIMIT_S)
    errands.give_up()
    errands.run_errand(lambda: None)
    may_end.set()
    told = [errands.next_told() for _ in range(3)]
    assert told == [Notice("given up"), Notice("given up"), Notice("done")]


def test_a_job_may_give_itself_up(errands: Errands) -> None:
    errands.run_errand(fail(GivenUpError()))
    assert errands.next_told() == Notice("given up")
