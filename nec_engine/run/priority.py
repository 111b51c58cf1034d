"""Who yields when the cores are few: the window and the live game come before the rest."""

from __future__ import annotations

import ctypes
import os
import platform
import sys
import threading
from typing import Final

INSPECT_NICENESS = 10
TRAIN_NICENESS = 15
SLICE_NS: Final = 100_000  # the least that Linux takes
# Numbers of sched_setattr and sched_getattr, which older C libraries have no names for.
SYSTEM_CALLS: Final = {"x86_64": (314, 315), "aarch64": (274, 275)}
ORDINARY: Final = 0  # SCHED_OTHER


class _Scheduling(ctypes.Structure):
    """``struct sched_attr`` of Linux in its first version."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime_ns", ctypes.c_uint64),
        ("deadline_ns", ctypes.c_uint64),
        ("period_ns", ctypes.c_uint64),
    )


def lower_this_thread(niceness: int) -> None:
    """Let the scheduler prefer the other threads to this one (Linux; elsewhere nothing happens).

    On Linux niceness belongs to the thread, so that the rest of the process keeps its own. One that
    is nicer already stays so: only the superuser may raise a priority again.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        niceness = max(niceness, os.getpriority(os.PRIO_PROCESS, thread))
        os.setpriority(os.PRIO_PROCESS, thread, niceness)


def take_short_turns() -> bool:
    """Let this thread, and those it starts from now on, be interrupted after 0.1 ms; whether so.

    Linux lets a thread that runs finish its turn, of 1 to 3 ms, before one that wakes up gets the
    core, however nice the first is: long for a picture that is due. Since 6.12 a thread may ask for
    shorter turns; where that is not to be had, nothing changes.
    """
    numbers = SYSTEM_CALLS.get(platform.machine())
    if sys.platform != "linux" or numbers is None:
        return False
    set_number, get_number = numbers
    system_call = ctypes.CDLL(None).syscall
    now = _Scheduling()
    size = ctypes.sizeof(now)
    if system_call(get_number, 0, ctypes.byref(now), size, 0) or now.policy != ORDINARY:
        return False
    wanted = _Scheduling(size=size, policy=now.policy, nice=now.nice, runtime_ns=SLICE_NS)
    return bool(system_call(set_number, 0, ctypes.byref(wanted), 0) == 0)
