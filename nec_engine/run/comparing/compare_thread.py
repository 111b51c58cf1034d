"""The compare thread: has a file written, lets a child process play it, and tells how it goes."""

from __future__ import annotations

import json
import queue
import select
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from nec_engine.child import end_child, start_child
from nec_engine.errors import DataError
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    CancelComparison,
    CompareCommand,
    ComparisonEnded,
    ComparisonPlanned,
    ComparisonProgressed,
    Event,
    PlanComparison,
    Sides,
    StartComparison,
    TwoSnapshots,
)
from nec_engine.run.comparing.cost import plan_edits, plan_snapshots
from nec_engine.run.comparing.run_copy import CopyWish, RunCopy
from nec_engine.run.evaluation import summarise
from nec_engine.run.job_thread import GivenUpError, JobThread
from nec_engine.run.priority import INSPECT_NICENESS
from nec_engine.scratch import Scratch
from nec_engine.storage.snapshot import SnapshotCancelledError, write_snapshot

MODULE: Final = "nec_engine.run.comparing.child"
CAP_FRAMES: Final = 18_000  # of an episode: five minutes of play, as in the tests of ``train``
LOOK_EVERY_S: Final = 0.05
EDIT_NAMES: Final = ("with the edits", "without them")

_Job = PlanComparison | StartComparison


class CompareThread(JobThread[_Job]):
    """One comparison at a time, played by a child process."""

    def __init__(
        self,
        memory: EpisodicMemory | None,
        num_edited: Callable[[], int],
        send_wish: Callable[[CopyWish], None],
        seed: int,
        post: Callable[[Event], None],
        has_failed: Callable[[], bool] = lambda: False,
    ) -> None:
        """``has_failed``: nobody answers wishes any more, because training came to a fault."""
        super().__init__("compare", INSPECT_NICENESS, post)
        self._memory, self._num_edited, self._send_wish = memory, num_edited, send_wish
        self._seed, self._has_failed = seed, has_failed

    def send(self, command: CompareCommand) -> None:
        """The window's thread calls this."""
        if isinstance(command, CancelComparison):
            self.give_up()
        else:
            self._give(command)

    # --- the compare thread ---

    def _do(self, job: _Job) -> None:
        match job:
            case PlanComparison(sides):
                self._post(self._plan(sides))
            case StartComparison():
                self._post(self._result(job))

    def _tell_failed(self, job: _Job, problem: str) -> None:
        match job:
            case PlanComparison(sides):
                self._post(ComparisonPlanned(sides, 0, f"Nothing can be compared: {problem}."))
            case StartComparison(sides):
                self._post(ComparisonEnded(_names(sides), problem=problem))

    def _tell_given_up(self, job: _Job) -> None:
        self._post(ComparisonEnded(_names(job.sides), is_cancelled=True))

    def _plan(self, sides: Sides) -> ComparisonPlanned:
        if isinstance(sides, TwoSnapshots):
            return plan_snapshots(sides)
        return plan_edits(sides, self._memory, self._num_edited())

    def _result(self, command: StartComparison) -> ComparisonEnded:
        names = _names(command.sides)
        refusal = self._plan(command.sides).refusal
        if refusal:
            return ComparisonEnded(names, problem=refusal)
        with closing(Scratch()) as scratch:
            first, second = self._play(command, names, scratch)
        pairs = [a - b for a, b in zip(first, second, strict=True)]
        summary = summarise(pairs, self._seed)
        return ComparisonEnded(
            names, (tuple(first), tuple(second)), summary.mean, summary.ci95_low, summary.ci95_high
        )

    def _play(
        self, command: StartComparison, names: tuple[str, str], scratch: Scratch
    ) -> tuple[list[float], list[float]]:
        num_all = 2 * command.num_episodes
        self._post(ComparisonProgressed(names, 0, 0, num_all))
        job = {
            "sides": self._sides(command.sides, scratch),
            "episodes": command.num_episodes,
            "epsilon": command.epsilon,
            "seed": self._seed,
            "cap": CAP_FRAMES,
        }
        scores: tuple[list[float], list[float]] = ([], [])
        child = start_child(MODULE)
        try:
            assert child.stdin is not None
            child.stdin.write(json.dumps(job).encode() + b"\n")
            child.stdin.flush()
            num_steps = 0
            while (said := self._next_line(child)).get("problem") is None:
                side = said["side"]
                num_steps = said.get("steps", num_steps)
                if "score" in said:
                    scores[side].append(said["score"])
                num_done = len(scores[0]) + len(scores[1])
                self._post(ComparisonProgressed(names, side, num_done, num_all, num_steps))
        finally:
            end_child(child)
        if said["problem"]:
            raise DataError("the comparison ended early", said["problem"], "try it again")
        return scores

    def _sides(self, sides: Sides, scratch: Scratch) -> list[dict[str, Any]]:
        if isinstance(sides, TwoSnapshots):
            return [
                {"file": str(path.absolute()), "is_undone": False}
                for path in (sides.first, sides.second)
            ]
        path = scratch.path("with-edits.nec")
        self._write_copy(path)
        return [{"file": str(path), "is_undone": is_undone} for is_undone in (False, True)]

    def _write_copy(self, path: Path) -> None:
        """What the open agent knows, in a file; the copy in main memory is let go."""
        wish = CopyWish()
        self._send_wish(wish)
        copy: RunCopy | None = None
        while copy is None:
            try:
                copy = wish.made.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                if self._is_given_up():
                    wish.is_given_up.set()
                    raise GivenUpError from None
                if self._has_failed():
                    raise DataError(
                        "the agent cannot be copied",
                        "training stopped after a fault",
                        "save a snapshot and open it again",
                    ) from None
        try:
            write_snapshot(path, copy.tree, header=copy.header, cancelled=self._is_given_up)
        except SnapshotCancelledError as error:
            raise GivenUpError from error

    def _next_line(self, child: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert child.stdout is not None
        while not select.select([child.stdout], [], [], LOOK_EVERY_S)[0]:
            self._refuse_given_up()
        line = child.stdout.readline()
        self._refuse_given_up()
        said: dict[str, Any] = json.loads(line) if line else {"problem": "its process has ended"}
        return said


def _names(sides: Sides) -> tuple[str, str]:
    if isinstance(sides, TwoSnapshots):
        return sides.first.name, sides.second.name
    return EDIT_NAMES
