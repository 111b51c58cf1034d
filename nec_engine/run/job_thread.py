"""A thread that does one job after the other; it begins with the first."""

from __future__ import annotations

import itertools
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Generic, TypeVar

from nec_engine.errors import NecError
from nec_engine.messages import Event, ThreadFailed
from nec_engine.run.priority import lower_this_thread

AnyJob = TypeVar("AnyJob")


class GivenUpError(Exception):
    """The person, or the end of the program, gave the job in hand up."""


class JobThread(ABC, Generic[AnyJob]):
    """Does the jobs it is given, in order and none lost; what a job is, is for each to say.

    A job that cannot be done, or comes to a fault, is told as an event; the next one may do.
    """

    def __init__(
        self, name: str, niceness: int, post: Callable[[Event], None], *, is_daemon: bool = False
    ) -> None:
        self._name, self._niceness, self._post = name, niceness, post
        self._is_daemon = is_daemon
        self._jobs: queue.SimpleQueue[tuple[int, AnyJob] | None] = queue.SimpleQueue()
        self._numbers = itertools.count(1)
        self._given_up_before = 0  # jobs with a lower number
        self._number = 0  # of the job in hand
        self._thread: threading.Thread | None = None

    # --- the window's thread ---

    def give_up(self) -> None:
        """The job in hand and all that wait; nothing half is left of them."""
        self._given_up_before = next(self._numbers)

    def ask_stop(self) -> None:
        """Give everything up and end."""
        self.give_up()
        self._jobs.put(None)

    def join(self, timeout_s: float) -> bool:
        """True when the thread is gone."""
        if self._thread is None:
            return True
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _give(self, job: AnyJob) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name=self._name, daemon=self._is_daemon
            )
            self._thread.start()
        self._jobs.put((next(self._numbers), job))

    # --- the thread itself ---

    @abstractmethod
    def _do(self, job: AnyJob) -> None:
        """All of one job. May raise :class:`GivenUpError` or :class:`NecError`."""

    @abstractmethod
    def _tell_failed(self, job: AnyJob, problem: str) -> None:
        """The job is over, because of ``problem``."""

    def _tell_given_up(self, job: AnyJob) -> None:  # most have nothing to say
        """The job is over, because it was given up. Overridden where anybody waits for that."""

    def _is_given_up(self) -> bool:
        """The job in hand is not wanted any more."""
        return self._number < self._given_up_before

    def _refuse_given_up(self) -> None:
        if self._is_given_up():
            raise GivenUpError

    def _run(self) -> None:
        lower_this_thread(self._niceness)
        while (item := self._jobs.get()) is not None:
            self._number, job = item
            self._attempt(job)

    def _attempt(self, job: AnyJob) -> None:
        try:
            self._do(job)
        except GivenUpError:
            self._tell_given_up(job)
        except NecError as error:
            self._tell_failed(job, str(error))
        except Exception as error:  # noqa: BLE001 - told to the window; the next one may do
            fault = ThreadFailed.by(self._name, error)
            self._tell_failed(job, fault.message)
            self._post(fault)
