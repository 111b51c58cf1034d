"""What a person does to a memory, as rules of a state machine: delete, pin, set values, undo."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from memory_model import CAPACITY, NUM_ACTIONS, Entry, Model

from nec_engine.memory.edit_log import Edit, EditKind, EditLog, Job, TooManyPinnedError
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD
from nec_engine.messages import EntrySet, Origin

PIECE = 7
actions = st.integers(0, NUM_ACTIONS - 1)
hash_spans = st.tuples(st.integers(0, 230), st.integers(1, 120), st.integers(1, 3))


def named_set(names: list[tuple[int, int]]) -> EntrySet:
    """(action, state hash) of each, as a view would name them; the moments do not matter."""
    return EntrySet(
        np.array([action for action, _ in names], np.int64),
        np.array([state_hash for _, state_hash in names], np.uint64),
        np.zeros(len(names), np.int64),
        np.zeros(len(names), np.int64),
    )


def driven(job: Job) -> Edit:
    """A job at its end."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            edit: Edit = end.value
            return edit


@dataclass
class Done:
    """An edit as the model remembers it: the entries before, and after (None: deleted)."""

    before: dict[tuple[int, int], Entry]
    after: dict[tuple[int, int], Entry | None]
    is_forgetting: bool = False
    is_writing: bool = False


class EditingRules:
    """For a machine with a ``memory`` and its ``model``."""

    memory: EpisodicMemory
    model: Model

    def begin_edits(self) -> None:
        """Nothing to undo yet."""
        self.log = EditLog(self.memory, PIECE)
        self.done: list[Done] = []
        self.undone: list[Done] = []

    @rule(action=actions, span=hash_spans)
    def delete(self, action: int, span: tuple[int, int, int]) -> None:
        names = self.names(action, span)
        edit = driven(self.log.delete(self.memory.surgery.named(named_set(names))))
        known = self.known(names)
        assert (edit.num_entries, edit.num_gone) == (len(known), len(names) - len(known))
        self.note(Done(self.copies(known), dict.fromkeys(known)))
        for name in known:
            del self.model.entries[name[0]][name[1]]
        self.follow_slots()

    @rule(action=actions, span=hash_spans, value=st.integers(-64, 64).map(float))
    def set_values(self, action: int, span: tuple[int, int, int], value: float) -> None:
        names = self.names(action, span)
        driven(self.log.set_value(self.memory.surgery.named(named_set(names)), value))
        known = self.known(names)
        before = self.copies(known)
        for entry in known.values():
            entry.value, entry.origin, entry.clock = value, Origin.EDITED, self.model.clock
        self.note(Done(before, dict(self.copies(known)), is_writing=True))
        self.follow_slots()

    @rule(action=actions, span=hash_spans)
    def pin(self, action: int, span: tuple[int, int, int]) -> None:
        """Or let go, when all are pinned; never more than half of the capacity."""
        names = self.names(action, span)
        known = self.known(names)
        before = self.copies(known)
        num_pinned = sum(entry.is_pinned for entry in self.model.entries[action].values())
        free = [entry for entry in known.values() if not entry.is_pinned]
        named = self.memory.surgery.named(named_set(names))
        try:
            edit = driven(self.log.set_pinned(named, None))
        except TooManyPinnedError:
            assert num_pinned + len(free) > CAPACITY // 2
            return
        assert num_pinned + len(free) <= CAPACITY // 2
        assert (edit.kind is EditKind.PIN) == bool(free)
        for entry in known.values():
            entry.is_pinned = bool(free)
        self.note(Done(before, dict(self.copies(known))))
        self.follow_slots()

    @rule()
    def forget_lessons(self) -> None:
        self.note(self.forgotten(self.log.forget_lessons(), self.taught()))

    def taught(self) -> dict[tuple[int, int], Entry]:
        return {
            (action, state_hash): entry
            for action in range(NUM_ACTIONS)
            for state_hash, entry in self.model.entries[action].items()
            if entry.is_taught
        }

    def forgotten(self, job: Job, known: dict[tuple[int, int], Entry]) -> Done:
        """Only the agent's own word is left, or nothing."""
        before = self.copies(known)
        assert driven(job).num_entries == len(known)
        after: dict[tuple[int, int], Entry | None] = {}
        for (action, state_hash), entry in known.items():
            by_person = entry.origin is Origin.PERSON
            if entry.untaught is None and by_person:
                del self.model.entries[action][state_hash]
                after[action, state_hash] = None
                continue
            entry.num_updates -= entry.num_person_updates + by_person
            entry.num_person_updates = 0
            entry.origin = Origin.AGENT if by_person else entry.origin
            entry.value = entry.value if entry.untaught is None else entry.untaught
            entry.untaught = None
            after[action, state_hash] = copy.deepcopy(entry)
        self.follow_slots()
        return Done(before, after, is_forgetting=True)

    @precondition(lambda self: self.done)
    @rule()
    def undo(self) -> None:
        edit = self.done.pop()
        self.undone.append(edit)
        driven(self.log.undo())
        self.must_be_back(edit.before)

    @precondition(lambda self: self.undone)
    @rule()
    def redo(self) -> None:
        edit = self.undone.pop()
        self.done.append(edit)
        if edit.is_forgetting:
            again = self.forgotten(self.log.redo(), self.known(list(edit.before)))
            edit.before, edit.after = again.before, again.after
            return
        driven(self.log.redo())
        if not any(edit.after.values()):
            edit.before = self.copies(self.known(list(edit.before)))
            for action, state_hash in edit.before:
                del self.model.entries[action][state_hash]
            self.follow_slots()
            return
        after = {name: entry for name, entry in edit.after.items() if entry is not None}
        for entry in after.values():
            entry.clock = self.model.clock if edit.is_writing else entry.clock
        self.must_be_back(after)

    # --- what must hold ---

    def must_be_back(self, images: dict[tuple[int, int], Entry]) -> None:
        """They are there as they were; what went for them was the least recently retrieved."""
        for (action, state_hash), entry in images.items():
            self.model.entries[action][state_hash] = copy.deepcopy(entry)
        for action in range(NUM_ACTIONS):
            known = self.model.entries[action]
            there = set(self.hashes_by_slot(action))
            evicted = {state_hash: known.pop(state_hash) for state_hash in set(known) - there}
            if not evicted:
                continue
            assert len(known) == CAPACITY
            rest = [
                entry.stamp
                for state_hash, entry in known.items()
                if not entry.is_pinned and (action, state_hash) not in images
            ]
            assert not any(entry.is_pinned for entry in evicted.values())
            assert not any((action, state_hash) in images for state_hash in evicted)
            assert max(entry.stamp for entry in evicted.values()) <= min(rest, default=1 << 60)
        self.follow_slots()

    def follow_slots(self) -> None:
        """Which slot an entry has after an edit is the memory's own affair."""
        self.model.stamp = self.memory._writer.stamp
        for action in range(NUM_ACTIONS):
            hashes = self.hashes_by_slot(action)
            assert sorted(hashes) == sorted(self.model.entries[action])
            for slot, state_hash in enumerate(hashes):
                self.model.entries[action][state_hash].slot = slot
        state = self.memory.state_dict()["actions"]
        for action in range(NUM_ACTIONS):
            columns, by_slot = state[str(action)], self.model.by_slot(action)
            entries = [by_slot[slot][1] for slot in range(len(by_slot))]
            assert columns["values"].tolist() == [np.float32(entry.value) for entry in entries]
            assert columns["keys"].tolist() == [entry.key.tolist() for entry in entries]
            assert columns["last_retrieved"].tolist() == [entry.stamp for entry in entries]
            assert columns["num_retrievals"].tolist() == [e.num_retrievals for e in entries]

    def hashes_by_slot(self, action: int) -> list[int]:
        records = self.memory.state_dict()["actions"][str(action)]["records"]
        hashes: list[int] = records.reshape(-1).view(RECORD)["state_hash"].tolist()
        return hashes

    def names(self, action: int, span: tuple[int, int, int]) -> list[tuple[int, int]]:
        """Of entries that are there, and of some that are not."""
        first, num, step = span
        return [(action, state_hash) for state_hash in range(first, first + num * step, step)]

    def known(self, names: list[tuple[int, int]]) -> dict[tuple[int, int], Entry]:
        return {
            (action, state_hash): self.model.entries[action][state_hash]
            for action, state_hash in names
            if state_hash in self.model.entries[action]
        }

    def copies(self, known: dict[tuple[int, int], Entry]) -> dict[tuple[int, int], Entry]:
        return {name: copy.deepcopy(entry) for name, entry in known.items()}

    def note(self, edit: Done) -> None:
        self.undone = []
        if edit.before:
            self.done.append(edit)
