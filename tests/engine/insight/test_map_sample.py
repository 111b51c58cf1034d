"""Which entries stand for a memory that is too large to be shown whole."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.insight.map_sample import even_shares, sample_of

sizes_of_memories = st.lists(st.integers(0, 300), min_size=1, max_size=8)


@given(sizes_of_memories, st.integers(0, 1000))
def test_shares_are_even_and_none_is_wasted(sizes: list[int], most: int) -> None:
    shares = even_shares(sizes, most)
    assert sum(shares) == min(most, sum(sizes))
    cut = [share for share, size in zip(shares, sizes, strict=True) if share < size]
    assert all(share <= size for share, size in zip(shares, sizes, strict=True))
    assert not cut or max(shares) - min(cut) <= 1


@given(sizes_of_memories, st.integers(1, 400))
def test_every_entry_is_named_once(sizes: list[int], most: int) -> None:
    sample = sample_of(sizes, most)
    named = set(zip(sample.actions.tolist(), sample.slots.tolist(), strict=True))
    assert len(named) == len(sample.slots) == min(most, sum(sizes))
    assert all(0 <= slot < sizes[action] for action, slot in named)


def test_a_growing_memory_keeps_most_of_those_that_were_shown() -> None:
    before, after = sample_of((10_000, 2_000), 1_000), sample_of((10_500, 2_100), 1_000)
    first, second = (
        set(zip(s.actions.tolist(), s.slots.tolist(), strict=True)) for s in (before, after)
    )
    assert len(first & second) >= 900


def test_those_that_stay_keep_their_order_and_actions_are_mixed() -> None:
    before, after = sample_of((400, 400), 800), sample_of((420, 430), 850)
    order = {place: i for i, place in enumerate(zip(*map(np.ndarray.tolist, after), strict=True))}
    ranks = [order[place] for place in zip(*map(np.ndarray.tolist, before), strict=True)]
    assert ranks == sorted(ranks)
    assert 150 < before.actions[:400].sum() < 250
