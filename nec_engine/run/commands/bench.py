"""``bench``: what this machine can do, as figures that can be compared."""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nec_engine.config import Settings, changed
from nec_engine.errors import NecError
from nec_engine.game.roms import find_rom
from nec_engine.learning.reading import explain_all_actions
from nec_engine.memory.estimate import estimate_bytes
from nec_engine.run.bench.ceiling import Ceiling
from nec_engine.run.bench.files import journal_bytes_per_step, snapshot_figures
from nec_engine.run.bench.filled import JITTER, FilledRun
from nec_engine.run.bench.indexes import index_figures, lock_figures
from nec_engine.run.bench.machine import machine_facts
from nec_engine.run.bench.timing import Budget, growth_exponent, round_figure, rounded
from nec_engine.run.bench.window import first_picture_ratio, reason_for_no_window, window_figures
from nec_engine.run.folders import writable_file
from nec_engine.run.opening import choose_device, set_torch_threads
from nec_engine.run.requests import BenchRequest
from nec_engine.run.saving import save_run
from nec_engine.storage.whole_file import write_whole

SCHEMA: Final = 1
GAME: Final = "pong"
READS_PER_S: Final = 15  # of the live game, while the lock is timed


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is measured, and how long each piece may take."""

    limit_s: float
    sizes: tuple[int, ...]  # entries per action
    measure_s: float
    settle_s: float
    play_s: float
    block_s: float
    blocks: int
    repeats: int
    window_entries: int


QUICK: Final = Scope(85, (10_000,), 3.0, 15.0, 8.0, 3.0, 2, 1, 10_000)
DEFAULT: Final = Scope(570, (10_000, 100_000), 10.0, 150.0, 25.0, 8.0, 3, 3, 30_000)


def run(request: BenchRequest) -> int:
    """Measure, print the report as JSON, and write it to ``request.json`` too."""
    if request.json is not None:
        writable_file(request.json)
    with tempfile.TemporaryDirectory(prefix="nec-bench-") as folder:
        report = Bench(QUICK if request.is_quick else DEFAULT, Path(folder)).measure()
    if request.is_large:
        report["skipped"]["large"] = {"reason": "there is no hnsw index in this version"}
    text = json.dumps(report, indent=2) + "\n"
    if request.json is not None:
        write_whole(request.json, text)
    print(text, end="")
    return 0
