from __future__ import annotations

import numpy as np

from nec_engine.memory.index.slot_queue import SlotQueue


def test_a_queue_holds_each_slot_once_and_takes_the_oldest_first() -> None:
    queue = SlotQueue(10)
    queue.add(np.array([3, 5]))
    queue.add(np.array([5, 1]))
    assert queue.take(2).tolist() == [3, 5]
    queue.add(np.array([3]))
    assert queue.take(9).tolist() == [1, 3]
    assert len(queue) == 0
    assert queue.take(1).tolist() == []
