"""What the colours of the map tell, and the legend that says it in words. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from app.look.theme import Theme
from app.models.wording import (
    action_text,
    age_text,
    count_text,
    level_text,
    origin_text,
    value_text,
)
from nec_engine.messages import U8, U32, MapAnswer, Origin

# Viridis (van der Walt and Smith 2015) at ten places: ordered by lightness for every kind of eye.
_RAMP: Final = (
    (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142),
    (31, 158, 137), (53, 183, 121), (109, 205, 89), (180, 222, 44), (253, 231, 37),
)  # fmt: skip
_DARK_PART: Final = (0.18, 1.0)  # of the ramp: what can be seen on dark ground
_LIGHT_PART: Final = (0.0, 0.88)
NUM_LEVELS: Final = 256
OUTLIERS: Final = 2.0  # percent at each end that share the colour at the end
# Beside the curves' six colours, three more; then the nine again, paler or darker.
_MORE_DARK: Final = ("#5b7fe0", "#f2f2f2", "#d0604e")
_MORE_LIGHT: Final = ("#2b3f9e", "#111111", "#8a1f2b")


class Colouring(Enum):
    """What the colour of an entry stands for."""

    VALUE = "Value"
    ACTION = "Action"
    AGE = "Age"
    ORIGIN = "Origin"


@dataclass(frozen=True, slots=True)
class Ramp:
    """A legend from one end of the colours to the other."""

    low: str
    middle: str
    high: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One line of a legend of kinds: the code of its colour, and what it is."""

    code: int
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Coded:
    """The colour of each entry as a number, and what the numbers mean."""

    codes: U8  # [N]
    legend: Ramp | tuple[Kind, ...]


def coded(answer: MapAnswer, colouring: Colouring, action_names: Sequence[str]) -> Coded:
    """Which colour each entry of a map has, and the legend."""
    match colouring:
        case Colouring.VALUE:
            return _by_value(answer)
        case Colouring.AGE:
            return _by_age(answer)
        case Colouring.ACTION:
            texts = [action_text(name) for name in action_names]
            return _by_kind(answer.actions, texts)
        case Colouring.ORIGIN:
            return _by_kind(answer.origins, [origin_text(origin) for origin in Origin])


def palette_of(colouring: Colouring, theme: Theme) -> U32:
    """uint32[256] 0xffRRGGBB: the colour of each code."""
    if colouring in (Colouring.VALUE, Colouring.AGE):
        return _ramp(theme)
    kinds = action_colours(theme) if colouring is Colouring.ACTION else theme.origins
    numbers = [0xFF000000 | int(colour[1:], 16) for colour in kinds]
    return np.resize(np.array(numbers, np.uint32), NUM_LEVELS)


def action_colours(theme: Theme) -> tuple[str, ...]:
    """Eighteen colours, ``#rrggbb``; the second nine are the first ones, paler or darker."""
    first = (*theme.curves[:6], *(_MORE_DARK if theme.is_dark else _MORE_LIGHT))
    towards = 255 if theme.is_dark else 0
    return (*first, *(_mixed(colour, towards) for colour in first))


def _mixed(colour: str, towards: int) -> str:
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(0.5 * part + 0.5 * towards):02x}" for part in parts)


def _ramp(theme: Theme) -> U32:
    first, last = _DARK_PART if theme.is_dark else _LIGHT_PART
    at = np.linspace(first, last, NUM_LEVELS) * (len(_RAMP) - 1)
    channels = [np.interp(at, range(len(_RAMP)), [c[i] for c in _RAMP]) for i in range(3)]
    red, green, blue = (np.rint(channel).astype(np.uint32) for channel in channels)
    return (0xFF000000 | red << 16 | green << 8 | blue).astype(np.uint32)


def _by_value(answer: MapAnswer) -> Coded:
    values = answer.values
    if not len(values):
        return Coded(np.empty(0, np.uint8), Ramp("", "", ""))
    low, high = np.percentile(values, (OUTLIERS, 100 - OUTLIERS)).tolist()
    span = high - low
    low_text, high_text = level_text(low, span), level_text(high, span)
    if span <= 0 or low_text == high_text:  # differences that nobody can read are none
        legend = Ramp("", value_text((low + high) / 2), "")
        return Coded(np.full(len(values), NUM_LEVELS // 2, np.uint8), legend)
    part = np.clip((values - low) / span, 0, 1)
    legend = Ramp(f"≤ {low_text}", level_text((low + high) / 2, span), f"≥ {high_text}")
    return Coded((part * (NUM_LEVELS - 1)).astype(np.uint8), legend)


def _by_age(answer: MapAnswer) -> Coded:
    """New ones light, the oldest one dark."""
    ages = answer.ages_steps
    oldest = int(ages.max(initial=0))
    if oldest <= 0:
        return Coded(np.full(len(ages), NUM_LEVELS - 1, np.uint8), Ramp("", "", "just now"))
    part = 1 - ages / oldest
    legend = Ramp(age_text(oldest), age_text(oldest // 2), "just now")
    return Coded((part * (NUM_LEVELS - 1)).astype(np.uint8), legend)


def _by_kind(codes: U8, texts: Sequence[str]) -> Coded:
    """Only the kinds that there are stand in the legend."""
    counts = np.bincount(codes, minlength=len(texts)).tolist()
    kinds = [
        Kind(code, f"{text} {count_text(counts[code])}", counts[code])
        for code, text in enumerate(texts)
        if counts[code]
    ]
    return Coded(codes, tuple(kinds))
