"""What a lookup gives, whatever it is asked."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, fill

from nec_engine.messages import Moment, Origin


def test_all_actions_at_once_are_each_alone(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=4)
    for action, num in enumerate((60, 3, 0, 200)):
        fill(memory, action, num)
    queries = torch.randn(7, 8)
    together = memory.lookup(queries, need_keys=True, with_evidence=True)
    assert together.slots.shape == (7, 4, 5)
    assert together.num_entries[0].tolist() == [60, 3, 0, 200]
    for b in range(7):
        for action in range(4):
            alone = memory.lookup(queries[b : b + 1], np.array([[action]]))
            torch.testing.assert_close(
                alone.distances_sq[0, 0], together.distances_sq[b, action], atol=0, rtol=1e-6
            )
            assert alone.slots[0, 0].tolist() == together.slots[b, action].tolist()


def test_any_actions_may_be_asked_for_each_query(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=3)
    for action in range(3):
        fill(memory, action, 40)
    queries = torch.randn(4, 8)
    wanted = np.array([[2, 0, 2], [1, 1, 1], [0, 2, 1], [2, 2, 0]])
    found = memory.lookup(queries, wanted)
    everything = memory.lookup(queries)
    for b in range(4):
        for place, action in enumerate(wanted[b]):
            assert found.slots[b, place].tolist() == everything.slots[b, action].tolist()
    same = memory.lookup(queries, torch.from_numpy(wanted))
    assert (same.slots == found.slots).all()


def test_many_queries_are_answered_as_few(make_memory: MakeMemory) -> None:
    memory = make_memory(num_actions=2, capacity=1000)
    for action in range(2):
        fill(memory, action, 900)
    queries = torch.randn(700, 8)
    many = memory.lookup(queries, need_keys=True, with_evidence=True)
    assert many.keys is not None
    assert many.records is not None
    assert many.slots.shape == many.records.shape == (700, 2, 5)
    for b in (0, 287, 288, 576, 699):
        few = memory.lookup(queries[b : b + 1])
        assert few.slots[0].tolist() == many.slots[b].tolist()


def test_what_is_missing_is_masked_and_last(make_memory: MakeMemory) -> None:
    memory = make_memory()
    fill(memory, 0, 3)
    found = memory.lookup(torch.randn(1, 8), need_keys=True, with_evidence=True)
    assert found.mask[0].tolist() == [[True] * 3 + [False] * 2, [False] * 5]
    assert (found.slots[0, 0, 3:] == -1).all()
    assert torch.isinf(found.distances_sq[~found.mask]).all()
    assert not found.values[~found.mask].any()
    assert len(found.evidence(0, 0).slots) == 3
    assert len(found.evidence(0, 1).slots) == 0


def test_an_exact_match_is_at_distance_zero_however_long_the_keys(
    make_memory: MakeMemory,
) -> None:
    """|k|^2 - 2 h.k would be off by more than the distances are."""
    memory = make_memory(key_size=128, capacity=600)
    keys = 100.0 + 1e-3 * torch.randn(600, 128)
    memory.write_batch(np.zeros(600, np.int64), keys, np.zeros(600),
                       np.arange(600, dtype=np.uint64), 0, np.arange(600))  # fmt: skip
    for batch in (keys[:1], keys[:40]):
        found = memory.lookup(batch, np.zeros((len(batch), 1), np.int64))
        assert (found.distances_sq[:, 0, 0] == 0).all()
        assert found.slots[:, 0, 0].tolist() == list(range(len(batch)))
        true = (batch.double()[:, None] - keys.double()[None]).square().sum(-1)
        least = true.topk(5, largest=False).values.float()
        torch.testing.assert_close(found.distances_sq[:, 0], least, rtol=1e-2, atol=1e-9)


def test_among_equal_distances_the_lower_slot_comes_first(make_memory: MakeMemory) -> None:
    memory = make_memory()
    for state in range(20):
        memory.write(0, torch.full((8,), float(state % 2)), 0.0, state, Moment(0, state))
    found = memory.lookup(torch.zeros(1, 8), np.array([[0]]))
    assert found.slots[0, 0].tolist() == [0, 2, 4, 6, 8]


def test_evidence_tells_where_an_entry_comes_from(make_memory: MakeMemory) -> None:
    memory = make_memory()
    memory.advance(10, 1)
    memory.write(1, torch.ones(8), 3.0, 77, Moment(5, 6), Origin.PERSON)
    memory.advance(25, 2)
    evidence = memory.lookup(torch.ones(1, 8), with_evidence=True).evidence(0, 1)
    assert evidence.origins.tolist() == [Origin.PERSON]
    assert (evidence.episodes[0], evidence.steps[0]) == (5, 6)
    assert evidence.ages_steps.tolist() == [15]
    assert evidence.state_hashes.tolist() == [77]
    assert evidence.values.tolist() == [3.0]


def test_a_person_who_visits_an_entry_is_counted_but_does_not_become_its_maker(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory(alpha=0.25)
    memory.advance(1, 1)
    memory.write(0, torch.zeros(8), 8.0, 5, Moment(1, 1), Origin.AGENT)
    memory.advance(9, 3)
    slot = memory.write(0, torch.ones(8), 16.0, 5, Moment(2, 2), Origin.PERSON)
    entry = memory.contents.entry(0, slot)
    assert (entry.origin, entry.num_updates, entry.num_person_updates) == (Origin.AGENT, 1, 1)
    assert (entry.first_moment, entry.moment) == (Moment(1, 1), Moment(2, 2))
    assert (entry.clock, entry.network_version) == (9, 3)
    assert entry.value == 10.0  # v + alpha (target - v)
    assert entry.key.tolist() == [1.0] * 8  # the fresh one
    assert memory.num_by_origin == (1, 0, 0, 0)


def test_what_is_not_a_number_is_refused(make_memory: MakeMemory) -> None:
    memory = make_memory()
    for key, value in ((torch.full((8,), torch.nan), 0.0), (torch.zeros(8), np.inf)):
        with pytest.raises(ValueError, match="finite"):
            memory.write(0, key, value, 1, Moment(0, 0))
    assert memory.sizes == (0, 0)


def test_the_kernel_scale_is_the_mean_distance_of_the_last_neighbour(
    make_memory: MakeMemory,
) -> None:
    memory = make_memory()
    assert memory.kernel_scale == 0
    fill(memory, 0, 100)
    seen = []
    for _ in range(10):
        found = memory.lookup(torch.randn(1, 8), touch=True)
        seen.append(float(found.distances_sq[0, 0, -1]))
    assert memory.kernel_scale == pytest.approx(np.mean(seen))
    memory.lookup(torch.full((1, 8), 99.0))  # somebody looks far away
    assert memory.kernel_scale == pytest.approx(np.mean(seen))


def test_a_lookup_without_evidence_has_none_to_give(make_memory: MakeMemory) -> None:
    memory = make_memory()
    fill(memory, 0, 10)
    with pytest.raises(ValueError, match="with_evidence"):
        memory.lookup(torch.zeros(1, 8)).evidence(0, 0)
