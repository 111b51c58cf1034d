"""Who yields when the cores are few."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from nec_engine.run.priority import SLICE_NS, lower_this_thread, take_short_turns


def in_a_thread(do: Callable[[], object]) -> list[str]:
    """``do`` in a thread of its own; what the system then says of it."""
    said: list[str] = []

    def work() -> None:
        if do() is False:
            return
        tid = threading.get_native_id()
        said.append(str(os.getpriority(os.PRIO_PROCESS, tid)))
        path = Path(f"/proc/self/task/{tid}/sched")
        if path.exists():
            lines = path.read_text().splitlines()
            said.extend(line.split()[-1] for line in lines if line.startswith("se.slice"))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return said


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness on Linux alone")
def test_a_thread_yields_by_itself() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert in_a_thread(lambda: lower_this_thread(before + 3))[0] == str(before + 3)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness on Linux alone")
def test_a_thread_that_yields_more_already_is_not_raised() -> None:
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def lower_twice() -> None:
        lower_this_thread(before + 3)
        lower_this_thread(before + 1)

    assert in_a_thread(lower_twice)[0] == str(before + 3)


def test_short_turns_change_nothing_else() -> None:
    said = in_a_thread(take_short_turns)
    if not said:
        pytest.skip("this system has no such turns")
    assert said[0] == str(os.getpriority(os.PRIO_PROCESS, 0))
    assert said[1:] in ([], [str(SLICE_NS)])
