"""Edits of a memory: undone bit by bit, whatever happened since; indexes that follow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from editing_rules import driven, named_set
from made_memories import MakeMemory, StepBuilder, fill, put_builder

from nec_engine.memory.edit_log import EditKind, EditLog, Job, TooManyPinnedError
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.surgery import Named
from nec_engine.memory.thinning import thinned
from nec_engine.messages import (
    Entry,
    EntrySet,
    Moment,
    OfEpisode,
    OfOrigin,
    Origin,
    SameOrigin,
)


def hashes(memory: EpisodicMemory, action: int) -> list[int]:
    return [memory.contents.entry(action, slot).state_hash for slot in range(memory.sizes[action])]


def named(memory: EpisodicMemory, action: int, wanted: list[int]) -> Named:
    return memory.surgery.named(named_set([(action, state_hash) for state_hash in wanted]))


def entries_of(memory: EpisodicMemory) -> Any:
    """All fields of all entries, with their slots, bit by bit."""
    state = memory.state_dict()["actions"]
    return {
        (action, name): array.tobytes() if name != "shape" else array
        for action, of_action in state.items()
        for name, array in of_action.items()
    }


def write_more(memory: EpisodicMemory, num: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    memory.write_batch(
        np.zeros(num, np.int64), torch.randn(num, memory.settings.key_size), rng.normal(size=num),
        rng.integers(0, 2**63, num).astype(np.uint64), 7, np.arange(num),
    )  # fmt: skip


@pytest.fixture
def memory(make_memory: MakeMemory) -> EpisodicMemory:
    memory = make_memory(capacity=300)
    for action in range(2):
        fill(memory, action, 250, seed=action)
    memory.lookup(torch.zeros(1, 8), touch=True)
    return memory


def test_what_is_undone_at_once_leaves_no_trace_in_any_entry(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    before = entries_of(memory)
    rng = np.random.default_rng(0)
    for kind in EditKind:
        wanted = named(memory, 0, rng.permutation(hashes(memory, 0))[:145].tolist())
        if kind is EditKind.DELETE:
            driven(log.delete(wanted))
        elif kind is EditKind.VALUE:
            driven(log.set_value(wanted, 3.5))
        else:
            driven(log.set_pinned(wanted, kind is EditKind.PIN))
    after = entries_of(memory)
    for _ in range(2):
        for _ in EditKind:
            driven(log.undo())
        assert entries_of(memory) == before
        assert memory.check_valid() == []
        for _ in EditKind:
            driven(log.redo())
        assert entries_of(memory) == after


def test_what_training_did_to_an_edited_entry_is_undone_with_the_edit(
    memory: EpisodicMemory,
) -> None:
    log = EditLog(memory)
    info = memory.contents.entry(0, 17)
    driven(log.set_value(named(memory, 0, [info.state_hash]), 100.0))
    edited = memory.contents.entry(0, 17)
    assert (edited.value, edited.origin) == (100.0, Origin.EDITED)
    memory.write(0, torch.ones(8), 5.0, info.state_hash, Moment(9, 9), Origin.PERSON)
    driven(log.undo())
    again = memory.contents.entry(0, 17)
    assert again.key.tobytes() == info.key.tobytes()
    assert {**vars_of(again)} == {**vars_of(info)}
    driven(log.redo())
    assert vars_of(memory.contents.entry(0, 17)) == vars_of(edited)


def vars_of(info: Any) -> dict[str, Any]:
    return {name: getattr(info, name) for name in info.__slots__ if name != "key"}


def test_an_edited_entry_that_was_evicted_is_put_back(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    victim = memory.contents.entry(0, int(np.argmin(memory._writer.slots[0].stamps[:250])))
    driven(log.set_value(named(memory, 0, [victim.state_hash]), -1.0))
    write_more(memory, 120, seed=3)
    assert victim.state_hash not in hashes(memory, 0)
    driven(log.undo())
    assert memory.check_valid() == []
    slot = hashes(memory, 0).index(victim.state_hash)
    assert vars_of(memory.contents.entry(0, slot)) | {"slot": victim.slot} == vars_of(victim)
    assert memory.sizes[0] == 300


def test_many_are_put_back_into_a_full_memory_while_training_writes(
    memory: EpisodicMemory,
) -> None:
    log = EditLog(memory, piece=16)
    wanted = hashes(memory, 0)[:200]
    before = {h: vars_of(memory.contents.entry(0, slot)) for slot, h in enumerate(wanted)}
    driven(log.delete(named(memory, 0, wanted)))
    write_more(memory, 290, seed=4)
    job = log.undo()
    drive_beside_training(memory, job)
    assert memory.check_valid() == []
    there = {memory.contents.entry(0, slot).state_hash: slot for slot in range(memory.sizes[0])}
    for state_hash in wanted:
        assert vars_of(memory.contents.entry(0, there[state_hash])) | {"slot": 0} == before[
            state_hash
        ] | {"slot": 0}


def drive_beside_training(memory: EpisodicMemory, job: Job) -> None:
    try:
        for seed in range(1000):
            next(job)
            if memory.sizes[0] < memory.capacity:
                write_more(memory, 1, seed)
    except StopIteration:
        return


def test_a_pinned_entry_outlives_all_others(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    pinned = hashes(memory, 0)[:20]
    driven(log.set_pinned(named(memory, 0, pinned), is_pinned=None))
    write_more(memory, 900, seed=5)
    left = hashes(memory, 0)
    assert len(left) == 300
    assert set(pinned) <= set(left)
    driven(log.set_pinned(named(memory, 0, pinned), is_pinned=None))
    write_more(memory, 300, seed=6)
    assert not set(pinned) & set(hashes(memory, 0))


def test_a_write_to_a_pinned_entry_leaves_it_pinned(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    info = memory.contents.entry(0, 3)
    driven(log.set_pinned(named(memory, 0, [info.state_hash]), is_pinned=True))
    memory.write(0, torch.ones(8), 5.0, info.state_hash, Moment(9, 9))
    assert memory.contents.entry(0, 3).is_pinned


def test_pins_and_edited_values_outlive_a_snapshot(
    memory: EpisodicMemory, make_memory: MakeMemory
) -> None:
    log = EditLog(memory)
    wanted = hashes(memory, 0)[:9]
    driven(log.set_pinned(named(memory, 0, wanted), is_pinned=True))
    driven(log.set_value(named(memory, 0, wanted[:4]), 2.0))
    loaded = make_memory(capacity=300)
    loaded.load_state_dict(memory.state_dict())
    assert loaded.check_valid() == []
    assert loaded.num_by_origin == memory.num_by_origin == (496, 0, 0, 4)
    assert loaded.surgery.num_pinned(0) == 9
    assert loaded.contents.entry(0, 0).is_pinned
    exported = make_memory(capacity=300)
    chosen = [np.arange(5), np.arange(5)]
    exported.load_state_dict(thinned(memory.state_dict(), chosen, exact_keys=False))
    assert exported.surgery.num_pinned(0) == 5
    assert exported.contents.entry(0, 3).origin is Origin.EDITED
    older = memory.state_dict()  # of a program that knew no pins
    older["record_fields"] = {
        {"is_pinned": "zeros_8"}.get(name, name): of for name, of in older["record_fields"].items()
    }
    loaded.load_state_dict(older)
    assert loaded.surgery.num_pinned(0) == 0


def test_more_than_half_of_the_room_is_not_pinned(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    known = hashes(memory, 1)
    driven(log.set_pinned(named(memory, 1, known[:150]), is_pinned=True))
    with pytest.raises(TooManyPinnedError) as refused:
        log.set_pinned(named(memory, 1, known[100:151]), is_pinned=True)
    assert (refused.value.action, refused.value.num_wanted, refused.value.most) == (1, 151, 150)
    assert memory.surgery.num_pinned(1) == 150


def test_a_slot_that_another_entry_has_by_now_is_left_alone(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    wanted = hashes(memory, 0)[:3]
    edit = driven(log.delete(named(memory, 0, [*wanted, 12345])))
    assert (edit.num_entries, edit.num_gone) == (3, 1)
    edit = driven(log.delete(named(memory, 0, wanted)))
    assert (edit.num_entries, edit.num_gone) == (0, 3)
    assert memory.sizes == (247, 250)
    assert len(log.done) == 1


def test_an_origin_or_an_episode_is_edited_as_a_whole(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    memory.write(0, torch.ones(8), 1.0, 99, Moment(50, 1), Origin.PERSON)
    memory.write(1, torch.ones(8), 1.0, 98, Moment(50, 2), Origin.PERSON)
    memory.write(1, torch.ones(8), 1.0, 97, Moment(50, 3), Origin.AGENT)
    edit = driven(log.delete(memory.surgery.named(OfOrigin(Origin.PERSON))))
    assert (edit.num_entries, edit.actions) == (2, [0, 1])
    edit = driven(log.delete(memory.surgery.named(OfEpisode(50))))
    assert (edit.num_entries, edit.actions) == (1, [1])
    assert memory.sizes == (250, 250)
    assert log.episodes() == {50}


def test_all_of_one_entrys_origin_are_edited_and_none_when_it_is_gone(
    memory: EpisodicMemory,
) -> None:
    memory.write(0, torch.ones(8), 1.0, 99, Moment(50, 1), Origin.PERSON)
    memory.write(1, torch.ones(8), 1.0, 98, Moment(50, 2), Origin.PERSON)
    entry = Entry(1, 250, Moment(50, 2), 98)
    found = dict(memory.surgery.named(SameOrigin(entry)))
    assert {action: len(identities) for action, identities in found.items()} == {0: 1, 1: 1}
    gone = Entry(1, 250, Moment(50, 2), 77)
    of_a_game_with_more_actions = Entry(17, 250, Moment(50, 2), 98)
    for entry in (gone, of_a_game_with_more_actions):
        assert not memory.surgery.named(SameOrigin(entry))


def test_a_visit_is_an_entry_of_its_own_where_each_is_kept(make_memory: MakeMemory) -> None:
    memory = make_memory(value_update="append")
    for step in range(5):
        memory.write(0, torch.full((8,), float(step)), 1.0, 77, Moment(1, step))
    log = EditLog(memory)
    entry = EntrySet(np.array([0]), np.array([77], np.uint64), np.array([1]), np.array([3]))
    driven(log.delete(memory.surgery.named(entry)))
    assert [memory.contents.entry(0, slot).moment.step for slot in range(4)] == [0, 1, 2, 4]
    driven(log.undo())
    assert [memory.contents.entry(0, slot).moment.step for slot in range(5)] == [0, 1, 2, 3, 4]


def test_an_emptied_memory_fills_again_and_can_be_restored(memory: EpisodicMemory) -> None:
    log = EditLog(memory)
    before = entries_of(memory)
    for action in range(2):
        driven(log.delete(named(memory, action, hashes(memory, action))))
    assert memory.sizes == (0, 0)
    assert not memory.lookup(torch.zeros(1, 8)).mask.any()
    memory.write(0, torch.full((8,), 9.0), 1.0, 5, Moment(1, 1))
    driven(log.delete(named(memory, 0, [5])))
    for _ in range(3):
        driven(log.undo())
    driven(log.delete(named(memory, 0, [5])))
    assert memory.check_valid() == []
    assert {key: entries_of(memory)[key] for key in before if "stamp" not in key[1]} == before


@pytest.mark.parametrize("num_deleted", [10, 60, 600])
def test_an_annoy_index_proposes_no_ghost_and_loses_nobody(
    make_memory: MakeMemory, num_deleted: int
) -> None:
    """Beside a build under way too, whose keys were copied before."""
    memory = make_memory(
        num_actions=1, capacity=2000, index="annoy", index_min_entries=100, index_tail=50,
        annoy_trees=5, annoy_search_k=5000,
    )  # fmt: skip
    keys = fill(memory, 0, 1000)
    memory.finish_builds()
    builder = put_builder(memory, StepBuilder())
    write_more(memory, 60, seed=1)
    for _ in range(5):
        memory.service_index()
    assert len(builder.jobs) == 1
    log = EditLog(memory, piece=50)
    rng = np.random.default_rng(2)
    wanted = rng.permutation(hashes(memory, 0))[:num_deleted].tolist()
    driven(log.delete(named(memory, 0, wanted)))
    must_find_all(memory, keys)
    builder.is_released = True
    memory.service_index()
    assert memory.num_builds == 2
    must_find_all(memory, keys)
    driven(log.undo())
    must_find_all(memory, keys)
    assert memory.sizes == (1060,)


def must_find_all(memory: EpisodicMemory, queries: torch.Tensor) -> None:
    """What the reference finds, and nothing that is not there."""
    assert memory.check_valid() == []
    for query in queries[::50]:
        found = memory.lookup(query[None])
        keys, _ = memory._rows.filled(0)
        exact = (keys - query).square().sum(-1).sort().values[:5]
        torch.testing.assert_close(found.distances_sq[0, 0], exact, atol=1e-5, rtol=1e-5)
        assert (found.slots < memory.sizes[0]).all()
        assert len(set(found.slots[0, 0].tolist())) == 5


def test_the_oldest_edits_are_forgotten_when_there_are_too_many(
    memory: EpisodicMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nec_engine.memory.edit_log.MOST_BYTES", 3000)
    log = EditLog(memory)
    known = hashes(memory, 0)
    driven(log.delete(named(memory, 0, known[:200])))
    assert [edit.num_entries for edit in log.done] == [200]
    for state_hash in known[200:230]:
        driven(log.delete(named(memory, 0, [state_hash])))
    assert sum(edit.num_bytes for edit in log.done) <= 3000
    assert len(log.done) > 5


def test_an_edit_of_nothing_leaves_what_was_undone_to_be_done_again(
    memory: EpisodicMemory,
) -> None:
    log = EditLog(memory)
    before = entries_of(memory)
    wanted = named(memory, 0, hashes(memory, 0)[:5])
    driven(log.delete(wanted))
    after = entries_of(memory)
    driven(log.undo())
    driven(log.delete([(0, np.array([2**63 + 11], np.uint64))]))
    assert entries_of(memory) == before
    driven(log.redo())
    assert entries_of(memory) == after
