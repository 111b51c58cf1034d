"""Who yields when the cores are few: the window and the live game come before training."""

from __future__ import annotations

import os
import sys
import threading


def lower_this_thread() -> None:
    """Let this thread run on what the others leave over (Linux; elsewhere nothing happens).

    On Linux the policy belongs to the thread, so that the rest of the process keeps its own. With
    a mere niceness a thread that wakes up waits for the next tick of the scheduler, up to 4 ms.
    """
    if sys.platform == "linux":
        os.sched_setscheduler(threading.get_native_id(), os.SCHED_IDLE, os.sched_param(0))
