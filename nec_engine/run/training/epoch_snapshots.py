"""The snapshots of a run's epochs: the last two are kept, and the one that tested best."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

NUM_KEPT = 2  # the newest ones, besides the best
FRAME_DIGITS = 9


def epoch_files(folder: Path, game: str) -> list[Path]:
    """Files there that are called as those of epochs are."""
    return sorted(folder.glob(f"{game}-{'[0-9]' * FRAME_DIGITS}.nec"))


class EpochSnapshots:
    """``<game>-<frames, 9 digits>.nec`` in one folder, those of an earlier part included."""

    def __init__(
        self,
        folder: Path,
        game: str,
        frames: int,
        measured: Collection[int],
        means: Mapping[int, float],
    ) -> None:
        """``frames``: where the run stands. ``measured``: where this run, a future that is played
        again included, had a row of its results; no other file is its own. ``means``: the mean of
        its test at so many frames, kept up by whoever tests."""
        self._folder, self._game, self._means = folder, game, means
        found = [int(path.stem[-FRAME_DIGITS:]) for path in epoch_files(folder, game)]
        # Those of a future that is played again are the first to go.
        self._kept = sorted(
            (its for its in found if its in measured), key=lambda its: (its <= frames, its)
        )

    def __contains__(self, frames: int) -> bool:
        return frames in self._kept

    def path(self, frames: int) -> Path:
        return self._folder / f"{self._game}-{frames:0{FRAME_DIGITS}d}.nec"

    def forget(self, frames: int) -> None:
        """What is there of these frames is another one's, and is written again."""
        self._kept = [kept for kept in self._kept if kept != frames]

    @property
    def best(self) -> int | None:
        """Frames of the one that tested best, the earliest of equals; None where none was tested.

        A test whose snapshot is not here is not asked.
        """
        tested = [frames for frames in self._kept if frames in self._means]
        return max(tested, key=lambda frames: (self._means[frames], -frames), default=None)

    def add(self, frames: int) -> None:
        """That of ``frames`` is written and whole; what need not be kept any longer goes."""
        self.forget(frames)
        self._kept.append(frames)
        for old in self._kept[:-NUM_KEPT]:
            if old != self.best:
                self.path(old).unlink(missing_ok=True)
                self._kept.remove(old)
