"""Many read, or one writes, and a writer gets its turn."""

from __future__ import annotations

import threading
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
