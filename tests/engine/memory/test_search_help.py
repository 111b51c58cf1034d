"""Searches that two threads share: each made once, found in order, and as much help as there is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, fill
from waiting import until

from nec_engine.memory.search_help import Search, SearchHelp
from nec_engine.messages import I64


class Clock:
    """Seconds that pass when they are told to."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s

    def update(self, shared: SearchHelp, waited: float) -> None:
        """One more takes a second, of which the helper waits a part."""
        self.now_s += 1.0
        shared.settle(waited)


@pytest.fixture
def learner() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, thread_name_prefix="learn") as pool:
        yield pool


def willing(num: int) -> SearchHelp:
    """One whose helper makes so many searches between two updates."""
    shared = SearchHelp()
    shared._most = shared._left = num
    return shared


class Searches:
    """Numbered ones; the learner is kept in its first until it is let go on."""

    def __init__(self, num: int) -> None:
        self.by: dict[int, str] = {}
        self.goes_on = threading.Event()
        self.all: list[Search] = [partial(self._make, number) for number in range(num)]

    def _make(self, number: int) -> I64:
        assert number not in self.by, "made twice"
        self.by[number] = threading.current_thread().name
        if threading.current_thread() is not threading.main_thread():
            assert self.goes_on.wait(60)
        return np.array([[number]])


@pytest.mark.parametrize("num_willing", [0, 2, 9])
def test_each_search_is_made_once_and_no_more_of_them_by_the_helper_than_it_may(
    learner: ThreadPoolExecutor, num_willing: int
) -> None:
    shared, searches = willing(num_willing), Searches(6)
    running = learner.submit(shared.run, searches.all)
    until(lambda: len(searches.by) == 1, 60)  # the learner is in its first
    for _ in range(8):
        shared.help()
    searches.goes_on.set()
    assert [int(found[0, 0]) for found in running.result(60)] == list(range(6))
    by_helper = [name for name in searches.by.values() if not name.startswith("learn")]
    assert len(by_helper) == min(num_willing, 5)
    shared.help()  # nothing is left
    assert len(searches.by) == 6


@pytest.mark.parametrize("by_helper", [False, True])
def test_what_goes_wrong_is_raised_where_it_was_wanted(
    learner: ThreadPoolExecutor, by_helper: bool
) -> None:
    shared, searches = willing(1), Searches(3)

    def fail() -> I64:
        raise ValueError("no such node")

    searches.all[0 if by_helper else 2] = fail  # the helper begins with the first
    if by_helper:
        running = learner.submit(shared.run, searches.all)
        until(lambda: len(searches.by) == 1, 60)
        shared.help()
        searches.goes_on.set()
    else:
        searches.goes_on.set()
        running = learner.submit(shared.run, searches.all)
    with pytest.raises(ValueError, match="no such node"):
        running.result(60)
    assert not shared._open


def test_who_waits_helps_more_and_who_does_not_wait_helps_less(
    learner: ThreadPoolExecutor,
) -> None:
    clock = Clock()
    shared = SearchHelp(clock)
    clock.update(shared, 0.3)
    assert shared.most == 1
    clock.update(shared, 0.3)
    assert shared.most == 1  # nothing was asked of it: more would not help
    searches = Searches(3)
    running = learner.submit(shared.run, searches.all)
    until(lambda: len(searches.by) == 1, 60)
    shared.help()
    searches.goes_on.set()
    running.result(60)
    clock.update(shared, 0.3)
    assert shared.most == 2
    clock.update(shared, 0.02)
    assert shared.most == 2
    for _ in range(3):
        clock.update(shared, 0.0)
    assert shared.most == 0


@pytest.mark.parametrize("index", ["annoy", "hnsw"])
def test_a_lookup_with_help_finds_what_one_without_finds(
    learner: ThreadPoolExecutor, make_memory: MakeMemory, index: str
) -> None:
    memory = make_memory(
        index=index, num_actions=2, capacity=3000, index_min_entries=500, hnsw_min_entries=500
    )
    for action in range(2):
        fill(memory, action, 1500)
    memory.finish_builds()
    assert all(action.is_approximate for action in memory._index.actions)
    queries = torch.randn(32, memory.settings.key_size, generator=torch.manual_seed(3))
    wanted = np.random.default_rng(3).integers(0, 2, (32, 1))
    alone = memory.lookup(queries, wanted)
    shared = willing(5)
    looking = learner.submit(memory.lookup, queries, wanted, help_from=shared)
    while not looking.done():
        shared.help()
    together = looking.result()
    assert np.array_equal(together.slots, alone.slots)
    assert torch.equal(together.distances_sq, alone.distances_sq)
    assert torch.equal(together.values, alone.values)
