"""The parent's side of the builder: starts it, hands it one job at a time, holds it back."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

from nec_engine.child import end_child, start_child
from nec_engine.memory.index.builder import BuildJob

CPU_SHARE = 1 / 3  # of one core, while building
LOOK_EVERY_S = 0.01
LONGEST_STOP_S = 0.05
MODULE = "nec_engine.memory.index.builder"


class BuildEnded(NamedTuple):
    """A job is done, or not: ``problem`` says why, in words."""

    problem: str


class BuilderProcess:
    """One child process for all builds, started with the first.

    A thread of its own starts the child, so that the child dies with it, and stops and continues
    it so that building takes at most a third of a core: one build is a single call into C, which
    nothing inside the child could hold back. ``submit``, ``poll`` and ``close`` return at once
    (``close`` within a second) and belong to one thread.
    """

    is_waited_for = False  # by somebody who does nothing else: it may then take all of a core

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[BuildJob | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[BuildEnded] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Of the child; None while there is none."""
        child = self._child
        return None if child is None or child.returncode is not None else child.pid

    def submit(self, job: BuildJob) -> None:
        """Build this next (see :mod:`nec_engine.memory.index.builder`)."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="index builder", daemon=True)
            self._thread.start()
        self._jobs.put(job)

    def poll(self) -> BuildEnded | None:
        """The end of the job in hand, once; None while it goes on."""
        with contextlib.suppress(queue.Empty):
            return self._ended.get_nowait()
        return None

    def close(self) -> None:
        """End the child, in the middle of a build too. Idempotent."""
        self._closing.set()
        self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        try:
            while (job := self._jobs.get()) is not None and not self._closing.is_set():
                self._ended.put(BuildEnded(self._build(job)))
        finally:
            self._end_child()

    def _build(self, job: BuildJob) -> str:
        """What went wrong with this job, or nothing."""
        try:
            child = self._living_child()
            assert child.stdin is not None
            child.stdin.write(json.dumps(job).encode() + b"\n")
            child.stdin.flush()
            answer = self._await_answer(child)
        except OSError as error:
            self._end_child()
            return f"the index builder cannot be reached: {error}"
        if answer:
            problem: str = json.loads(answer)["problem"]
            return problem
        self._end_child()
        return "the index builder has ended" if not self._closing.is_set() else "closing"

    def _living_child(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = start_child(MODULE)
            self._await_readiness(self._child)
        return self._child

    def _await_readiness(self, child: subprocess.Popen[bytes]) -> None:
        """Wait until the child would not outlive this process: only then may it be stopped."""
        assert child.stdout is not None
        while not self._closing.is_set():
            if select.select([child.stdout], [], [], LOOK_EVERY_S)[0]:
                child.stdout.readline()
                return

    def _await_answer(self, child: subprocess.Popen[bytes]) -> bytes:
        """The child's line; empty when it ended or the builder is being closed."""
        assert child.stdout is not None
        throttle = _Throttle(child.pid)
        while not self._closing.is_set():
            ready, _, _ = select.select([child.stdout], [], [], LOOK_EVERY_S)
            if ready:
                return child.stdout.readline()
            if not self.is_waited_for:
                throttle.hold_back(self._closing)
        return b""

    def _end_child(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            end_child(child)


class _Throttle:
    """Stops a process for as long as it is ahead of its share of a core (Linux)."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        # CPUCLOCK_PROF of another process, as clock_getcpuclockid(3) computes it
        self._clock = ~pid << 3
        self._since_s, self._used_s = time.monotonic(), self._cpu_s()

    def hold_back(self, closing: threading.Event) -> None:
        """Stop the process until its share allows it to go on, but not for long."""
        now_s, used_s = time.monotonic(), self._cpu_s()
        ahead_s = (used_s - self._used_s) / CPU_SHARE - (now_s - self._since_s)
        if ahead_s <= 0:  # what was not used is not saved up
            self._since_s, self._used_s = now_s, used_s
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGSTOP)
            closing.wait(min(ahead_s, LONGEST_STOP_S))
            os.kill(self._pid, signal.SIGCONT)

    def _cpu_s(self) -> float:
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                return time.clock_gettime(self._clock | 2)
        return 0.0
