from __future__ import annotations

import threading
import time

from nec_engine.run.right_of_way import LONGEST_WAIT_S, RightOfWay


def seconds(right_of_way: RightOfWay) -> float:
    start_s = time.perf_counter()
    right_of_way.give()
    return time.perf_counter() - start_s


def test_nobody_waits_unless_a_picture_is_due() -> None:
    right_of_way = RightOfWay()
    right_of_way.give()
    right_of_way.claim(time.perf_counter() + 60)
    right_of_way.give()  # not yet due


def test_a_window_that_does_not_come_is_waited_for_once_and_not_for_long() -> None:
    right_of_way = RightOfWay()
    right_of_way.claim(time.perf_counter())
    assert seconds(right_of_way) >= LONGEST_WAIT_S
    right_of_way._given_up_s = right_of_way._from_s
    right_of_way.give()  # the same claim again: at once, or the loop would never end


def test_the_wait_ends_when_the_window_has_come() -> None:
    right_of_way = RightOfWay()
    right_of_way.claim(time.perf_counter())
    threading.Thread(target=right_of_way.release).start()
    right_of_way.give()
    assert right_of_way._from_s == float("inf")
