"""Who gets the interpreter next: a picture that is due, then who is waited for, then training."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LEAD_S: Final = 0.0012  # before the picture is due, so that the live thread wakes up in time
NAP_S: Final = 0.00015
LONGEST_WAIT_S: Final = 0.008  # for one picture; a window that does not come is not waited for
LONGEST_PAUSE_S: Final = 0.02  # of training at a time, for what a person waits for


class RightOfWay:
    """A claim of the pace thread that ends when the window has painted and rests.

    A thread that runs many short operations lets the interpreter go after each of them and has it
    back before another thread is awake, for milliseconds on end. Threads that can wait therefore
    call :meth:`give` between their parts: it costs 0.1 us unless a picture is due just now.
    """

    def __init__(self) -> None:
        self._from_s = float("inf")
        self._given_up_s = float("-inf")  # the claim that was waited for in vain
        self._is_in_a_hurry = False

    def claim(self, due_s: float) -> None:
        """A picture is due at ``due_s`` (perf_counter); pace thread."""
        self._from_s = due_s - LEAD_S

    def release(self) -> None:
        """The window has done what the picture brought, and waits; its thread."""
        self._from_s = float("inf")

    def give(self) -> None:
        """Wait while a picture is due, a few milliseconds at most; any other thread."""
        start_s = time.perf_counter()
        if start_s < self._from_s:
            return
        claim_s = self._from_s
        while time.perf_counter() >= self._from_s and claim_s != self._given_up_s:
            if time.perf_counter() - start_s > LONGEST_WAIT_S:
                self._given_up_s = claim_s
                return
            time.sleep(NAP_S)

    @contextmanager
    def hurry(self) -> Iterator[None]:
        """What is made in here is waited for, by a person at a slider; of one thread at a time."""
        self._is_in_a_hurry = True
        try:
            yield
        finally:
            self._is_in_a_hurry = False

    def give_longer(self) -> None:
        """As :meth:`give`, and to who is in a hurry; the train thread, between parts of a step."""
        self.give()
        if self._is_in_a_hurry:
            until_s = time.perf_counter() + LONGEST_PAUSE_S
            while self._is_in_a_hurry and time.perf_counter() < until_s:
                time.sleep(NAP_S)
