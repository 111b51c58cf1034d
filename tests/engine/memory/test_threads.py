"""Readers beside the writer: every entry they see is one version of one entry."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from made_memories import MakeMemory

from nec_engine.memory.lock import MeasuredLock
from nec_engine.memory.memory import EpisodicMemory

NUM_STATES = 400


def write_version(memory: EpisodicMemory, states: np.ndarray, version: int) -> None:
    """Key, value, step and hash of an entry all tell its state and version."""
    keys = np.zeros((len(states), 8), np.float32)
    keys[:, 0], keys[:, 1:] = states, version
    memory.advance(version, version)
    memory.write_batch(
        states % 2,
        torch.from_numpy(keys),
        states * 1000.0 + version,
        (states.astype(np.uint64) << np.uint64(32)) + np.uint64(version),  # always new: evicts
        states,
        np.full(len(states), version),
    )


def test_a_reader_never_sees_halves_of_two_entries(make_memory: MakeMemory) -> None:
    memory = make_memory(
        num_actions=2, capacity=150, index="annoy", index_min_entries=100, index_tail=50,
        annoy_trees=3, num_neighbours=20,
    )  # fmt: skip
    rng = np.random.default_rng(0)
    write_version(memory, np.arange(NUM_STATES), 1)
    problems: list[str] = []
    is_over = threading.Event()
    num_read = [0, 0]

    def read(reader: int) -> None:
        own = np.random.default_rng(reader)
        while not is_over.is_set():
            query = torch.zeros(1, 8)
            query[0, 0] = float(own.integers(NUM_STATES))
            found = memory.lookup(query, need_keys=True, with_evidence=True)
            assert found.keys is not None
            for action in range(2):
                evidence = found.evidence(0, action)
                num = len(evidence.slots)
                keys = found.keys[0, action, :num].numpy()
                states, versions = keys[:, 0].astype(np.int64), keys[:, 1].astype(np.int64)
                if not (
                    (keys[:, 1:] == versions[:, None]).all()
                    and (evidence.values == (states * 1000.0 + versions).astype(np.float32)).all()
                    and (evidence.steps == versions).all()
                    and (evidence.episodes == states).all()
                    and (evidence.state_hashes >> np.uint64(32) == states).all()
                    and len(set(evidence.slots.tolist())) == num == 20
                ):
                    problems.append(f"{keys} {evidence}")
                    return
            num_read[reader] += 1

    readers = [threading.Thread(target=read, args=(reader,)) for reader in range(2)]
    for reader in readers:
        reader.start()
    version = 1
    try:
        while min(num_read) < 150 and not problems:
            version += 1
            write_version(memory, rng.choice(NUM_STATES, 60, replace=False), version)
            memory.service_index()
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert problems == []
    assert memory.check_valid() == []
    assert memory.hold_times().num_holds > 300


def test_an_entry_is_found_by_another_thread_as_soon_as_its_write_returns(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(capacity=1000)
    found = []

    def look(state: int, version: int) -> None:
        query = torch.full((1, 8), float(version))
        query[0, 0] = state
        nearest = memory.lookup(query, np.array([[0]]))
        found.append((int(nearest.slots[0, 0, 0]), float(nearest.distances_sq[0, 0, 0])))

    for version in range(20):
        write_version(memory, np.array([version * 2]), version)
        reader = threading.Thread(target=look, args=(version * 2, version))
        reader.start()
        reader.join()
    assert found == [(slot, 0.0) for slot in range(20)]


def test_nobody_comes_in_between_while_the_lock_is_held() -> None:
    """Another thread that always wants to run does not, between the calls of one hold."""
    lock = MeasuredLock()
    seen: list[int] = []
    is_over = threading.Event()
    counter = iter(range(10**9))

    def busy() -> None:
        while not is_over.is_set():
            next(counter)

    other = threading.Thread(target=busy)
    other.start()
    try:
        for _ in range(200):
            first, second, third = lock.run(*[counter.__next__] * 3)
            seen.append(third - first)
            assert second - first == 1
    finally:
        is_over.set()
        other.join()
    assert set(seen) == {2}
    assert lock.hold_times().num_holds == 200


def test_a_call_that_fails_lets_go_of_the_lock() -> None:
    lock = MeasuredLock()
    with pytest.raises(IndexError):
        lock.run([].pop)
    assert lock.run(int) == [0]


def test_holds_are_measured() -> None:
    lock = MeasuredLock()
    assert lock.hold_times().max_ms == 0
    with lock:
        pass
    for _ in range(5000):
        lock.run(int)
    times = lock.hold_times()
    assert times.num_holds == 5001
    assert 0 < times.p99_ms <= times.max_ms
