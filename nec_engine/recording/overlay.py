"""The strip beside a recorded game: Q of every action as a bar, the chosen one marked."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from nec_engine.messages import U8, ActionEvidence, Choice, Decision
from nec_engine.recording.canvas import STRIP_WIDTH

Colour = tuple[int, int, int]

BACKGROUND: Final[Colour] = (18, 21, 27)
ROW_CHOSEN: Final[Colour] = (44, 50, 62)
TEXT: Final[Colour] = (226, 230, 236)
MUTED: Final[Colour] = (140, 149, 163)
AXIS: Final[Colour] = (86, 94, 108)
POSITIVE: Final[Colour] = (86, 156, 222)  # blue and orange: told apart by the colour-blind too
NEGATIVE: Final[Colour] = (222, 142, 62)

_ZOOM: Final = 2  # drawn larger and shrunk: small letters come out smooth
_FONT: Final = cv2.FONT_HERSHEY_SIMPLEX
_MARGIN: Final = 12
_HEAD: Final = 64  # height of the lines above the bars
_NAME_WIDTH: Final = 112
_VALUE_WIDTH: Final = 52
_MAX_ROW: Final = 30


def q_strip(decision: Decision | None, height: int, *, caption: str, action: int | None) -> U8:
    """The strip, uint8[height, STRIP_WIDTH, 3] RGB.

    ``caption`` is its first line (who plays, the score). ``action`` is what was really done, when
    it is not the decision's own. About 2 ms: draw it once a decision, not once a frame.
    """
    page = _Page(height)
    page.text(caption, _MARGIN, 24, 0.5, TEXT)
    if decision is None:
        page.text("no decision yet", _MARGIN, 46, 0.4, MUTED)
        return page.shrunk()
    chosen = decision.action if action is None else action
    page.text(_reason(decision, chosen), _MARGIN, 46, 0.4, MUTED)
    row_height = min(_MAX_ROW, (height - _HEAD - _MARGIN) / max(1, len(decision.evidence)))
    low, high = _range(decision.q_values.tolist())
    names = decision.action_names
    for row, evidence in enumerate(decision.evidence):
        top = _HEAD + row * row_height
        _draw_row(page, evidence, names[evidence.action], top, row_height, (low, high), chosen)
    return page.shrunk()


def _draw_row(
    page: _Page,
    evidence: ActionEvidence,
    name: str,
    top: float,
    height: float,
    span: tuple[float, float],
    chosen: int,
) -> None:
    is_chosen = evidence.action == chosen
    middle = top + height / 2
    colour = TEXT if is_chosen else MUTED
    if is_chosen:
        page.box(0, top, STRIP_WIDTH, top + height, ROW_CHOSEN)
        page.marker(_MARGIN - 6, middle, TEXT)
    size = min(0.4, height / 45)
    page.text(name, _MARGIN + 6, middle + height * 0.18, size, colour)
    left = _MARGIN + _NAME_WIDTH
    right = STRIP_WIDTH - _MARGIN - _VALUE_WIDTH
    low, high = span
    zero = left + (right - left) * -low / (high - low)
    end = left + (right - left) * (min(high, max(low, evidence.q)) - low) / (high - low)
    half = height * 0.32
    is_known = evidence.num_entries > 0 or evidence.network_share > 0
    if is_known:
        page.box(zero, middle - half, end, middle + half, POSITIVE if end >= zero else NEGATIVE)
    page.box(zero - 0.5, top, zero + 0.5, top + height, AXIS)
    value = short_number(evidence.q) if is_known else "none"
    page.text(value, STRIP_WIDTH - _MARGIN, middle + height * 0.18, size, colour, from_right=True)


def _reason(decision: Decision, chosen: int) -> str:
    """Why the chosen action was done, and what the agent holds best when that is another."""
    reason = {
        Choice.GREEDY: "highest Q",
        Choice.EXPLORED: f"random, epsilon {decision.epsilon:.3g}",
        Choice.EMPTY: "memory empty: random",
        Choice.PERSON: "played by you",
        Choice.RECORDED: "played then; Q of now",
    }[decision.choice]
    if decision.choice is Choice.EMPTY or chosen == decision.best_action:
        return reason
    return f"{reason}; best: {decision.action_names[decision.best_action]}"


def short_number(value: float) -> str:
    """At most seven characters: ``-0.25``, ``12.31``, ``1234``, ``1.2e+06``."""
    size = abs(value)
    if size >= 100_000:
        return f"{value:.1e}"
    decimals = 2 if size < 100 else 1 if size < 1000 else 0
    return f"{value:.{decimals}f}"


def _range(q_values: list[float]) -> tuple[float, float]:
    """Ends of the axis: zero and all values, at round numbers so that it seldom changes."""
    low, high = -_round_up(-min(0.0, *q_values)), _round_up(max(0.0, *q_values))
    return (low, high) if low < high else (0.0, 1.0)


def _round_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7, 10 ... at or above ``value`` >= 0; 0 for none."""
    if value < 1e-6:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value))
    return power * next(
        step for step in (1, 1.5, 2, 3, 5, 7, 10) if value <= step * power * (1 + 1e-9)
    )


class _Page:
    """A strip being drawn, in the pixels of the finished one."""

    def __init__(self, height: int) -> None:
        self._pixels = np.empty((height * _ZOOM, STRIP_WIDTH * _ZOOM, 3), np.uint8)
        self._pixels[:] = BACKGROUND

    def text(
        self,
        text: str,
        x: float,
        y: float,
        size: float,
        colour: Colour,
        *,
        from_right: bool = False,
    ) -> None:
        plain = text.encode("ascii", "replace").decode()
        if from_right:
            x -= cv2.getTextSize(plain, _FONT, size * _ZOOM, _ZOOM)[0][0] / _ZOOM
        at = (round(x * _ZOOM), round(y * _ZOOM))
        cv2.putText(self._pixels, plain, at, _FONT, size * _ZOOM, colour, _ZOOM, cv2.LINE_AA)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        x0, x1 = sorted((round(left * _ZOOM), round(right * _ZOOM)))
        self._pixels[round(top * _ZOOM) : round(bottom * _ZOOM), x0:x1] = colour

    def marker(self, x: float, y: float, colour: Colour) -> None:
        corners = np.array([(x, y - 4), (x + 6, y), (x, y + 4)]) * _ZOOM
        cv2.fillPoly(self._pixels, [corners.round().astype(np.int32)], colour, cv2.LINE_AA)

    def shrunk(self) -> U8:
        height = self._pixels.shape[0] // _ZOOM
        size = (STRIP_WIDTH, height)
        strip: U8 = cv2.resize(self._pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]  # of any number, says its stub
        return strip
