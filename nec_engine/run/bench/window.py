"""The window's figures: the real window in a child process, beside a run without one."""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from nec_engine.errors import DataError
from nec_engine.run.bench.timing import round_figure, spread
from nec_engine.run.training.trainer import Trainer

ROOT: Final = Path(__file__).resolve().parents[3]
WINDOW: Final = ("-m", "app.bench_window")
IMPORTS: Final = ("-c", "import PyQt6.QtWidgets, torch")
ASIDE_S: Final = 5.0  # after the start
RESUME_S: Final = 1.0  # after a rest
FRAME_RATE_HZ: Final = 60.0


def reason_for_no_window() -> str | None:
    """Why the window cannot be measured here; None when it can."""
    return None if importlib.util.find_spec("PyQt6") else "PyQt6 is not installed"


class WindowChild:
    """A window in a process of its own, offscreen, with default panels and empty settings."""

    def __init__(self, arguments: list[str], folder: Path) -> None:
        self._start_s = time.perf_counter()
        self._errors = folder / "window-errors.txt"
        with self._errors.open("w") as errors:
            self._process = subprocess.Popen(
                [sys.executable, *WINDOW, *arguments, "--data", str(folder)],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def wait_for_picture(self) -> float:
        """Seconds from the start of the process to the first painted game frame."""
        self._read()
        return time.perf_counter() - self._start_s

    def play(self, seconds: float, aside_s: float) -> Played:
        """What happened while it played and trained for so long, after what is left aside."""
        return Played(**self.order({"play": seconds, "aside": aside_s}))

    def rest(self) -> None:
        """Keep quiet: hidden, paused, training off."""
        self.order({"rest": True})

    def order(self, order: dict[str, Any]) -> dict[str, Any]:
        """Give an order of ``app.bench_window``, and wait for the answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        """Close the window and wait for its process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            said = self._errors.read_text(errors="replace").strip().splitlines()
            raise DataError(
                "the window ended by itself",
                said[-1] if said else f"exit code {self._process.returncode}",
                "start 'python main.py --rom pong' and see what it says",
            )
        answer: dict[str, Any] = json.loads(line)
        return answer


@dataclass(frozen=True, slots=True)
class Played:
    """A stretch of play with the window: what it painted, and how training went."""

    paints: list[tuple[int, float]]  # number of each new frame, time_s
    progress: list[dict[str, Any]]  # time_s, steps, is_building, num_builds

    @property
    def steps_per_s(self) -> float:
        """Training steps a second."""
        if len(self.progress) < 2:
            return 0.0
        first, last = self.progress[0], self.progress[-1]
        return float((last["steps"] - first["steps"]) / (last["time_s"] - first["time_s"]))

    def intervals_ms(self, *, during_builds: bool) -> list[float]:
        """Times between paints of new frames that end inside, or outside, an index build."""
        spans = self._building_spans()
        found = []
        for (_, before_s), (_, after_s) in zip(self.paints, self.paints[1:], strict=False):
            is_inside = any(start_s <= after_s <= end_s for start_s, end_s in spans)
            if is_inside == during_builds:
                found.append(1e3 * (after_s - before_s))
        return found

    @property
    def num_due(self) -> float:
        """Frames that 60 a second would have been."""
        if len(self.paints) < 2:
            return 0.0
        return (self.paints[-1][1] - self.paints[0][1]) * FRAME_RATE_HZ

    @property
    def num_dropped(self) -> float:
        """Frames that were due and not painted."""
        return max(0.0, self.num_due - (len(self.paints) - 1))

    def _building_spans(self) -> list[tuple[float, float]]:
        """From one look at the trainer to the next, wherever a build was under way or ended."""
        return [
            (before["time_s"], after["time_s"])
            for before, after in zip(self.progress, self.progress[1:], strict=False)
            if before["is_building"]
            or after["is_building"]
            or after["num_builds"] != before["num_builds"]
        ]


def window_figures(
    snapshot: Path,
    trainer: Trainer,
    folder: Path,
    *,
    play_s: float,
    block_s: float,
    num_blocks: int,
) -> dict[str, Any]:
    """``window`` of the report.

    ``trainer`` is the same run without a window, with the same threads and index: blocks of
    training with the window and without it take turns. An index should soon be due in it.
    """
    with WindowChild(["--snapshot", str(snapshot)], folder) as window:
        window.wait_for_picture()
        stretches = [window.play(play_s, ASIDE_S)]
        ratios = []
        for _ in range(num_blocks):
            stretch = window.play(block_s, RESUME_S)
            window.rest()
            alone = steps_alone_per_s(trainer, block_s)
            stretches.append(stretch)
            ratios.append(stretch.steps_per_s / alone)
    num_due = sum(stretch.num_due for stretch in stretches)
    num_dropped = sum(stretch.num_dropped for stretch in stretches)
    return {
        "paint_ms": spread(_intervals_ms(stretches, during_builds=False)),
        "paint_build_ms": spread(_intervals_ms(stretches, during_builds=True)),
        "dropped_percent": round_figure(100.0 * num_dropped / num_due) if num_due else None,
        "train_ratio": round_figure(statistics.median(ratios)),
    }


def steps_alone_per_s(trainer: Trainer, seconds: float) -> float:
    """Training steps a second of a run without a window."""
    start_s = time.perf_counter()
    num_steps = 0
    while (took_s := time.perf_counter() - start_s) < seconds:
        trainer.step()
        num_steps += 1
    return num_steps / took_s


def first_picture_ratio(rom: str, folder: Path, *, times: int) -> float:
    """Process start to first painted game frame, over a process that only imports Qt and torch.

    Second starts: something else should have imported both before.
    """
    pictures, imports = [], []
    for _ in range(times):
        imports.append(_time_imports(folder))
        with WindowChild(["--rom", rom], folder) as window:
            pictures.append(window.wait_for_picture())
    return round_figure(statistics.median(pictures) / statistics.median(imports))


def _time_imports(folder: Path) -> float:
    start_s = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *IMPORTS], env=_environment(folder), stderr=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        words = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise DataError("no window can be measured", words[-1], "install what the README names")
    return time.perf_counter() - start_s


def _intervals_ms(stretches: list[Played], *, during_builds: bool) -> list[float]:
    return [
        interval
        for stretch in stretches
        for interval in stretch.intervals_ms(during_builds=during_builds)
    ]


def _environment(folder: Path) -> dict[str, str]:
    """Ours, without a screen and without the person's saved window."""
    return os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_CONFIG_HOME": str(folder / "config"),
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(":"),
    }
