"""How long the lock between the trainer and its readers is held."""

from __future__ import annotations

import threading
import time
from typing import Final

from nec_engine.run.bench.filled import FilledRun
from nec_engine.run.bench.timing import rounded

READS_PER_S: Final = 15  # decisions of the live game


def lock_figures(run: FilledRun, seconds: float) -> dict[str, float]:
    """``lock_hold_ms`` of the report: while training goes on and a reader reads as the live game.

    p99 of the newest holds, and the longest since the run was made.
    """
    trainer = run.trainer
    policy = trainer.agent.policy()
    observation = trainer.emulator.observation()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.wait(1.0 / READS_PER_S):
            policy.explain(observation)

    reader = threading.Thread(target=read, name="bench reader")
    reader.start()
    try:
        end_s = time.perf_counter() + seconds
        while time.perf_counter() < end_s:
            trainer.step()
    finally:
        is_over.set()
        reader.join()
    holds = run.agent.memory.hold_times()
    return rounded({"p99": holds.p99_ms, "max": holds.max_ms})
