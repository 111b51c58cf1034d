"""What each pixel of the timeline shows: score, familiarity and who played, a value a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from app.models.timeline.timeline_ruler import Ruler, Stretch, num_same
from nec_engine.messages import F32, I64

NAMES: Final = ("scores", "familiarity", "is_person")  # of the tracks that are shown


@dataclass(frozen=True, slots=True)
class Columns:
    """One element for each pixel that has steps: W' <= width of them, from the left."""

    scores: F32  # float32[W']: after the column's last step
    familiarity: F32  # float32[W']: the least in the column; NaN where nobody asked
    is_person: F32  # float32[W']: 1 where a person played a step of the column

    @property
    def score_range(self) -> tuple[float, float]:
        """Lowest and highest, never equal; 0 .. 1 without a column."""
        if not self.scores.size:
            return 0.0, 1.0
        low, high = min(0.0, float(self.scores.min())), float(self.scores.max())
        return (low, high) if high > low else (low, low + 1.0)


class PaintedColumns:
    """The columns of the newest ruler; the steps of episodes that are over are copied once."""

    def __init__(self) -> None:
        self._stretches: tuple[Stretch, ...] = ()  # that are over, in the buffer
        self._num_over = 0  # their steps
        self._buffer = np.empty((len(NAMES), 0), np.float32)  # float32[NAMES, room]

    def of(self, ruler: Ruler, width: int) -> Columns:
        """The steps on ``ruler`` as columns of ``width`` pixels for its whole span."""
        num_places = ruler.num_places
        num_columns = min(width, -(-num_places * width // ruler.span))
        if num_columns <= 0:
            nothing = np.empty(0, np.float32)
            return Columns(nothing, nothing, nothing)
        edges: I64 = np.arange(num_columns + 1, dtype=np.int64) * ruler.span // width
        starts = np.minimum(edges[:-1], num_places - 1)
        ends = np.clip(edges[1:] - 1, starts, num_places - 1)
        scores, familiarity, is_person = self._along(ruler)
        return Columns(
            scores[ends],
            np.fmin.reduceat(familiarity, starts),
            np.maximum.reduceat(is_person, starts),
        )

    def _along(self, ruler: Ruler) -> F32:
        """Each of ``NAMES`` along the whole ruler, float32[NAMES, num_places], until the next."""
        over, present = ruler.stretches[:-1], ruler.stretches[-1:]
        num_known = num_same(self._stretches, over)
        if num_known < len(self._stretches):
            num_known = self._num_over = 0
        for stretch in over[num_known:]:
            self._num_over = self._put(stretch, self._num_over)
        self._stretches = over
        end = self._num_over
        for stretch in present:  # is longer the next time
            end = self._put(stretch, end)
        return self._buffer[:, :end]

    def _put(self, stretch: Stretch, place: int) -> int:
        """The place behind ``stretch``, which is copied to ``place``."""
        end = place + stretch.num_steps
        if end > self._buffer.shape[1]:  # twice the room: each step is moved but a few times
            larger = np.empty((len(NAMES), 2 * end), np.float32)
            larger[:, :place] = self._buffer[:, :place]
            self._buffer = larger
        steps = slice(stretch.first_step, stretch.first_step + stretch.num_steps)
        for row, name in zip(self._buffer, NAMES, strict=True):
            row[place:end] = getattr(stretch.episode.track, name)[steps]
        return end


def columns_of(ruler: Ruler, width: int) -> Columns:
    """As :meth:`PaintedColumns.of`, of a ruler that nothing is known of yet."""
    return PaintedColumns().of(ruler, width)
