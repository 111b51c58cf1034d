"""The average of neighbours and the maximum of returns (Blundell et al. 2016)."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.config import Settings
from nec_engine.memory.kernel import read_memory
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Moment

AVERAGE = Settings(kernel="average", embedding="fixed")


def read(distances: list[float], values: list[float], settings: Settings, num_there: int):  # type: ignore[no-untyped-def]  # what it gives is torch's
    mask = torch.arange(len(distances)) < num_there
    return read_memory(
        torch.tensor(distances)[None, None], torch.tensor(values)[None, None], mask[None, None],
        1.0, settings,
    )  # fmt: skip


def test_every_neighbour_has_the_same_share() -> None:
    q, shares, prior, _ = read([1.0, 2.0, 50.0, torch.inf], [1.0, 2.0, 6.0, 0.0], AVERAGE, 3)
    assert float(q) == pytest.approx(3.0)
    assert shares[0, 0].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0])
    assert float(prior) == 0


def test_an_exact_match_speaks_alone() -> None:
    with_prior = Settings(kernel="average", embedding="fixed", prior_distance=1.0, prior_value=-9.0)
    for settings in (AVERAGE, with_prior):
        q, shares, prior, _ = read([0.0, 1e-12, 2.0], [7.0, 1.0, 2.0], settings, 3)
        assert float(q) == 7.0
        assert shares[0, 0].tolist() == [1, 0, 0]
        assert float(prior) == 0


@given(
    distances=st.lists(st.sampled_from([0.0, 0.5, 3.0]), min_size=1, max_size=8),
    values=st.lists(st.floats(-1e4, 1e4, width=32), min_size=8, max_size=8),
    num_missing=st.integers(0, 3),
    prior_distance=st.sampled_from([0.0, 2.0]),
)
def test_shares_and_contributions_add_up(
    distances: list[float], values: list[float], num_missing: int, prior_distance: float
) -> None:
    settings = Settings(
        kernel="average", embedding="fixed", prior_distance=prior_distance, prior_value=5.0
    )
    padded = sorted(distances) + [torch.inf] * num_missing
    q, shares, prior, _ = read(padded, (values * 2)[: len(padded)], settings, len(distances))
    assert float(shares.sum() + prior) == pytest.approx(1, abs=1e-6)
    total = float((shares[0, 0].double() * torch.tensor((values * 2)[: len(padded)])).sum())
    total += float(prior) * 5.0
    assert float(q) == pytest.approx(total, rel=1e-5, abs=1e-3)


def test_a_value_never_falls_with_maximum() -> None:
    memory = EpisodicMemory(1, 10, Settings(key_size=2, value_update="maximum"))
    key = torch.zeros(2)
    for value, expected in ((-3.0, -3.0), (5.0, 5.0), (2.0, 5.0), (6.0, 6.0)):
        slot = memory.write(0, key, value, 11, Moment(0, 0))
        assert memory.contents.entry(0, slot).value == expected
    # the same state twice in one batch
    memory.write_batch(
        np.zeros(2, np.int64), torch.zeros(2, 2), [9.0, 8.0], np.full(2, 11, np.uint64), 0, [1, 2]
    )
    assert memory.contents.entry(0, 0).value == 9.0
    assert memory.contents.entry(0, 0).num_updates == 5
    assert memory.sizes == (1,)
    assert memory.check_valid() == []
