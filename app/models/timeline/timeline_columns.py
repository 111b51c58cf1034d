"""What each pixel of the timeline shows: score, familiarity and who played, a value a column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.models.timeline.timeline_ruler import Ruler
from nec_engine.messages import F32, I64


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


def columns_of(ruler: Ruler, width: int) -> Columns:
    """The steps on ``ruler`` as columns of ``width`` pixels for its whole span."""
    num_places = ruler.num_places
    num_columns = min(width, -(-num_places * width // ruler.span))
    if num_columns <= 0:
        nothing = np.empty(0, np.float32)
        return Columns(nothing, nothing, nothing)
    edges: I64 = np.arange(num_columns + 1, dtype=np.int64) * ruler.span // width
    starts = np.minimum(edges[:-1], num_places - 1)
    ends = np.clip(edges[1:] - 1, starts, num_places - 1)
    scores = _joined(ruler, "scores")[ends]
    familiarity = np.fmin.reduceat(_joined(ruler, "familiarity"), starts)
    is_person = np.maximum.reduceat(_joined(ruler, "is_person"), starts)
    return Columns(scores, familiarity, is_person)


def _joined(ruler: Ruler, name: str) -> F32:
    """One column of the tracks along the whole ruler, float32[num_places]."""
    parts = [
        getattr(stretch.episode.track, name)[
            stretch.first_step : stretch.first_step + stretch.num_steps
        ]
        for stretch in ruler.stretches
    ]
    return np.concatenate(parts).astype(np.float32, copy=False)
