"""Many read, or one writes, and a writer gets its turn."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from nec_engine.memory.index.read_write_lock import ReadWriteLock


def test_readers_are_let_in_together() -> None:
    lock = ReadWriteLock()
    both_in = threading.Barrier(2, timeout=60)

    def read() -> int:
        with lock.reading():
            return both_in.wait()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(lambda _: read(), range(2))) == [0, 1]


def test_a_writer_is_alone_and_is_not_kept_waiting_by_new_readers() -> None:
    lock = ReadWriteLock()
    first, second = [0], [0]  # always changed together
    torn = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            with lock.reading():
                one = first[0]
                for _ in range(50):
                    pass
                if second[0] != one:
                    torn.append(one)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(300):
        with lock.writing():
            first[0] += 1
            for _ in range(50):
                pass
            second[0] += 1
    is_over.set()
    for reader in readers:
        reader.join()
    assert first == [300]
    assert torn == []


def test_what_goes_wrong_inside_leaves_the_lock_free() -> None:
    lock = ReadWriteLock()
    for hold in (lock.reading, lock.writing):
        try:
            with hold():
                raise KeyError
        except KeyError:
            pass
    with lock.writing():
        pass
    with lock.reading():
        pass


def test_a_reader_comes_in_between_two_holds_of_a_writer_in_a_hurry() -> None:
    lock = ReadWriteLock()
    num_holds, waits = [0], []

    def read() -> None:
        before = num_holds[0]
        with lock.reading():
            waits.append(num_holds[0] - before)

    for _ in range(20):
        with lock.writing():
            reader = threading.Thread(target=read)
            reader.start()
            while not lock._num_waiting:
                time.sleep(0.0005)
            num_holds[0] += 1
        for _ in range(5):  # at once, without a rest
            with lock.writing():
                num_holds[0] += 1
        reader.join()
    assert waits == [1] * 20
