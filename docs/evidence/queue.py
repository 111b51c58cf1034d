"""Makes the runs of ``runs/`` one after another, as many at a time as there are cores.

    python -m docs.evidence.queue [GROUP ...] [--jobs N] [--list]

Each run is the public command line in a process of its own. Of a finished run only its CSV stays,
with a JSON that says how it was made; snapshots are removed. Stopped by Ctrl-C or SIGTERM, every
run saves, and the next start goes on where they were. Two queues on one folder share the work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docs.evidence.kept import KEPT, keep, load_kept
from docs.evidence.plan import GROUPS, LISTS, Group, Run, load_groups
from docs.evidence.provenance import ROOT
from docs.evidence.run_folder import RunFolder
from nec_engine.errors import NecError
from nec_engine.run.signals import EXIT_CODES, StopSignals

WORK: Final = ROOT / "results" / "evidence"
POLL_S: Final = 0.2
NICENESS: Final = 10
NOT_ALL_DONE: Final = 1
WRONG_INPUT: Final = 2


@dataclass(frozen=True, slots=True)
class Job:
    """A run under way."""

    folder: RunFolder
    process: subprocess.Popen[bytes]
    started_s: float


class Queue:
    """The groups' runs in order, at most ``num_jobs`` at a time. Main thread only."""

    def __init__(
        self,
        groups: Sequence[Group],
        work: Path,
        kept: Path,
        num_jobs: int,
        tell: Callable[[str], None],
    ) -> None:
        self._work, self._kept, self._num_jobs, self._tell = work, kept, num_jobs, tell
        self._runs = [run for group in groups for run in group.runs]
        self._keeps_unfinished = {group.name for group in groups if group.keeps_unfinished}
        self._jobs: list[Job] = []

    def is_done(self, run: Run) -> bool:
        kept = load_kept(self._kept, run)
        return kept is not None and kept.is_finished

    def work_off(self, stop: StopSignals) -> int:
        """Make all runs that are not done; 0 when all are, 1 when some are not, 130 or 143."""
        waiting = [run for run in self._runs if not self.is_done(run)]
        self._tell(f"{len(self._runs) - len(waiting)} of {len(self._runs)} runs are done")
        try:
            while (waiting or self._jobs) and not stop.is_requested:
                while waiting and self._has_room(waiting[0]):
                    self._start(waiting.pop(0))
                time.sleep(POLL_S)
                self._collect()
        finally:
            for job in self._jobs:
                job.process.terminate()
            for job in self._jobs:
                job.process.wait()  # it saves
        self._collect()
        if stop.is_requested:
            return stop.exit_code
        return 0 if all(self.is_done(run) for run in self._runs) else NOT_ALL_DONE

    def state(self, run: Run) -> str:
        """One word or line for the list."""
        if self.is_done(run):
            return "done"
        folder = RunFolder(self._work, run)
        if not folder.lock():
            return "running"
        try:
            if folder.error is not None:
                return f"failed, {folder.error}"
            return "paused" if folder.is_begun else "waiting"
        finally:
            folder.unlock()

    def _has_room(self, run: Run) -> bool:
        is_closed = run.is_alone or any(job.folder.run.is_alone for job in self._jobs)
        return len(self._jobs) < (1 if is_closed else self._num_jobs)

    def _start(self, run: Run) -> None:
        folder = RunFolder(self._work, run)
        if not folder.lock():
            self._tell(f"elsewhere: {run.group}/{run.name}")
            return
        if self.is_done(run):  # by another queue, meanwhile
            folder.unlock()
            return
        threads = None if run.is_alone else 1
        is_resumed = folder.is_begun
        self._jobs.append(Job(folder, folder.start(threads), time.monotonic()))
        self._tell(f"{'resumed' if is_resumed else 'begun'}: {run.group}/{run.name}: {run.command}")

    def _collect(self) -> None:
        for job in list(self._jobs):
            if job.process.poll() is not None:
                self._jobs.remove(job)
                try:
                    self._finish(job)
                finally:
                    job.folder.unlock()

    def _finish(self, job: Job) -> None:
        folder, run, code = job.folder, job.folder.run, job.process.returncode
        name = f"{run.group}/{run.name}"
        measured = folder.measured()
        is_finished = measured is not None and measured.is_finished
        if is_finished or (measured is not None and run.group in self._keeps_unfinished):
            keep(self._kept, run, folder.results, folder.about())
        if measured is not None and is_finished:
            folder.remove()
            minutes = (time.monotonic() - job.started_s) / 60
            self._tell(f"done: {name}: mean {measured.last.mean:g}, {minutes:.1f} min")
        elif code in EXIT_CODES.values():
            self._tell(f"paused: {name}")
        else:
            self._tell(f"failed: {name}: {folder.note_failure(code)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m docs.evidence.queue", description="Make the runs behind docs/results.md."
    )
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"default, in this order: {', '.join(GROUPS)}"
    )
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N",
        help="runs at a time (default: one a core)",
    )  # fmt: skip
    parser.add_argument("--list", action="store_true", help="say how each run stands, and end")
    parser.add_argument(
        "--work", type=Path, default=WORK, metavar="DIR", help="default: results/evidence"
    )
    parser.add_argument(
        "--kept", type=Path, default=KEPT, metavar="DIR", help="default: docs/evidence/csv"
    )
    parser.add_argument("--lists", type=Path, default=LISTS, metavar="DIR", help="of NAME.toml")
    given = parser.parse_args(arguments)
    if given.jobs < 1:
        parser.error("--jobs: a whole number of at least 1 was expected")
    try:
        groups = load_groups(given.groups or GROUPS, given.lists)
        queue = Queue(groups, given.work.absolute(), given.kept.absolute(), given.jobs, _tell)
        if given.list:
            for run in (run for group in groups for run in group.runs):
                _tell(f"{run.group}/{run.name}: {queue.state(run)}: {run.command}")
            return 0
        os.nice(NICENESS)
        with StopSignals() as stop:
            return queue.work_off(stop)
    except NecError as error:
        print(f"error: {error}", file=sys.stderr)
        return WRONG_INPUT


def _tell(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
