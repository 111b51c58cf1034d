"""Which bookmarks of a ruler are painted: of many on the same pixels the most telling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.models.timeline.timeline_ruler import Ruler, Stretch, num_same
from nec_engine.messages import Mark, MarkKind

APART: Final = 3  # pixels between two bookmarks of a kind
# Where they lie on each other the last of these is on top; the rarest things are at the end.
ORDER: Final = (
    MarkKind.REWARD,
    MarkKind.LIFE_LOST,
    MarkKind.TAKEOVER,
    MarkKind.FAR,
    MarkKind.FALL,
    MarkKind.SURPRISE,
)


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """A bookmark and where it is, in steps from the left end."""

    place: int
    mark: Mark


_Kept = dict[tuple[MarkKind, int], PlacedMark]  # by kind and by which pixels


class PaintedMarks:
    """The bookmarks of the newest ruler; those of episodes that are over are gone through once."""

    def __init__(self) -> None:
        self._stretches: tuple[Stretch, ...] = ()  # whose bookmarks are in _kept
        self._steps_apart = 0
        self._kept: _Kept = {}

    def on(self, ruler: Ruler, width: int) -> tuple[PlacedMark, ...]:
        """Those of what is on ``ruler`` itself, thinned for ``width`` pixels, rarest last."""
        if not ruler.stretches:
            return ()
        steps_apart = max(1, APART * ruler.span // max(1, width))
        over, present = ruler.stretches[:-1], ruler.stretches[-1]
        num_known = num_same(self._stretches, over)
        if num_known < len(self._stretches) or steps_apart != self._steps_apart:
            num_known, self._kept = 0, {}
        for stretch in over[num_known:]:
            _thin(stretch, steps_apart, self._kept)
        self._stretches, self._steps_apart = over, steps_apart
        kept = dict(self._kept)
        _thin(present, steps_apart, kept)
        return tuple(sorted(kept.values(), key=lambda placed: ORDER.index(placed.mark.kind)))


def _thin(stretch: Stretch, steps_apart: int, kept: _Kept) -> None:
    """Put into ``kept`` what the stretch has that tells more."""
    shift = stretch.place - stretch.first_step
    last = max(1, stretch.num_steps)
    for mark in stretch.episode.marks:
        if not 0 <= mark.step - stretch.first_step < last:
            continue
        place = mark.step + shift
        key = (mark.kind, place // steps_apart)
        other = kept.get(key)
        if other is None or abs(mark.amount) > abs(other.mark.amount):
            kept[key] = PlacedMark(place, mark)
