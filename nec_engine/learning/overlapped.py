"""Learning while the game goes on: a second thread works out what the trainer's then does."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from nec_engine.learning.agents import Update
from nec_engine.learning.learner import Learner, Slope
from nec_engine.learning.replay import Batch
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.search_help import SearchHelp


class OverlappedLearner:
    """Finds the slope of a minibatch beside the trainer's thread, which descends when it is ready.

    Network and memory change in the trainer's thread alone, and the network only while no slope is
    being found: each slope is that of the network it is applied to. While entries still take their
    part of one update, the keys of the next minibatch are already being worked out. Entries that
    were written or evicted meanwhile are left out. What is given up is that the steps up to the
    next update are decided without this one, and that a run is not reproducible bit by bit.
    """

    def __init__(self, learner: Learner, memory: EpisodicMemory) -> None:
        self._learner, self._memory = learner, memory
        self._helper = ThreadPoolExecutor(1, thread_name_prefix="learn")
        self._under_way: Future[Slope | None] | None = None
        self._is_remembered = threading.Event()  # the memory has what it gets of the last slope
        self.searches = SearchHelp()  # of minibatches, for the trainer's thread between its own

    def update(self, batch: Batch) -> Update | None:
        """Finish the update under way and begin with the next; what the finished one saw."""
        slope = self._descended()
        self._is_remembered.clear()
        try:
            self._under_way = self._helper.submit(
                self._learner.slope,
                batch,
                before_lookup=self._is_remembered.wait,
                help_from=self.searches,
            )
            return self._remember(slope)
        finally:
            self._memory.watch_writes()
            self._is_remembered.set()  # or the other thread would wait for ever

    def finish(self) -> Update | None:
        """Wait for the update under way and apply it; None when there is none. Trainer's thread.

        What went wrong in the other thread is raised here.
        """
        return self._remember(self._descended())

    def _descended(self) -> Slope | None:
        """The slope under way, waited for; the network has taken its step along it."""
        if self._under_way is None:
            return None
        start_s = time.perf_counter()
        slope, self._under_way = self._under_way.result(), None
        self.searches.settle(time.perf_counter() - start_s)
        if slope is not None:
            self._learner.step_network()
        return slope

    def _remember(self, slope: Slope | None) -> Update | None:
        """Values and keys take their step along ``slope``, after the network."""
        if slope is None:
            return None
        found = self._memory.still_held(slope.neighbours)
        self._memory.touch(found)
        return self._learner.step_memory(slope._replace(neighbours=found))

    def close(self) -> None:
        """End the thread; what is under way is dropped. Idempotent."""
        self._helper.shutdown(wait=True, cancel_futures=True)
        self._memory.watch_writes(False)
        self._under_way = None
