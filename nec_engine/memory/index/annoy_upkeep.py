"""Keeps every action's Annoy index close to its memory: notes changes, rebuilds by policy."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.index.annoy import AnnoyFile, TailedIndex
from nec_engine.memory.index.builder import BuildJob, build_file
from nec_engine.memory.index.builder_process import BuilderProcess
from nec_engine.memory.index.tail import Tail
from nec_engine.memory.index.upkeep import ActionIndex, IndexUpkeep
from nec_engine.memory.rows import Rows
from nec_engine.messages import F32, I64
from nec_engine.scratch import Scratch
from nec_engine.seeding import derived_seed

COPY_BYTES = 1 << 21  # of keys handed to the builder in one step of the trainer: about 1 ms
MOST_IN_THE_WAY = 8  # after an edit, one eighth of what an index knows may be wrong
RETRY_S = 60.0  # after a build failed (a full disk, say)


class AnnoyAction(ActionIndex):
    """One action's index, and what has changed since its keys were copied."""

    def __init__(self, rows: Rows, action: int, settings: Settings) -> None:
        super().__init__(rows, action)
        self._least_in_the_way = settings.index_tail
        self.indexed: TailedIndex | None = None  # what is published, when there is an index
        self.coming_tail: Tail | None = None  # of the index that is being built

    def note_written(self, slots: I64, keys: Tensor, norms_sq: Tensor) -> None:
        for tail in self.tails():
            tail.add(slots, keys, norms_sq)

    def note_moved(
        self, slots: I64, keys: Tensor, norms_sq: Tensor, shifts: F32, limits: F32
    ) -> None:
        for tail in self.tails():
            tail.note_moved(slots, keys, norms_sq, shifts, limits)

    def note_removed(self, slots: I64) -> None:
        for tail in self.tails():
            tail.remove(slots)

    def note_edited(self) -> None:
        """Search every key where that is the faster by now, until there is a new index."""
        index, coming = self.indexed, self.coming_tail
        if index is not None and index.num_in_the_way > self._most(index.file.num_items):
            self.indexed, self.published = None, self.exact
        if coming is not None and len(coming) > self._most(len(self.exact)):
            self.coming_tail = None  # the coming index is of no use, and costs no more

    def _most(self, num_items: int) -> int:
        """Of an index over so many, how many may be in the way."""
        return max(self._least_in_the_way, num_items // MOST_IN_THE_WAY)

    def publish(self, indexed: TailedIndex | None) -> None:
        """From now on readers search this; None: every key."""
        self.indexed = indexed
        self.published = indexed or self.exact
        self.coming_tail = None

    def tails(self) -> list[Tail]:
        """Of the index in use and of the coming one."""
        tails = [] if self.indexed is None else [self.indexed.tail]
        return tails if self.coming_tail is None else [*tails, self.coming_tail]


class _Build:
    """One action's keys on their way to the builder."""

    def __init__(self, action: int, num: int, keys_path: Path, job: BuildJob) -> None:
        self.action, self.num, self.job = action, num, job
        self.keys_path, self.result_path = keys_path, Path(job["result"])
        self.slots_path = Path(job["slots"])
        self.num_copied = 0
        self.file: BinaryIO = keys_path.open("wb", buffering=0)

    def copy(self, keys: Tensor, num_rows: int) -> bool:
        """Write the next rows; whether all are written now. ``OSError`` on a full disk."""
        end = min(self.num, self.num_copied + num_rows)
        raw = keys[self.num_copied : end].cpu().numpy().data.cast("B")
        while raw:
            raw = raw[self.file.write(raw) :]
        self.num_copied = end
        if end == self.num:
            self.file.close()
        return end == self.num

    def clean_up(self) -> None:
        """Remove the files; what a broken disk does not let go of is left to the scratch folder."""
        paths = (self.keys_path, self.result_path, self.slots_path)
        for tidy in (self.file.close, *(path.unlink for path in paths)):
            with contextlib.suppress(OSError):
                tidy()


class AnnoyUpkeep(IndexUpkeep):
    """Builds in a child process when enough has changed, in step in a deterministic run."""

    def __init__(self, rows: Rows, settings: Settings, seed: int) -> None:
        self._actions = [AnnoyAction(rows, action, settings) for action in range(rows.num_actions)]
        super().__init__(self._actions)
        self._rows, self._settings, self._seed = rows, settings, seed
        self._builder = BuilderProcess()
        self._scratch = Scratch()
        self._build: _Build | None = None
        self._is_submitted = False
        self._problem = ""
        self._retry_at_s = 0.0
        self._next_build_clock = settings.index_rebuild_steps  # deterministic runs only

    @property
    def problem(self) -> str:
        return self._problem

    @property
    def building_action(self) -> int | None:
        return None if self._build is None else self._build.action

    @property
    def tail_sizes(self) -> tuple[int, ...]:
        return tuple(
            len(action.indexed.tail) if action.indexed is not None else self._waiting(size)
            for action, size in zip(self._actions, self._rows.sizes.tolist(), strict=True)
        )

    def _waiting(self, size: int) -> int:
        """A small memory waits for no index: it is searched faster without."""
        return size if size >= self._settings.index_min_entries else 0

    def service(self, clock: int) -> None:
        """Do the next small piece of work: copy some keys, or take over a finished index."""
        if self._settings.deterministic:
            if clock >= self._next_build_clock:
                self._next_build_clock = clock + self._settings.index_rebuild_steps
                self._build_all_due()
            return
        try:
            self._go_on()
        except OSError as error:
            self._fail(str(error))

    def finish_build(self) -> None:
        if self._settings.deterministic:
            self._build_all_due()
        self._builder.is_waited_for = True
        while self._build is not None or (self._due_action() is not None and not self._problem):
            self.service(0)
            if self._is_submitted:
                time.sleep(0.001)
        self._builder.is_waited_for = False

    def state_dict(self) -> dict[str, Any]:
        """The index files' bytes with their tails: views, to be written before anything changes.

        A build that is under way is left out: the index in use is complete without it.
        """
        actions = {
            str(action): {
                "file": index.indexed.file.contents,
                "slots": index.indexed.file.slots,
                "tail": index.indexed.tail.slots,
                "shifts": index.indexed.tail.shifts(int(self._rows.sizes[action])),
            }
            for action, index in enumerate(self._actions)
            if index.indexed is not None
        }
        return {
            "num_builds": self.num_builds,
            "next_build_clock": self._next_build_clock,
            "actions": actions,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        super().load_state_dict(state)
        self._drop_build()
        self._next_build_clock = state.get("next_build_clock", self._next_build_clock)
        for action, index in enumerate(self._actions):
            of_action = state.get("actions", {}).get(str(action))
            index.publish(None)
            if of_action is None:
                continue
            try:
                index.publish(self._loaded(action, of_action))
            except OSError as error:  # no room for the file: it is built again when there is
                if self._settings.deterministic:
                    raise
                self._problem = str(error)

    def _loaded(self, action: int, state: dict[str, Any]) -> TailedIndex:
        path = self._scratch.path(f"{action}-loaded.annoy")
        try:
            state["file"].tofile(path)
            # copied, because a snapshot's is gone when it is closed; older ones have none
            of_items = np.array(state["slots"]) if "slots" in state else None
            settings = self._settings
            file = AnnoyFile(path, of_items, settings.key_size, settings.annoy_search_k)
        finally:
            path.unlink(missing_ok=True)
        slots = np.array(state["tail"])
        keys, norms_sq = self._rows.filled(action)
        at = torch.from_numpy(slots).to(self._rows.device)
        tail = self._new_tail()
        tail.restore(slots, state["shifts"], keys[at], norms_sq[at])
        return TailedIndex(file, tail, self._rows.size_of(action))

    def check_valid(self) -> list[str]:
        problems = []
        for action, index in enumerate(self._actions):
            keys, norms_sq = self._rows.filled(action)
            for tail in index.tails():
                slots = torch.from_numpy(tail.slots).to(self._rows.device)
                view = tail.view
                if len(np.unique(tail.slots)) != len(tail) or not view.contains(tail.slots).all():
                    problems.append(f"action {action}: a slot is in a tail twice or misplaced")
                if not torch.equal(view.keys[: view.size], keys[slots]) or not torch.equal(
                    view.norms_sq[: view.size], norms_sq[slots]
                ):
                    problems.append(f"action {action}: a tail holds other keys than the memory")
        return problems

    def close(self) -> None:
        self._builder.close()
        self._drop_build()
        self._scratch.close()

    def _go_on(self) -> None:
        if self._build is None:
            action = self._due_action()
            if action is not None and time.monotonic() >= self._retry_at_s:
                self._build = self._begin(action)
            return
        if not self._is_submitted:
            num_rows = max(1, COPY_BYTES // (4 * self._settings.key_size))
            if self._build.copy(self._keys_for(self._build), num_rows):
                self._builder.submit(self._build.job)
                self._is_submitted = True
            return
        ended = self._builder.poll()
        if ended is not None:
            self._is_submitted = False
            if ended.problem:
                raise OSError(ended.problem)
            self._take_over(self._build)

    def _due_action(self) -> int | None:
        """The action whose index is missing or most out of date; None when all will do."""
        due = [
            (tail_size, action)
            for action, tail_size in enumerate(self.tail_sizes)
            if self._is_due(action, tail_size)
        ]
        return max(due)[1] if due else None

    def _is_due(self, action: int, tail_size: int) -> bool:
        if self._actions[action].indexed is None:
            return tail_size > 0
        return tail_size >= self._settings.index_tail

    def _begin(self, action: int) -> _Build:
        """From here on all changes are noted for the new index, too: its keys may be copied."""
        settings, num = self._settings, int(self._rows.sizes[action])
        name = f"{action}-{self.num_builds}"
        keys_path = self._scratch.path(f"{name}.keys")
        job: BuildJob = {
            "keys": str(keys_path),
            "num": num,
            "dim": settings.key_size,
            "trees": settings.annoy_trees,
            "seed": derived_seed(self._seed, "index", action, self.num_builds),
            "result": str(self._scratch.path(f"{name}.annoy")),
            "slots": str(self._scratch.path(f"{name}.slots")),
        }
        build = _Build(action, num, keys_path, job)
        self._actions[action].coming_tail = self._new_tail()
        return build

    def _keys_for(self, build: _Build) -> Tensor:
        """Of all slots that were filled when it was begun; those emptied since do no harm."""
        return self._rows.first_keys(build.action, build.num)

    def _new_tail(self) -> Tail:
        return Tail(self._rows.capacity, self._rows.centre)

    def _take_over(self, build: _Build) -> None:
        settings, action = self._settings, self._actions[build.action]
        if action.coming_tail is not None:  # edits have left it of use
            slots = np.fromfile(build.slots_path, np.int32)
            file = AnnoyFile(build.result_path, slots, settings.key_size, settings.annoy_search_k)
            size = self._rows.size_of(build.action)
            action.publish(TailedIndex(file, action.coming_tail, size))
            action.note_edited()
        self.num_builds += 1
        self._problem = ""
        self._build = None
        build.clean_up()

    def _build_all_due(self) -> None:
        """Build in step, in this thread: what deterministic runs do."""
        for action, tail_size in enumerate(self.tail_sizes):
            if self._is_due(action, tail_size):
                build = self._begin(action)
                try:
                    build.copy(self._keys_for(build), build.num)
                    build_file(build.job)
                    self._take_over(build)
                finally:
                    build.clean_up()

    def _fail(self, problem: str) -> None:
        """Go on without: the old index and its tail still find everything."""
        self._problem = problem
        self._retry_at_s = time.monotonic() + RETRY_S
        self._drop_build()

    def _drop_build(self) -> None:
        if self._build is not None:
            self._actions[self._build.action].coming_tail = None
            self._build.clean_up()
        self._build, self._is_submitted = None, False
