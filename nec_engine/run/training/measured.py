"""What of a run is measured already, by the rows of its results: nothing is measured twice."""

from __future__ import annotations

from nec_engine.run.results import ResultsRow, ResultsTable


class Measured:
    """The rows that stand, by frames; of several tests at the same frames the latest counts."""

    def __init__(self, table: ResultsTable) -> None:
        """Raises :class:`~nec_engine.errors.DataError` for a cell that is no number."""
        self.has_random = False
        self.epochs: dict[int, int] = {}  # of the training rows
        self.test_means: dict[int, float] = {}
        self.elapsed_s = 0.0  # when the last row was written
        self._test_episodes: dict[int, int] = {}
        for row in zip(
            table.texts("phase"),
            *(table.counts(name) for name in ("epoch", "frames", "episodes")),
            *(table.numbers(name) for name in ("mean_score", "elapsed_s")),
            strict=True,
        ):
            self._take(*row)

    def note(self, row: ResultsRow) -> None:
        """A row that was written just now."""
        self._take(row.phase, row.epoch, row.frames, row.episodes, row.mean_score, row.elapsed_s)

    def is_trained(self, frames: int) -> bool:
        """There is a row of training up to these frames."""
        return frames in self.epochs

    def is_tested(self, frames: int, num_episodes: int) -> bool:
        """There is a test at these frames of so many episodes, or more."""
        return self._test_episodes.get(frames, 0) >= num_episodes

    def _take(
        self,
        phase: str,
        epoch: int,
        frames: int,
        episodes: int,
        mean: float | None,
        elapsed_s: float | None,
    ) -> None:
        self.elapsed_s = max(self.elapsed_s, elapsed_s or 0.0)
        if phase == "random":
            self.has_random = True
        elif phase == "train":
            self.epochs[frames] = epoch
        elif phase == "test" and mean is not None:
            self._test_episodes[frames] = episodes
            self.test_means[frames] = mean
