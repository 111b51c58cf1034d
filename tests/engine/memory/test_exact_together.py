"""All actions searched in one product find what a search of each finds."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from nec_engine.memory.index import exact_together
from nec_engine.memory.index.exact import ExactIndex
from nec_engine.memory.index.exact_together import are_dense, nearest_slots
from nec_engine.memory.neighbours import RECORD
from nec_engine.memory.rows import Rows

CAPACITY, KEY_SIZE = 60, 4
NOTHING = (float("nan"), float("inf"), -1e38, 0.0)  # what may stand where no entry is


def rows_of(sizes: list[int], nothing: float) -> Rows:
    rows = Rows(len(sizes), CAPACITY, KEY_SIZE, torch.device("cpu"))
    for room in (rows.keys, rows.norms_sq, rows.values):
        room.fill_(nothing)
    for action, size in enumerate(sizes):
        at = action * CAPACITY + np.arange(size)
        rows.write(at, torch.randn(size, KEY_SIZE) + 5, torch.zeros(size), np.zeros(size, RECORD))
    return rows


def check_found(rows: Rows, queries: torch.Tensor, actions: np.ndarray, num: int) -> None:
    """The nearest are among what is proposed, and as much is proposed as by a search of each."""
    together = nearest_slots(rows, queries, actions, num)
    for query in range(len(actions)):
        for place, action in enumerate(actions[query].tolist()):
            found = together[query, place]
            found = found[found >= 0]
            alone = ExactIndex(rows, action).search(queries[query : query + 1], num)[0]
            assert len(set(found.tolist())) == len(found) == len(alone)
            keys, _ = rows.filled(action)
            distances_sq = (keys.double() - queries[query].double()).square().sum(1)
            nearest = distances_sq.argsort()[:num]
            assert set(nearest.tolist()) <= set(found.tolist())


@settings(max_examples=40)
@given(
    sizes=st.lists(st.integers(0, CAPACITY), min_size=1, max_size=6),
    num_queries=st.integers(1, 5),
    num_places=st.integers(1, 4),
    num=st.integers(1, 20),
    nothing=st.sampled_from(NOTHING),
    seed=st.integers(0, 1000),
)
def test_each_pair_is_proposed_what_is_nearest_in_its_action(
    sizes: list[int], num_queries: int, num_places: int, num: int, nothing: float, seed: int
) -> None:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    actions = rng.integers(0, len(sizes), (num_queries, num_places))
    queries = torch.randn(num_queries, KEY_SIZE) + 5
    check_found(rows_of(sizes, nothing), queries, actions, num)


def test_scores_that_have_no_room_at_once_are_made_in_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact_together, "SCORES_AT_ONCE", 2 * 3 * CAPACITY)
    rows = rows_of([CAPACITY, 20, 7], float("nan"))
    actions = np.broadcast_to(np.arange(3), (7, 3))
    check_found(rows, torch.randn(7, KEY_SIZE) + 5, actions, 5)


def test_few_actions_far_apart_are_better_searched_one_by_one() -> None:
    assert are_dense(np.array([[0, 1, 2, 3]]))
    assert are_dense(np.array([[3], [5], [3]]))
    assert not are_dense(np.array([[0, 17]]))
    assert not are_dense(np.array([[4], [4]]))
    assert not are_dense(np.empty((0, 3), np.int64))
