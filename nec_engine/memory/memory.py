"""The whole memory: for every action a differentiable neural dictionary (Pritzel et al. 2017).

One thread, the trainer's, writes: every method that changes something is its alone. ``lookup``
without ``touch``, ``hold_times`` and the plain counters may be used by any thread.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from nec_engine.config import Settings
from nec_engine.memory.episodes import EpisodeCounts
from nec_engine.memory.index.exact import nearest_rows
from nec_engine.memory.kernel import squared_distances
from nec_engine.memory.lock import HoldTimes
from nec_engine.memory.neighbours import RECORD, EntryInfo, Neighbours, Records
from nec_engine.memory.rows import Rows
from nec_engine.memory.slots import Slots
from nec_engine.messages import I64, Moment, Origin

SCALE_MEMORY = 2000  # reads that the running mean of the kernel scale reaches back over
PAIRS_AT_ONCE = 576  # (query, action) pairs whose candidates are gathered in one go


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
        self._seed = seed
        self._rows = Rows(num_actions, capacity, settings.key_size, self.device)
        self._slots = [Slots(capacity) for _ in range(num_actions)]
        self._episodes = EpisodeCounts()
        self._num_by_origin = np.zeros(len(Origin), np.int64)
        # What readers may search up to: raised only when the rows are there.
        self._sizes = np.zeros(num_actions, np.int64)
        self._stamp = 0
        self._clock = 0
        self._network_version = 0
        self._kernel_scale = 0.0
        self._num_scale_reads = 0

    # --- what there is ---

    @property
    def sizes(self) -> tuple[int, ...]:
        """Filled entries of each action."""
        return tuple(self._sizes.tolist())

    @property
    def num_by_origin(self) -> tuple[int, int, int, int]:
        """Filled entries by who made them."""
        agent, person, imported, edited = self._num_by_origin.tolist()
        return agent, person, imported, edited

    @property
    def version(self) -> int:
        """Counts the changes so far."""
        return self._rows.version

    @property
    def clock(self) -> int:
        """Training steps, as last told by :meth:`advance`."""
        return self._clock

    @property
    def kernel_scale(self) -> float:
        """Running mean of the p-th neighbour's squared distance in the trainer's own lookups."""
        return self._kernel_scale

    def hold_times(self) -> HoldTimes:
        """How long the lock between the writer and its readers was held."""
        return self._rows.lock.hold_times()

    def episode_count(self, episode: int) -> int:
        """Living entries whose latest write was in this episode."""
        return self._episodes[episode]

    def take_released_episodes(self) -> list[int]:
        """Training and live episodes that have lost their last entry since the last call."""
        return self._episodes.take_released()

    def entry(self, action: int, slot: int) -> EntryInfo:
        """All that is kept of one entry; ``ValueError`` where there is none. Any thread."""
        if not 0 <= slot < self._sizes[action]:
            raise ValueError(f"action {action} has no entry in slot {slot}")
        row = np.array([action * self.capacity + slot])
        found = self._rows.gather(row, with_records=True, locked=True)
        assert found.records is not None
        slots = self._slots[action]
        return EntryInfo.from_record(
            action,
            slot,
            found.keys[0].cpu().numpy(),
            float(found.values[0]),
            found.records[0],
            (int(slots.stamps[slot]), int(slots.num_retrievals[slot])),
        )

    # --- reading ---

    def lookup(
        self,
        queries: Tensor,
        actions: npt.NDArray[np.integer] | Tensor | None = None,
        *,
        touch: bool = False,
        need_keys: bool = False,
        with_evidence: bool = False,
    ) -> Neighbours:
        """The p nearest entries of queries float32[B, D] in the memories of actions int[B, K].

        Without ``actions``, in all of them. With ``touch`` the entries found count as retrieved
        and the kernel scale learns from them: for the trainer's own decisions and updates only.
        Without it any thread may call; it then never waits for the trainer longer than one change
        of some rows takes.
        """
        queries = queries.detach()
        wanted = self._wanted_actions(actions, len(queries))
        per_part = max(1, PAIRS_AT_ONCE // wanted.shape[1])
        parts = [
            self._lookup_part(
                queries[start : start + per_part],
                wanted[start : start + per_part],
                need_keys,
                with_evidence,
                locked=not touch,
            )
            for start in range(0, max(1, len(queries)), per_part)
        ]
        found = parts[0] if len(parts) == 1 else Neighbours.joined(parts)
        if touch:
            self._touch(found)
        return found

    def _wanted_actions(
        self, actions: npt.NDArray[np.integer] | Tensor | None, num_queries: int
    ) -> I64:
        if actions is None:
            return np.broadcast_to(np.arange(self.num_actions), (num_queries, self.num_actions))
        array = actions.cpu().numpy() if isinstance(actions, Tensor) else actions
        if array.ndim != 2 or len(array) != num_queries:
            raise ValueError(f"actions must be int[{num_queries}, K], not {array.shape}")
        return array.astype(np.int64)

    def _lookup_part(
        self,
        queries: Tensor,
        actions: I64,
        need_keys: bool,
        with_evidence: bool,
        *,
        locked: bool,
    ) -> Neighbours:
        num_queries, num_places = actions.shape
        num_wanted = self.settings.num_neighbours
        num_entries = self._sizes[actions]
        candidates = self._candidates(queries, actions)  # [B, K, N], sorted, -1 first
        num_candidates = candidates.shape[2]
        is_there = candidates >= 0
        # a missing candidate reads row 0 of its action and is masked
        rows = actions[:, :, None] * self.capacity + np.where(is_there, candidates, 0)
        found = self._rows.gather(rows.reshape(-1), with_records=with_evidence, locked=locked)

        keys = found.keys.view(num_queries, num_places, num_candidates, -1)
        distances_sq = squared_distances(queries, keys)  # [B, K, N]
        there = torch.from_numpy(is_there).to(self.device)
        distances_sq.masked_fill_(~there, torch.inf)
        # A stable sort, so that among equal distances the lower slot comes first.
        distances_sq, order = distances_sq.sort(dim=-1, stable=True)
        distances_sq, order = distances_sq[..., :num_wanted], order[..., :num_wanted]
        mask = torch.isfinite(distances_sq)
        values = found.values.view(num_queries, num_places, -1).gather(2, order)
        host_order = order.cpu().numpy()
        records: Records | None = None
        if found.records is not None:
            per_pair = found.records.reshape(num_queries, num_places, num_candidates)
            records = np.take_along_axis(per_pair, host_order, axis=2)
        picked = None
        if need_keys:
            picked = keys.gather(2, order[..., None].expand(-1, -1, -1, keys.shape[-1]))
        return Neighbours(
            actions=actions,
            slots=np.take_along_axis(candidates, host_order, axis=2),
            distances_sq=distances_sq,
            values=torch.where(mask, values, 0.0),
            mask=mask,
            num_entries=num_entries,
            kernel_scale=self._kernel_scale,
            version=found.version,
            clock=self._clock,
            keys=picked,
            records=records,
        )

    def _candidates(self, queries: Tensor, actions: I64) -> I64:
        """int64[B, K, N >= p]: candidate slots in rising order, -1 first where there are fewer."""
        num_wanted = self.settings.num_neighbours
        found: list[tuple[npt.NDArray[np.bool_], I64]] = []
        for action in np.unique(actions).tolist():
            where = actions == action
            asking = np.flatnonzero(where.any(axis=1))
            part = queries if len(asking) == len(queries) else queries[torch.from_numpy(asking)]
            slots = self._search(action, part, num_wanted)
            of_query = np.searchsorted(asking, np.nonzero(where)[0])
            found.append((where, slots[of_query]))
        width = max([num_wanted, *(slots.shape[1] for _, slots in found)])
        candidates = np.full((*actions.shape, width), -1, np.int64)
        for where, slots in found:
            padded = np.full((len(slots), width), -1, np.int64)
            padded[:, : slots.shape[1]] = slots
            candidates[where] = padded
        candidates.sort(axis=2)
        return candidates

    def _search(self, action: int, queries: Tensor, num: int) -> I64:
        size = int(self._sizes[action])
        keys = self._rows.action_keys(action, size)
        norms_sq = self._rows.action_norms_sq(action, size)
        return nearest_rows(queries, keys, norms_sq, num)

    def _touch(self, found: Neighbours) -> None:
        self._stamp += 1
        for action in np.unique(found.actions).tolist():
            slots = found.slots[found.actions == action].reshape(-1)
            self._slots[action].touch(slots[slots >= 0], self._stamp)
        self._learn_scale(found)

    def _learn_scale(self, found: Neighbours) -> None:
        """Badia et al. 2020 (Never Give Up), Algorithm 1: the moving average d_m^2."""
        num_found = found.mask.sum(-1)
        has_two = num_found >= 2
        if not bool(has_two.any()):
            return
        last = (num_found - 1).clamp(min=0)
        furthest = found.distances_sq.gather(2, last[..., None])[..., 0]
        self._num_scale_reads += 1
        rate = max(1.0 / self._num_scale_reads, 1.0 / SCALE_MEMORY)
        mean = float(furthest[has_two].mean())
        self._kernel_scale += rate * (mean - self._kernel_scale)

    # --- writing: the trainer's thread ---

    def advance(self, clock: int, network_version: int) -> None:
        """Set the training steps and the network's version that the next writes are marked with."""
        self._clock, self._network_version = clock, network_version

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
        replaced and its value moves by alpha towards the new one (Pritzel et al. 2017, eq. 4).
        Any other takes a free slot, or that of the entry which was not retrieved the longest.
        All are found by the very next lookup.
        """
        num = len(actions)
        keys = keys.detach().to(self.device, torch.float32).reshape(num, self.settings.key_size)
        targets = torch.as_tensor(np.asarray(values, np.float32))
        if not (bool(torch.isfinite(keys).all()) and bool(torch.isfinite(targets).all())):
            raise ValueError("keys and values must be finite")
        records = np.zeros(num, RECORD)
        records["state_hash"] = state_hashes
        records["episode"] = records["first_episode"] = episodes
        records["step"] = records["first_step"] = steps
        records["clock"] = self._clock
        records["network_version"] = self._network_version
        records["origin"] = origin

        return self._place_and_put(actions, keys, targets.to(self.device), records)

    def _place_and_put(
        self, actions: npt.NDArray[np.integer], keys: Tensor, targets: Tensor, records: Records
    ) -> I64:
        num = len(actions)
        rows = np.empty(num, np.int64)
        is_update = np.zeros(num, np.bool_)
        is_evicting = np.zeros(num, np.bool_)
        start = 0
        pending: set[int] = set()
        states = zip(actions.tolist(), records["state_hash"].tolist(), strict=True)
        for i, (action, state_hash) in enumerate(states):
            self._stamp += 1
            placed = self._slots[action].place(state_hash, self._stamp)
            row = action * self.capacity + placed.slot
            if row in pending:  # twice in this batch: what is pending must be there first
                part = slice(start, i)
                self._put(rows[part], keys[part], targets[part], records[part],
                          is_update[part], is_evicting[part])  # fmt: skip
                start, pending = i, set()
            pending.add(row)
            rows[i], is_update[i], is_evicting[i] = row, not placed.is_new, placed.is_evicting
        part = slice(start, num)
        self._put(rows[part], keys[part], targets[part], records[part],
                  is_update[part], is_evicting[part])  # fmt: skip
        return rows % self.capacity

    def _put(
        self,
        rows: I64,
        keys: Tensor,
        targets: Tensor,
        records: Records,
        is_update: npt.NDArray[np.bool_],
        is_evicting: npt.NDArray[np.bool_],
    ) -> None:
        """Write entries whose rows are known and all different, with all that is counted."""
        old = self._rows.records[rows]
        self._episodes.add(records["episode"].tolist())
        self._episodes.remove(old["episode"][is_update | is_evicting].tolist())
        np.add.at(self._num_by_origin, records["origin"][~is_update], 1)
        np.subtract.at(self._num_by_origin, old["origin"][is_evicting], 1)

        was_person = records["origin"][is_update] == Origin.PERSON
        kept = old[is_update]
        for name in ("first_episode", "first_step", "origin"):
            records[name][is_update] = kept[name]
        records["num_updates"][is_update] = kept["num_updates"] + 1
        records["num_person_updates"][is_update] = kept["num_person_updates"] + was_person

        updates = torch.from_numpy(is_update).to(self.device)
        old_values = self._rows.values[torch.from_numpy(rows).to(self.device)]
        moved = old_values + self.settings.alpha * (targets - old_values)
        self._rows.write(rows, keys, torch.where(updates, moved, targets), records)
        for action in np.unique(rows // self.capacity).tolist():
            self._sizes[action] = self._slots[action].size

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
        is_there = found.slots >= 0
        rows = (found.actions[:, :, None] * self.capacity + found.slots)[is_there]
        if not len(rows):
            return
        there = torch.from_numpy(is_there).to(self.device)
        if value_gradients is not None:
            self._rows.add_to_values(rows, -learning_rate * value_gradients[there])
        if key_gradients is not None:
            self._rows.add_to_keys(rows, -learning_rate * key_gradients[there])

    # --- upkeep ---

    def service_index(self) -> None:
        """Let the index keep up. The trainer calls this at every step."""

    def close(self) -> None:
        """End what runs beside the memory. Idempotent."""
