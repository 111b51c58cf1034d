"""Kept runs of a made-up list, written as the queue writes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docs.evidence.kept import keep
from docs.evidence.plan import Run
from nec_engine.run.results import ResultsRow, ResultsWriter


def made_run(seed: int = 1, game: str = "pong", agent: str = "nec", variant: str = "") -> Run:
    settings = (("epoch_frames", "2000"),)
    return Run("made", game, agent, variant, seed, 4000, settings)


def keep_made(
    kept: Path, run: Run, means: Sequence[float], stderr: float = 0.5, starts: int = 1
) -> None:
    """Keep ``run`` with these test means, evenly over its frames."""
    results = kept / "made.csv"
    with ResultsWriter(results) as writer:
        writer.write(ResultsRow(0, "random", 0, 0, 5, mean_score=-20.5, stderr_score=0.2))
        for at, mean in enumerate(means, start=1):
            frames = run.frames * at // len(means)
            writer.write(
                ResultsRow(
                    at, "train", frames, frames // 4, 3, mean - 5, elapsed_s=60.0 * at, loss=0.1
                )
            )
            writer.write(
                ResultsRow(at, "test", frames, frames // 4, 30, mean, stderr, epsilon=0.05)
            )
    about = {"command": run.command, "commits": ["0123456789"], "starts": starts}
    keep(kept, run, results, about)
    results.unlink()
