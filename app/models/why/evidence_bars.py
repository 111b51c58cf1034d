"""A Q as a bar of its neighbours' contributions. No Qt here."""

from __future__ import annotations

import math
from enum import Enum
from typing import Final, NamedTuple

import numpy as np

from nec_engine.messages import ActionEvidence

NUM_SEPARATE: Final = 8


class SegmentKind(Enum):
    """What one piece of a bar stands for."""

    NEIGHBOUR = "neighbour"
    REST = "the rest"
    UNFAMILIAR = "unfamiliar"
    NETWORK = "network"  # that judges without the memory


class Segment(NamedTuple):
    """One piece of a bar, from ``start`` (nearer to zero) to ``end``, in the units of Q."""

    kind: SegmentKind
    start: float
    end: float
    neighbour: int  # its place among the neighbours, nearest first; -1 for the other kinds
    num_neighbours: int  # how many it stands for

    @property
    def amount(self) -> float:
        return self.end - self.start


def bar_segments(evidence: ActionEvidence, num_separate: int = NUM_SEPARATE) -> tuple[Segment, ...]:
    """The bar of one action: the largest contributions one by one, the rest as one, the prior.

    What is positive is stacked to the right of zero, what is negative to the left; all amounts
    together are Q. With no neighbours at all the prior's value is the whole bar. What is not a
    number (a network that diverged) has no length.
    """
    contributions = np.nan_to_num(evidence.contributions.astype(np.float64), posinf=0, neginf=0)
    num_neighbours = len(contributions)
    by_size = np.argsort(-np.abs(contributions), kind="stable")
    pieces = [
        (SegmentKind.NEIGHBOUR, float(contributions[i]), int(i), 1) for i in by_size[:num_separate]
    ]
    if num_neighbours > num_separate:
        rest = float(contributions[by_size[num_separate:]].sum())
        pieces.append((SegmentKind.REST, rest, -1, num_neighbours - num_separate))
    network = evidence.network_share * evidence.network_value
    if network and math.isfinite(network):
        pieces.append((SegmentKind.NETWORK, network, -1, 0))
    prior = evidence.prior_share * evidence.prior_value
    if not num_neighbours:
        prior = evidence.q - network
    if prior and math.isfinite(prior):
        pieces.append((SegmentKind.UNFAMILIAR, prior, -1, 0))
    return tuple(_stacked(pieces))


def bar_limits(segments: tuple[Segment, ...]) -> tuple[float, float]:
    """How far a bar reaches to the left (<= 0) and to the right (>= 0) of zero."""
    ends = [segment.end for segment in segments]
    return min([0.0, *ends]), max([0.0, *ends])


def _stacked(pieces: list[tuple[SegmentKind, float, int, int]]) -> list[Segment]:
    left = right = 0.0
    segments = []
    for kind, amount, neighbour, num_neighbours in pieces:
        if amount >= 0:
            segments.append(Segment(kind, right, right + amount, neighbour, num_neighbours))
            right += amount
        else:
            segments.append(Segment(kind, left, left + amount, neighbour, num_neighbours))
            left += amount
    return segments
