"""Keeps every action's graph up to date: entries are put in as they are written."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.machine import num_cores
from nec_engine.memory.index.hnsw import HnswGraph
from nec_engine.memory.index.hnsw_fill import NO_ROOM, HnswFill, keys_of
from nec_engine.memory.index.large_pages import LargePages
from nec_engine.memory.index.slot_queue import SlotQueue
from nec_engine.memory.index.upkeep import ActionIndex, IndexUpkeep
from nec_engine.memory.rows import Rows
from nec_engine.messages import F32, I64
from nec_engine.seeding import derived_seed

MOVED_PER_STEP = 4  # entries of one action that gradients moved too far, put in anew: about 1 ms
STEPS_TO_RETRY = 64  # between two tries with an entry that the graph does not give back
LEAST_DELETED = 1000  # nodes before a graph is made anew
MOST_EDITED = 512  # entries of one action taken out of a graph, or put in again, at once
RETRY_S = 60.0  # after a graph could not be made


class HnswAction(ActionIndex):
    """One action's graph, searched once there are entries enough."""

    def __init__(self, rows: Rows, action: int, least_searched: int) -> None:
        super().__init__(rows, action)
        self.graph: HnswGraph | None = None  # None until it is made of a loaded memory
        self.fill: HnswFill | None = None  # of the graph that is being made
        self.moved = SlotQueue(rows.capacity)
        self.problem = ""  # why there is no graph, in words; empty where there is one or none yet
        self.retry_at_s = 0.0  # when to try again, by the monotonic clock
        self._num_retried = 0  # times that an entry which the graph does not give back was tried
        self._rows, self._action, self._least_searched = rows, action, least_searched
        # How far each key may be from where the graph has it (at most so far).
        self._shifts: F32 = np.zeros(rows.capacity, np.float32)

    @property
    def is_worn(self) -> bool:
        """Deleted nodes are in the way: each is visited and gives nothing."""
        graph = self.graph
        return graph is not None and graph.num_deleted > max(LEAST_DELETED, graph.num_found // 2)

    @property
    def room(self) -> int:
        """Nodes that the graph has room for; it moves when that grows."""
        return 0 if self.graph is None else self.graph.room

    def note_written(self, slots: I64, keys: Tensor, norms_sq: Tensor) -> None:  # noqa: ARG002 - every index's form
        if self.fill is not None:
            self.fill.changed.add(slots)
        if self.graph is not None:
            self._put(slots, keys.cpu().numpy())
            self.publish(self.graph)  # it may have become large enough

    def note_moved(
        self,
        slots: I64,
        keys: Tensor,
        norms_sq: Tensor,  # noqa: ARG002 - every index's form
        shifts: F32,
        limits: F32,
    ) -> None:
        self._shifts[slots] += shifts
        is_lost = self._shifts[slots] > limits
        if not is_lost.any():
            return
        lost, where = slots[is_lost], torch.from_numpy(np.flatnonzero(is_lost)).to(keys.device)
        if self.graph is not None:
            self.graph.set_aside(lost, keys[where].cpu())
        self.moved.add(lost)
        if self.fill is not None:
            self.fill.changed.add(lost)

    def note_removed(self, slots: I64) -> None:
        self._shifts[slots] = 0
        if self.fill is not None:
            self.fill.changed.add(slots)
        if self.graph is not None:
            self.graph.remove(slots)
            self.publish(self.graph)

    def publish(self, graph: HnswGraph | None) -> None:
        """From now on readers search this, if the memory is large enough; else every key."""
        self.graph = graph
        is_searched = self._rows.sizes[self._action] >= self._least_searched
        self.published = graph if graph is not None and is_searched else self.exact

    def put_moved(self, num: int) -> None:
        """Put some that moved, or that the graph does not give back, in again."""
        slots = self.moved.take(num)
        slots = slots[slots < self._rows.sizes[self._action]]  # some may be gone since
        if self.graph is not None and len(slots):
            self._put(slots, keys_of(self._rows, self._action, slots))
            if self.fill is not None:  # whose nodes are where the keys were before they moved
                self.fill.changed.add(slots)

    def retry(self) -> None:
        """Later on, the graph may well give back what it did not; each in its turn."""
        if self.graph is not None:
            aside = self.graph.aside
            if len(aside):
                self._num_retried += 1
                at = self._num_retried % len(aside)
                self.moved.add(aside[at : at + 1])

    def problems(self) -> list[str]:
        """What is wrong with the graph, in words."""
        if self.graph is None:
            return []
        keys = self._rows.filled(self._action)[0].cpu().numpy()
        return self.graph.problems(keys, self._shifts[: len(keys)])

    def note_problem(self, problem: str) -> None:
        """A graph could not be made; what is searched instead goes on."""
        self.problem, self.retry_at_s = problem, time.monotonic() + RETRY_S

    def _put(self, slots: I64, keys: F32) -> None:
        assert self.graph is not None
        self._shifts[slots] = 0
        try:
            self.graph.put(slots, keys)
        except NO_ROOM as error:  # every key is searched until there is
            self.note_problem(str(error))
            self.publish(None)


class HnswUpkeep(IndexUpkeep):
    """A graph for each action. No snapshot keeps one: it is made anew beside the loaded run."""

    def __init__(self, rows: Rows, settings: Settings, seed: int) -> None:
        least = settings.hnsw_min_entries
        self._actions = [HnswAction(rows, action, least) for action in range(rows.num_actions)]
        super().__init__(self._actions)
        self._rows, self._settings, self._seed = rows, settings, seed
        self._fill: HnswFill | None = None
        self._large_pages = LargePages()
        self._asked_for: tuple[int, ...] = ()  # builds so far, and each graph's room
        self._edited: set[int] = set()  # actions that are changed too much for a graph just now
        self._begin_anew()

    @property
    def problem(self) -> str:
        return next((action.problem for action in self._actions if action.problem), "")

    @property
    def building_action(self) -> int | None:
        return None if self._fill is None else self._fill.action

    @property
    def tail_sizes(self) -> tuple[int, ...]:
        return tuple(
            size if action.graph is None else len(action.graph.aside)
            for action, size in zip(self._actions, self._rows.sizes.tolist(), strict=True)
        )

    def begin_edit(self, action: int, num: int) -> None:
        """After many, a graph is made anew on its own thread: that takes the trainer no time."""
        if num > MOST_EDITED:
            self._edited.add(action)
            if self._fill is not None and self._fill.action == action:
                self._drop_fill()
            self._actions[action].publish(None)

    def end_edit(self) -> None:
        self._edited.clear()

    def service(self, clock: int) -> None:
        if clock % STEPS_TO_RETRY == 0:
            for action in self._actions:
                action.retry()
        self._go_on()

    def finish_build(self) -> None:
        self._make_missing()
        while (
            self._fill is not None
            or any(len(action.moved) for action in self._actions)
            or self._due_action() is not None
        ):
            self._go_on()
            if self._fill is not None:
                time.sleep(0.001)
        self._ask_for_large_pages()
        self._large_pages.wait()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self._begin_anew()

    def check_valid(self) -> list[str]:
        return [
            f"action {number}: {problem}"
            for number, action in enumerate(self._actions)
            for problem in action.problems()
        ]

    def close(self) -> None:
        self._drop_fill()

    def _go_on(self) -> None:
        """Put in what has moved; take over a graph that is done, or begin with one that is due."""
        self._ask_for_large_pages()
        for action in self._actions:
            if len(action.moved):
                action.put_moved(MOVED_PER_STEP)
        if self._fill is None:
            due = self._due_action()
            if due is not None:
                self._begin_fill(due)
        elif self._fill.is_done:
            self._take_over(self._fill)

    def _ask_for_large_pages(self) -> None:
        """Where a graph has got more room, or another has come, since they were asked for."""
        there = (self.num_builds, *(action.room for action in self._actions))
        if there != self._asked_for:
            self._asked_for = there
            self._large_pages.ask()

    def _make_missing(self) -> None:
        """Graphs for all actions that have none, as many at a time as there are cores."""
        self._drop_fill()
        missing = [
            number
            for number, action in enumerate(self._actions)
            if action.graph is None and number not in self._edited
        ]
        for first in range(0, len(missing), num_cores()):
            fills = [
                HnswFill(self._rows, number, self._new_graph(number), is_waited_for=True)
                for number in missing[first : first + num_cores()]
            ]
            try:
                for fill in fills:
                    fill.wait()
                    self._take_over(fill)
            finally:
                for fill in fills:
                    fill.close()

    def _begin_anew(self) -> None:
        """Empty graphs, which grow with their memories; for those that hold entries, none yet."""
        self._drop_fill()
        for number, action in enumerate(self._actions):
            action.publish(None if self._rows.sizes[number] else self._new_graph(number))

    def _new_graph(self, action: int) -> HnswGraph:
        seed = derived_seed(self._seed, "index", action, self.num_builds)
        exact, rows = self._actions[action].exact, self._rows
        return HnswGraph(exact, rows.capacity, rows.centre, self._settings, seed)

    def _due_action(self) -> int | None:
        """The action without a graph, or with a worn one; the largest first, None when none is.

        One that could not be made is not due again for a while.
        """
        now_s = time.monotonic()
        due = [
            (action.graph is None, int(self._rows.sizes[number]), number)
            for number, action in enumerate(self._actions)
            if (action.graph is None or action.is_worn)
            and number not in self._edited
            and now_s >= action.retry_at_s
        ]
        return max(due)[2] if due else None

    def _begin_fill(self, action: int) -> None:
        self._fill = HnswFill(self._rows, action, self._new_graph(action))
        self._actions[action].fill = self._fill

    def _take_over(self, fill: HnswFill) -> None:
        action, graph = self._actions[fill.action], fill.finish()
        if graph is None:
            action.note_problem(fill.problem)
        else:
            action.publish(graph)
            action.problem = ""
            self.num_builds += 1
        self._drop_fill()

    def _drop_fill(self) -> None:
        if self._fill is not None:
            self._fill.close()
            self._actions[self._fill.action].fill = None
        self._fill = None
