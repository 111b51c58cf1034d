"""Who yields when the cores are few: the window and the live game come before the rest."""

from __future__ import annotations

import os
import sys
import threading

INSPECT_NICENESS = 10
TRAIN_NICENESS = 15


def lower_this_thread(niceness: int) -> None:
    """Let the scheduler prefer the other threads to this one (Linux; elsewhere nothing happens).

    On Linux niceness belongs to the thread, so that the rest of the process keeps its own.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
