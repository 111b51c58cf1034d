"""What a headless command shows of its progress: a tqdm bar on standard error."""

from __future__ import annotations

from types import TracebackType
from typing import Final, Self

import tqdm

from nec_engine.messages import Progress
from nec_engine.run.streams import Notes

TERMINAL_INTERVAL_S: Final = 0.5
LOG_INTERVAL_S: Final = 10.0  # standard error is a file or a pipe: a line now and then is enough


class _Bar:
    """A tqdm bar that is set to a position instead of pushed, and starts no thread of its own."""

    def __init__(self, total: int, position: int, unit: str, title: str) -> None:
        tqdm.tqdm.monitor_interval = 0  # its watchdog thread would outlive the command
        self._total = total
        self._notes = Notes()
        interval_s = TERMINAL_INTERVAL_S if self._notes.isatty() else LOG_INTERVAL_S
        self._bar = tqdm.tqdm(
            total=total,
            initial=min(position, total),
            desc=title,
            file=self._notes,
            mininterval=interval_s,
            maxinterval=interval_s,
            bar_format="{desc}: {percentage:3.0f}% |{bar}| {n:,}/{total:,} "
            + unit
            + " [{elapsed}<{remaining}{postfix}]",
            dynamic_ncols=True,
        )

    def _move(self, position: int, facts: str) -> None:
        self._bar.set_postfix_str(facts, refresh=False)
        # The last step may go past the total; tqdm forgets the total then, and cannot be formatted.
        self._bar.update(min(position, self._total) - self._bar.n)

    def say(self, text: str) -> None:
        """A line of its own above the bar."""
        self._bar.write(text, file=self._notes)

    def close(self) -> None:
        self._bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()


class TrainingBar(_Bar):
    """Frames towards the wanted total, with how the training does."""

    def __init__(self, total_frames: int, frames: int, title: str) -> None:
        super().__init__(total_frames, frames, "frames", title)

    def show(self, progress: Progress) -> None:
        mean = "-" if progress.mean_score_100 is None else f"{progress.mean_score_100:.1f}"
        self._move(
            progress.frames,
            f"{progress.steps:,} steps, {progress.episodes} episodes, mean {mean}, "
            f"epsilon {progress.epsilon:.3f}, {progress.steps_per_s:.0f} steps/s",
        )


class EpisodeBar(_Bar):
    """Finished episodes of the wanted number, with the mean of their scores."""

    def __init__(self, num_episodes: int, title: str) -> None:
        super().__init__(num_episodes, 0, "episodes", title)
        self._scores: list[float] = []

    def show(self, score: float) -> None:
        """One more episode has ended with ``score``."""
        self._scores.append(score)
        mean = sum(self._scores) / len(self._scores)
        self._move(len(self._scores), f"score {score:g}, mean {mean:.1f}")
