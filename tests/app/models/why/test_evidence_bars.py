from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_messages import make_evidence

from app.models.why.evidence_bars import SegmentKind, bar_limits, bar_segments


@given(
    st.integers(0, 60),
    st.sampled_from([-1e6, -3.0, 0.0, 0.2, 5.0, 1e6]),
    st.sampled_from([(0.0, 0.0), (0.3, 0.0), (0.6, -2.0)]),
    st.integers(0, 5),
)
def test_the_pieces_of_a_bar_add_up_to_q(
    num_neighbours: int, centre: float, prior: tuple[float, float], seed: int
) -> None:
    evidence = make_evidence(0, num_neighbours, centre, seed, prior)
    total = sum(segment.amount for segment in bar_segments(evidence))
    assert total == pytest.approx(evidence.q, abs=1e-5 * max(1.0, abs(evidence.q)))


@given(st.integers(0, 60), st.sampled_from([-3.0, 0.0, 3.0]), st.integers(0, 5))
def test_negative_pieces_lie_left_of_zero_and_none_overlap(
    num_neighbours: int, centre: float, seed: int
) -> None:
    segments = bar_segments(make_evidence(0, num_neighbours, centre, seed))
    spans = sorted((min(s.start, s.end), max(s.start, s.end)) for s in segments)
    for (_, end), (start, _) in pairwise(spans):
        assert end <= start + 1e-9
    assert all(s.start <= 0 and s.end <= 0 for s in segments if s.amount < 0)
    assert all(s.start >= 0 and s.end >= 0 for s in segments if s.amount > 0)


def test_the_eight_largest_stand_alone_and_the_rest_is_one_piece() -> None:
    evidence = make_evidence(0, 50)
    segments = bar_segments(evidence)
    alone = [s for s in segments if s.kind is SegmentKind.NEIGHBOUR]
    rest = [s for s in segments if s.kind is SegmentKind.REST]
    assert len(alone) == 8
    assert [s.num_neighbours for s in rest] == [42]
    smallest_alone = min(abs(s.amount) for s in alone)
    others = set(range(50)) - {s.neighbour for s in alone}
    assert smallest_alone >= np.abs(evidence.contributions[list(others)]).max()


def test_the_prior_is_a_piece_of_its_own() -> None:
    segments = bar_segments(make_evidence(0, 50, prior=(0.25, 2.0)))
    assert [s.amount for s in segments if s.kind is SegmentKind.UNFAMILIAR] == [0.5]


def test_an_empty_memory_shows_only_what_the_unfamiliar_counts_as() -> None:
    segments = bar_segments(make_evidence(0, 0, prior=(1.0, -2.0)))
    assert [(s.kind, s.amount) for s in segments] == [(SegmentKind.UNFAMILIAR, -2.0)]
    assert bar_limits(segments) == (-2.0, 0.0)


def test_values_that_are_no_numbers_have_no_length() -> None:
    evidence = make_evidence(0, 4)
    evidence.values[1] = np.nan
    assert all(np.isfinite(s.amount) for s in bar_segments(evidence))
