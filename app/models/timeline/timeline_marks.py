"""Which bookmarks of a ruler are painted: of many on the same pixels the most telling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.models.timeline.timeline_ruler import Ruler
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


def marks_on(ruler: Ruler, width: int) -> tuple[PlacedMark, ...]:
    """The bookmarks of what is on the ruler itself, thinned for ``width`` pixels, rarest last."""
    steps_apart = max(1, APART * ruler.span // max(1, width)) if ruler.stretches else 1
    kept: dict[tuple[MarkKind, int], tuple[int, Mark]] = {}
    for stretch in ruler.stretches:
        shift = stretch.place - stretch.first_step
        last = max(1, stretch.num_steps)
        for mark in stretch.episode.marks:
            if not 0 <= mark.step - stretch.first_step < last:
                continue
            place = mark.step + shift
            key = (mark.kind, place // steps_apart)
            other = kept.get(key)
            if other is None or abs(mark.amount) > abs(other[1].amount):
                kept[key] = place, mark
    by_kind = sorted(kept.values(), key=lambda item: ORDER.index(item[1].kind))
    return tuple(PlacedMark(place, mark) for place, mark in by_kind)
