"""Several threads do the searches of one lookup."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
from conftest import MakeMemory, fill

from nec_engine.config import Settings
from nec_engine.memory.index.search_pool import ALONE, SearchPool, search_threads
from nec_engine.messages import I64


def nothing() -> None:
    pass


def found(number: int) -> Callable[[], I64]:
    return lambda: np.array([number])


@pytest.fixture
def pool() -> Iterator[SearchPool]:
    pool = SearchPool(3)
    yield pool
    pool.close()
    pool.close()
    assert not any(thread.name == "search helper" for thread in threading.enumerate())


def test_what_is_found_comes_in_the_order_of_the_searches(pool: SearchPool) -> None:
    for num in (0, 1, 2, 30):
        assert [int(one[0]) for one in pool.run([found(n) for n in range(num)], nothing)] == list(
            range(num)
        )


def test_searches_are_made_at_the_same_time(pool: SearchPool) -> None:
    meeting = threading.Barrier(3, timeout=5)

    def meet() -> I64:
        meeting.wait()
        return np.array([0])

    for _ in range(20):
        assert len(pool.run([meet] * 3, nothing)) == 3


def test_the_thread_that_asks_gives_way_between_its_own_searches(pool: SearchPool) -> None:
    asking = threading.current_thread()
    given_way = []
    searched_here = []

    def search() -> I64:
        if threading.current_thread() is asking:
            searched_here.append(1)
        return np.array([0])

    def give_way() -> None:
        assert threading.current_thread() is asking
        given_way.append(1)

    pool.run([search] * 50, give_way)
    assert len(given_way) == len(searched_here) > 0


@pytest.mark.parametrize("failing", [0, 7, 19])
def test_what_goes_wrong_in_a_search_is_raised_and_the_pool_goes_on(
    pool: SearchPool, failing: int
) -> None:
    def fail() -> I64:
        raise ValueError("no such slot")

    searches = [found(n) for n in range(20)]
    searches[failing] = fail
    for _ in range(10):
        with pytest.raises(ValueError, match="no such slot"):
            pool.run(searches, nothing)
        assert len(pool.run([found(1)] * 5, nothing)) == 5


def test_alone_it_searches_in_the_thread_that_asks() -> None:
    alone = SearchPool(1)
    asking = threading.current_thread()

    def search() -> I64:
        assert threading.current_thread() is asking
        return np.array([0])

    assert len(alone.run([search] * 9, nothing)) == 9
    alone.close()


def test_a_helper_that_does_not_come_to_an_end_holds_nobody_up() -> None:
    pool = SearchPool(2)
    asking, may_end = threading.current_thread(), threading.Event()
    has_begun = threading.Event()

    def search() -> I64:
        if threading.current_thread() is asking:
            has_begun.wait(5)
        else:
            has_begun.set()
            may_end.wait(30)
        return np.array([7])

    results = pool.run([search] * 4, nothing)
    assert not may_end.is_set()
    assert [int(one[0]) for one in results] == [7] * 4
    may_end.set()
    pool.close()


def test_only_the_trainer_of_a_large_memory_is_helped_and_not_beside_a_game(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nec_engine.memory.memory.LEAST_ENTRIES", 100)
    helped = []
    run = SearchPool.run
    monkeypatch.setattr(
        SearchPool,
        "run",
        lambda pool, *args: helped.append(pool is not ALONE) or run(pool, *args),
    )
    memory = make_memory(search_threads=0)
    query = torch.zeros(1, 8)
    fill(memory, 0, 99)
    memory.lookup(query, touch=True)
    fill(memory, 1, 100)
    memory.lookup(query)
    assert helped == [False, False]
    memory.lookup(query, touch=True)
    memory.give_way = nothing  # as beside a game
    memory.lookup(query, touch=True)
    assert helped == [False, False, True, False]
    asked = make_memory(search_threads=2)
    asked.give_way = nothing
    fill(asked, 0, 100)
    asked.lookup(query, touch=True)
    assert helped[4:] == [True]


def test_a_deterministic_run_searches_on_one_thread() -> None:
    assert search_threads(Settings(deterministic=True, search_threads=8)) == 1
    assert search_threads(Settings(search_threads=8)) == 8
    assert search_threads(Settings()) >= 1
