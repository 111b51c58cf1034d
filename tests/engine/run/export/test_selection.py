"""Which entries go into a play-only snapshot."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.journal.episode import PackedEpisode, PackedStart, World
from nec_engine.journal.thinning import bare_bytes
from nec_engine.memory.thinning import EntryTable
from nec_engine.run.export.selection import Selection, select

ENTRY_BYTES = 100
WORLD = World(4, 0.0, False, 0, 0, 10)


def episode(number: int, num_steps: int = 50, start_bytes: int = 1000) -> PackedEpisode:
    """A made-up episode; its key state before step 10 n takes 20 + n bytes."""
    num_keys = max(0, num_steps - 1) // 10
    sizes = [21 + place for place in range(num_keys)]
    return PackedEpisode(
        number, WORLD, PackedStart(bytes(start_bytes), b""), bytes(num_steps), bytes(sum(sizes)),
        array("Q", np.cumsum(sizes).tolist()), False,
    )  # fmt: skip


def table(rows: list[tuple[int, int, int, int]], num_actions: int = 2) -> EntryTable:
    """Entries of (action, episode, step, stamp); slots count up within each action."""
    rows = sorted(rows, key=lambda row: row[0])
    columns = np.array(rows, np.int64).reshape(-1, 4).T
    slots = [sum(other[0] == row[0] for other in rows[:place]) for place, row in enumerate(rows)]
    return EntryTable(
        num_actions, columns[0], np.array(slots, np.int64), columns[1], columns[2],
        np.zeros(len(rows), np.uint8), columns[3], ENTRY_BYTES,
        np.zeros(len(rows), np.bool_),
    )  # fmt: skip


def chosen(rows: list[Any], episodes: list[PackedEpisode], reserved: int) -> Selection:
    """Entries of (action, episode, step, worth)."""
    entries = table(rows, 3)
    return select(entries, entries.last_retrieved.astype(np.float64), episodes, reserved)


def worths(selection: Selection) -> list[int]:
    found: list[int] = selection.table.last_retrieved[selection.rows].tolist()
    return found


def test_those_worth_most_come_first() -> None:
    rows = [(n % 2, 0, 7, n * 10) for n in (3, 1, 4, 0, 2)]
    assert worths(chosen(rows, [episode(0)], 0)) == [40, 30, 20, 10, 0]


def test_some_of_every_action_come_before_all() -> None:
    rows = [(0, 0, 7, 1000 + n) for n in range(20)] + [(1, 0, 7, n) for n in range(5)]
    selection = chosen(rows, [episode(0)], 3)
    assert selection.num_reserved == 6
    assert sorted(worths(selection)[:6]) == [2, 3, 4, 1017, 1018, 1019]
    assert selection.num_within(0) == 6
    assert [len(slots) for slots in selection.slots_of_first(6)] == [3, 3, 0]


def test_the_reserved_ones_do_not_depend_on_what_counts() -> None:
    entries = table([(0, 0, 7, n) for n in range(20)])
    for uses in (np.zeros(20), np.arange(20, dtype=np.float64)[::-1]):
        selection = select(entries, uses, [episode(0)], 3)
        assert worths(selection)[:3] == [19, 18, 17]
    assert worths(selection)[3:6] == [0, 1, 2]


def test_pinned_ones_come_before_all_but_the_reserved_ones() -> None:
    entries = table([(0, 0, 7, n) for n in range(20)])
    entries.is_pinned[[4, 9]] = True
    selection = select(entries, np.arange(20.0), [episode(0)], 3)
    assert worths(selection)[:3] == [19, 18, 17]
    assert sorted(worths(selection)[3:5]) == [4, 9]
    assert worths(selection)[5:7] == [16, 15]


def test_an_entry_that_would_need_an_episode_of_its_own_waits() -> None:
    crowd = [(0, 0, 7, 50)] * 30
    lonely = (0, 1, 7, 90)
    order = worths(chosen([*crowd, lonely], [episode(0), episode(1)], 0))
    assert order == [50] * 30 + [90]
    cheap = worths(chosen([*crowd, lonely], [episode(0), episode(1, start_bytes=1)], 0))
    assert cheap[0] == 90


def test_what_cannot_be_shown_is_left_out() -> None:
    rows = [(0, 0, 49, 1), (0, 0, 50, 2), (0, 0, 51, 3), (0, 5, 1, 4), (1, 1 << 40, 3, 5)]
    assert sorted(worths(chosen(rows, [episode(0), episode(1 << 40)], 0))) == [1, 2, 5]
    assert worths(chosen(rows, [], 0)) == []


def test_only_the_key_states_that_pictures_are_rebuilt_from_are_kept() -> None:
    rows = [(0, 0, 3, 9), (0, 0, 14, 8), (0, 0, 25, 7), (0, 0, 26, 7)]
    selection = chosen(rows, [episode(0), episode(1)], 0)
    (kept,) = selection.episodes_of_first(4)
    assert np.diff(kept.key_ends, prepend=0).tolist() == [0, 22, 0, 0]  # before step 20
    assert selection.episodes_of_first(2)[0].keys == b""
    assert selection.episodes_of_first(0) == []


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 60), st.integers(0, 99)),
    max_size=30,
)


@given(rows=ROWS, reserved=st.integers(0, 4))
def test_any_first_entries_take_what_is_said(rows: list[Any], reserved: int) -> None:
    episodes = [episode(number, 20 + 12 * number, 300 * number) for number in range(4)]
    selection = chosen(rows, episodes, reserved)
    there = [row for row in rows if row[1] < 4 and row[2] <= 20 + 12 * row[1]]
    assert sorted(worths(selection)) == sorted(row[3] for row in there)
    for num in range(len(there) + 1):
        kept = selection.episodes_of_first(num)
        taken = num * ENTRY_BYTES + sum(bare_bytes(one) + len(one.keys) for one in kept)
        assert selection.bytes_of_first(num) == taken
        assert selection.num_within(taken) >= num
        assert sum(map(len, selection.slots_of_first(num))) == num
        needed = set(selection.table.episodes[selection.rows[:num]].tolist())
        assert {one.episode_id for one in kept} == needed


@pytest.mark.parametrize("num", [1, 7, 30])
def test_the_slots_are_those_of_the_entries(num: int) -> None:
    rng = np.random.default_rng(3)
    rows = [tuple(row) for row in rng.integers(0, [2, 4, 50, 99], (30, 4)).tolist()]
    selection = chosen(rows, [episode(number) for number in range(4)], 0)
    made = selection.slots_of_first(num)
    all_of = selection.table
    for action, slots in enumerate(made):
        assert np.all(np.diff(slots) > 0)
        rows_of = np.flatnonzero(np.isin(np.arange(30), selection.rows[:num]))
        expected = all_of.slots[rows_of[all_of.actions[rows_of] == action]]
        assert slots.tolist() == expected.tolist()
