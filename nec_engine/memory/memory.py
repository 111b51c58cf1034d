"""The whole memory: for every action a differentiable neural dictionary (Pritzel et al. 2017).

One thread, the trainer's, writes: every method that changes something is its alone. ``contents``,
``lookup`` without ``touch``, and what is only counted or measured may be used by any thread.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.contents import Contents
from nec_engine.memory.fading import faded, what_is_left
from nec_engine.memory.index.making import make_upkeep
from nec_engine.memory.lessons import LessonSay
from nec_engine.memory.lock import HoldTimes
from nec_engine.memory.neighbours import RECORD, Neighbours
from nec_engine.memory.reading import Wanted, find_neighbours, wanted_actions
from nec_engine.memory.rows import Rows
from nec_engine.memory.scale import RunningScale
from nec_engine.memory.search_help import SearchHelp
from nec_engine.memory.state import entries_problems, entries_state, load_entries, on_host
from nec_engine.memory.surgery import Surgery
from nec_engine.memory.writing import Writer
from nec_engine.messages import I64, Moment, Origin

RECALL_NEIGHBOURS = 50


def _go_on() -> None:
    """Give way to nobody."""


class EpisodicMemory:
    """Memories of ``num_actions`` actions, ``capacity`` entries each, keys float32[key_size]."""

    def __init__(
        self,
        num_actions: int,
        capacity: int,
        settings: Settings,
        device: torch.device | str = "cpu",
        seed: int = 1,
    ) -> None:
        self.num_actions, self.capacity = num_actions, capacity
        self.settings = settings
        self.device = torch.device(device)
        self._rows = Rows(num_actions, capacity, settings.key_size, self.device)
        self._index = make_upkeep(self._rows, settings, seed)
        self._writer = Writer(self._rows, self._index, settings)
        self.contents = Contents(self._rows, self._writer)  # to look at, entry by entry
        self.surgery = Surgery(self._rows, self._index, self._writer)
        self._scale = RunningScale()
        self.give_way: Callable[[], None] = _go_on  # called within the trainer's own lookups
        self.lesson_say = LessonSay(lead=settings.lessons_lead)

    # --- what there is ---

    @property
    def sizes(self) -> tuple[int, ...]:
        """Filled entries of each action."""
        return tuple(self._rows.sizes.tolist())

    @property
    def num_by_origin(self) -> tuple[int, int, int, int]:
        """Filled entries by who made them."""
        agent, person, imported, edited = self._writer.num_by_origin.tolist()
        return agent, person, imported, edited

    @property
    def num_taught(self) -> int:
        """Filled entries that a person's play made or changed."""
        return self._writer.num_taught

    @property
    def version(self) -> int:
        """Counts the changes so far."""
        return self._rows.version

    @property
    def clock(self) -> int:
        """Training steps, as last told by :meth:`advance`."""
        return self._writer.clock

    @property
    def stamp(self) -> int:
        """Counts the writes and the lookups that touch."""
        return self._writer.stamp

    @property
    def kernel_scale(self) -> float:
        """Running mean of the p-th neighbour's squared distance in the trainer's own lookups."""
        return self._scale.value

    def hold_times(self) -> HoldTimes:
        """How long the lock between the writer and its readers was held."""
        return self._rows.lock.hold_times()

    def episode_count(self, episode: int) -> int:
        """Living entries whose latest write was in this episode."""
        return self._writer.episodes[episode]

    # --- looking up ---

    def lookup(
        self,
        queries: Tensor,
        actions: npt.NDArray[np.integer] | Tensor | None = None,
        *,
        touch: bool = False,
        need_keys: bool = False,
        with_evidence: bool = False,
        with_lessons: bool = True,
        help_from: SearchHelp | None = None,
    ) -> Neighbours:
        """The p nearest entries of queries float32[B, D] in the memories of actions int[B, K].

        Without ``actions``, in all of them. With ``touch`` the entries found count as retrieved
        and the kernel scale learns from them: for the trainer's own decisions and updates only.
        Without it any thread may call; it then never waits for the trainer longer than one change
        of some rows takes. ``with_lessons`` tells which neighbours a person taught, where any are.
        Of several queries, ``help_from`` lets another thread make some of the searches.
        """
        queries = queries.detach()
        is_fading = self.settings.value_decay < 1
        has_lessons = with_lessons and self._writer.num_taught > 0 and self.lesson_say.is_any
        found = find_neighbours(
            self._rows,
            self._index.published,
            queries,
            wanted_actions(actions, queries.shape[0], self.num_actions),
            self._wanted(
                need_keys=need_keys,
                with_evidence=with_evidence or is_fading or has_lessons,
                locked=not touch,
                help_from=help_from,
            ),
        )
        if touch:
            self.touch(found)
        if has_lessons:
            lessons = self.lesson_say.among(found.records, found.mask)
            found = dataclasses.replace(found, lessons=lessons)
        return faded(found, self.settings) if is_fading else found

    def touch(self, found: Neighbours) -> None:
        """Count what a lookup found as retrieved, and let the kernel scale learn from it.

        The trainer's thread, for a lookup that another one made for it.
        """
        self._writer.touch(found)
        self._scale.learn(found.distances_sq, found.mask)

    def still_held(self, found: Neighbours) -> Neighbours:
        """A lookup's neighbours less those whose key is another one by now; the trainer's thread.

        ``found`` was looked up after :meth:`watch_writes`, while others wrote; it can be changed
        with :meth:`apply_gradients` then.
        """
        rows = found.actions[:, :, None] * self.capacity + np.maximum(found.slots, 0)
        slots = np.where(self._rows.is_rewritten(rows), -1, found.slots)
        return dataclasses.replace(found, slots=slots)

    def watch_writes(self, is_wanted: bool = True) -> None:
        """What is written from now on is known to :meth:`still_held`, or nothing is any more.

        It is kept until this is called again. The trainer's thread.
        """
        self._rows.watch_writes(is_wanted)

    def _wanted(
        self,
        *,
        need_keys: bool,
        with_evidence: bool,
        locked: bool,
        help_from: SearchHelp | None = None,
    ) -> Wanted:
        return Wanted(
            num=self.settings.num_neighbours,
            need_keys=need_keys,
            with_evidence=with_evidence,
            locked=locked,
            kernel_scale=self._scale.value,
            clock=self._writer.clock,
            give_way=_go_on if locked else self.give_way,
            help=help_from,
        )

    # --- writing: the trainer's thread ---

    def advance(self, clock: int, network_version: int) -> None:
        """Set the training steps and the network's version that the next writes are marked with."""
        self._writer.clock, self._writer.network_version = clock, network_version

    def write(
        self,
        action: int,
        key: Tensor,
        value: float,
        state_hash: int,
        moment: Moment,
        origin: Origin = Origin.AGENT,
    ) -> int:
        """The slot in which key float32[D] now is; see :meth:`write_batch`."""
        slots = self.write_batch(
            np.array([action]),
            key.reshape(1, -1),
            np.array([value], np.float32),
            np.array([state_hash], np.uint64),
            np.array([moment.episode]),
            np.array([moment.step]),
            origin,
        )
        return int(slots[0])

    def write_batch(
        self,
        actions: npt.NDArray[np.integer],
        keys: Tensor,
        values: npt.ArrayLike,
        state_hashes: npt.NDArray[np.uint64],
        episodes: npt.ArrayLike,
        steps: npt.ArrayLike,
        origin: Origin = Origin.AGENT,
    ) -> I64:
        """The slots int64[M] in which M entries now are, written one after the other.

        keys: float32[M, D]; values: float32[M], N-step returns; episodes and steps: int[M] or one
        int, the moments. A state that its action's memory holds already keeps its slot: its key is
        replaced and its value moves by alpha towards the new one (Pritzel et al. 2017, eq. 4), or
        stays the larger of both (``value_update=maximum``, Blundell et al. 2016, eq. 1).
        Any other takes a free slot, or that of the entry which was not retrieved the longest.
        All are found by the very next lookup.
        """
        num = len(actions)
        keys = keys.detach().to(self.device, torch.float32).reshape(num, self.settings.key_size)
        targets = np.asarray(values, np.float32)
        if not (bool(torch.isfinite(keys).all()) and np.isfinite(targets).all()):
            raise ValueError("keys and values must be finite")
        records = np.zeros(num, RECORD)
        records["state_hash"] = state_hashes
        records["episode"] = records["first_episode"] = episodes
        records["step"] = records["first_step"] = steps
        records["clock"] = self._writer.clock
        records["network_version"] = self._writer.network_version
        records["origin"] = origin

        on_device = torch.as_tensor(targets).to(self.device)
        return self._writer.write(actions, keys, on_device, records)

    def revalue(
        self,
        actions: npt.NDArray[np.integer],
        values: npt.ArrayLike,
        episodes: npt.ArrayLike,
        steps: npt.ArrayLike,
    ) -> None:
        """Set the values float32[M] of what was written at these moments, each of them once.

        For ``value_update=append``, where a moment is an entry; those evicted since are left out.
        """
        records = np.zeros(len(actions), RECORD)
        records["episode"], records["step"] = episodes, steps
        targets = torch.as_tensor(np.asarray(values, np.float32))
        self._writer.revalue(actions, records, targets.to(self.device))

    def apply_gradients(
        self,
        found: Neighbours,
        value_gradients: Tensor | None,
        key_gradients: Tensor | None,
        learning_rate: float,
    ) -> None:
        """Take one gradient step with what a lookup found, if nothing was written since then.

        value_gradients: float32[B, K, P]; key_gradients: float32[B, K, P, D]; None leaves values
        or keys as they are. An entry that several queries found gets the sum of its gradients.
        """
        if value_gradients is not None and self.settings.value_decay < 1:
            value_gradients = value_gradients * what_is_left(found, self.settings)
        self._writer.apply_gradients(
            found,
            None if value_gradients is None else -learning_rate * value_gradients,
            None if key_gradients is None else -learning_rate * key_gradients,
        )

    # --- upkeep: the trainer's thread ---

    @property
    def tail_sizes(self) -> tuple[int, ...]:
        """Entries of each action that no index knows yet; searched exactly."""
        return self._index.tail_sizes

    @property
    def building_action(self) -> int | None:
        """Whose index is being built now."""
        return self._index.building_action

    @property
    def num_builds(self) -> int:
        """Indexes built so far."""
        return self._index.num_builds

    @property
    def index_problem(self) -> str:
        """Why the last build failed, in words; empty when it did not."""
        return self._index.problem

    def service_index(self) -> None:
        """Let the indexes keep up: a millisecond of work at most. To be called at every step.

        In a deterministic run a build is made here, at fixed step counts, and takes as long as it
        takes.
        """
        self._index.service(self._writer.clock)

    def finish_builds(self) -> None:
        """Wait until no index is due or being built: for benchmarks."""
        self._index.finish_build()

    def recall_at_50(self, query: Tensor, action: int) -> float | None:
        """Share of the 50 true nearest of float32[1, D] that the index proposes (any thread).

        Of 50 whatever the agent looks up, so that agents and indexes can be compared. None while
        the action's memory has no index: it is searched exactly then.
        """
        if not self._index.actions[action].is_approximate:
            return None
        actions = np.array([[action]])
        wanted = self._wanted(need_keys=False, with_evidence=False, locked=True)
        wanted = wanted._replace(num=RECALL_NEIGHBOURS)
        by_index, by_all = (
            find_neighbours(self._rows, indexes, query.detach(), actions, wanted)
            for indexes in (self._index.published, self._index.exact)
        )
        true = by_all.slots[by_all.slots >= 0]
        return float(np.isin(true, by_index.slots).mean()) if true.size else None

    # --- saving: the trainer's thread ---

    def state_dict(self, read: Callable[[Tensor], Any] = on_host) -> dict[str, Any]:
        """Everything, bit by bit, with the indexes in use: views, to be written before a change."""
        return {
            **entries_state(self._rows, self._writer, read),
            "clock": self._writer.clock,
            "network_version": self._writer.network_version,
            "lesson_weight": self.lesson_say.weight,
            "scale": self._scale.state_dict(),
            "index": self._index.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take over what :meth:`state_dict` gave; for a memory that no other thread reads yet.

        ``ValueError`` when it does not fit the actions, the capacity or the key size.
        """
        load_entries(self._rows, self._writer, state)
        self._writer.clock, self._writer.network_version = state["clock"], state["network_version"]
        self.lesson_say.weight = state.get("lesson_weight", 1.0)
        self._scale.load_state_dict(state["scale"])
        self._index.load_state_dict(state["index"])

    def check_valid(self) -> list[str]:
        """What is wrong inside, in words: for tests, after anything."""
        return entries_problems(self._rows, self._writer) + self._index.check_valid()

    def close(self) -> None:
        """End the builder and remove its files, within a second. Idempotent."""
        self._index.close()
