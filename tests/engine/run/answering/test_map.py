"""The map of the memory as the inspect thread makes it, on a memory that changes."""

import dataclasses
import itertools
from typing import Any, cast

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    AskMap,
    AskPlaces,
    Entry,
    Landmarks,
    MapAnswer,
    Moment,
    Origin,
    PlacesAnswer,
)
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.map import GRID, memory_map
from nec_engine.run.answering.places import places

SETTINGS = Settings(key_size=8, num_neighbours=5, index="exact")


@pytest.fixture
def memory() -> EpisodicMemory:
    return EpisodicMemory(3, 2_000, SETTINGS, "cpu")


def write(memory: EpisodicMemory, action: int, num: int, seed: int = 0) -> torch.Tensor:
    """Entries at consecutive steps of episode ``seed``; their keys."""
    rng = np.random.default_rng((seed, action))
    keys = rng.normal(size=(num, 8)) * np.array([9, 6, 1, 1, 1, 1, 1, 1]) + 40
    memory.advance(1_000, 1)
    memory.write_batch(
        np.full(num, action),
        torch.from_numpy(keys.astype(np.float32)),
        rng.normal(size=num),
        rng.integers(0, 2**63, num).astype(np.uint64),
        episodes=seed,
        steps=np.arange(num),
        origin=Origin.PERSON if action == 1 else Origin.AGENT,
    )
    return torch.from_numpy(keys.astype(np.float32))


def desk_of(memory: EpisodicMemory | None) -> Desk:
    nothing = cast(Any, None)  # a map needs neither emulator nor journal
    return Desk(nothing, nothing, nothing, memory, lambda: None)


def map_of(memory: EpisodicMemory | None, **question: Any) -> MapAnswer:
    *waiting, answer = memory_map(AskMap("map", **question), desk_of(memory))
    assert answer is not None
    assert not any(waiting)
    return answer


def test_a_map_tells_of_every_entry_what_is_held(memory: EpisodicMemory) -> None:
    keys = {action: write(memory, action, num) for action, num in ((0, 30), (1, 50))}
    memory.advance(1_250, 1)
    answer = map_of(memory)
    assert answer.num_entries == (30, 50, 0)
    assert answer.density is None
    assert answer.projection is not None
    for i in range(80):
        action, slot = int(answer.actions[i]), int(answer.slots[i])
        entry = memory.contents.entry(action, slot)
        place = (keys[action][slot].numpy() - answer.projection.mean) @ answer.projection.axes.T
        np.testing.assert_allclose(answer.xy[i], place, atol=1e-4)
        assert entry.moment == Moment(int(answer.episodes[i]), int(answer.steps[i]))
        assert entry.value == answer.values[i]
        assert entry.state_hash == int(answer.state_hashes[i])
        assert entry.origin == answer.origins[i] == action
    assert set(answer.ages_steps.tolist()) == {250}
    assert answer.projection.explained > 0.9
    arrays = [getattr(answer, name) for name in ("xy", "values", "slots", "actions")]
    assert not any(array.flags.writeable for array in arrays)


def test_a_memory_that_did_not_change_has_the_same_map(memory: EpisodicMemory) -> None:
    write(memory, 0, 40)
    answer = map_of(memory)
    assert map_of(memory, previous=answer) is answer


def test_entries_stay_where_they_are_while_others_come(memory: EpisodicMemory) -> None:
    write(memory, 0, 40)
    before = map_of(memory)
    write(memory, 0, 10, seed=1)
    write(memory, 2, 60, seed=1)
    after = map_of(memory, previous=before)
    assert len(after.xy) == 110
    rows = {
        (a, s): xy for a, s, xy in zip(after.actions, after.slots, after.xy.tolist(), strict=True)
    }
    for action, slot, xy in zip(before.actions, before.slots, before.xy.tolist(), strict=True):
        assert np.allclose(rows[action, slot], xy, atol=1e-3)


def test_a_map_is_laid_over_the_old_one_when_the_keys_spread_another_way(
    memory: EpisodicMemory,
) -> None:
    write(memory, 0, 40)
    before = map_of(memory)
    # Far more of the variance now lies where the old plane sees nothing.
    keys = torch.from_numpy(
        np.random.default_rng(5).normal(size=(200, 8)).astype(np.float32)
    ) * torch.tensor([1.0, 1, 1, 60, 50, 1, 1, 1])
    hashes = np.arange(200).astype(np.uint64)
    memory.write_batch(np.full(200, 1), keys + 40, np.zeros(200), hashes, 9, np.arange(200))
    after = map_of(memory, previous=before)
    assert after.projection is not None
    assert before.projection is not None
    assert after.projection.axes is not before.projection.axes
    assert after.projection.explained > 0.9
    now = after.xy[after.actions == 0].mean(0)
    then = before.xy.mean(0)
    np.testing.assert_allclose(now, then, atol=1e-2)


def test_what_is_no_point_is_counted_in_the_density(memory: EpisodicMemory) -> None:
    write(memory, 0, 400)
    write(memory, 1, 30)
    answer = map_of(memory, most_points=100)
    assert len(answer.xy) == 100
    assert np.bincount(answer.actions).tolist() == [70, 30]
    assert answer.density is not None
    assert answer.density.counts.shape == (GRID, GRID)
    assert answer.density.counts.sum() == 430
    assert (answer.xy.min(0) >= answer.density.low).all()


def test_an_agent_without_a_memory_and_an_empty_one_have_empty_maps(memory: EpisodicMemory) -> None:
    for nothing, num_entries in ((None, ()), (memory, (0, 0, 0))):
        answer = map_of(nothing)
        assert answer.num_entries == num_entries
        assert answer.projection is None
        assert len(answer.xy) == len(answer.values) == 0
    assert list(places(question_about(write_and_map(memory), [0]), desk_of(None))) == []


def write_and_map(memory: EpisodicMemory) -> MapAnswer:
    write(memory, 0, 40)
    return map_of(memory)


def question_about(answer: MapAnswer, points: list[int]) -> AskPlaces:
    assert answer.projection is not None
    shares = np.linspace(1, 2, len(points)).astype(np.float32)
    return AskPlaces(
        "map", answer.projection, 7, 0, answer.slots[points], answer.state_hashes[points], shares
    )


def places_of(memory: EpisodicMemory, question: AskPlaces) -> PlacesAnswer:
    (answer,) = places(question, desk_of(memory))
    assert answer.number == question.number
    return answer


def test_neighbours_have_the_places_of_the_map_and_a_mean_by_their_shares(
    memory: EpisodicMemory,
) -> None:
    answer = write_and_map(memory)
    found = places_of(memory, question_about(answer, [3, 5, 8]))
    np.testing.assert_allclose(found.xy, answer.xy[[3, 5, 8]], atol=1e-4)
    np.testing.assert_allclose(
        np.array(found.centre), np.average(found.xy, axis=0, weights=[1, 1.5, 2]), atol=1e-4
    )


def test_a_neighbour_that_was_replaced_since_has_no_place(memory: EpisodicMemory) -> None:
    answer = write_and_map(memory)
    question = question_about(answer, [3, 5])
    question.state_hashes[1] += np.uint64(1)
    found = places_of(memory, question)
    assert np.isnan(found.xy[1]).all()
    np.testing.assert_allclose(np.array(found.centre), answer.xy[3], atol=1e-4)
    question.state_hashes[0] += np.uint64(1)
    assert places_of(memory, question).centre is None


def test_one_entry_is_found_wherever_it_is_by_now(memory: EpisodicMemory) -> None:
    answer = write_and_map(memory)
    slot, step = int(answer.slots[3]), int(answer.steps[3])
    entry = Entry(0, slot + 7, Moment(0, step), int(answer.state_hashes[3]))
    question = dataclasses.replace(question_about(answer, [3]), slots=np.array([slot + 7]))
    assert places_of(memory, question).centre is None
    found = places_of(memory, dataclasses.replace(question, entry=entry))
    np.testing.assert_allclose(np.array(found.centre), answer.xy[3], atol=1e-4)
    gone = dataclasses.replace(entry, state_hash=entry.state_hash + 1)
    assert places_of(memory, dataclasses.replace(question, entry=gone)).centre is None


@pytest.mark.parametrize("is_landmarks", [False, True])
def test_a_question_about_another_game_finds_nothing(
    memory: EpisodicMemory, is_landmarks: bool
) -> None:
    answer = write_and_map(memory)
    question = question_about(answer, [3, 5])
    if is_landmarks:
        keys = memory.contents.at(answer.actions.astype(np.int64), answer.slots).keys.numpy()
        question = dataclasses.replace(question, projection=Landmarks(keys, answer.xy))
    assert np.isfinite(places_of(memory, question).xy).all()
    entry = Entry(0, 3, Moment(0, 3), int(answer.state_hashes[3]))
    with_more_actions = dataclasses.replace(question, action=17)
    about_entry = dataclasses.replace(
        with_more_actions, slots=np.array([3]), entry=dataclasses.replace(entry, action=17)
    )
    for asked in (with_more_actions, about_entry):
        found = places_of(memory, asked)
        assert np.isnan(found.xy).all()
        assert found.centre is None
    of_other_keys = EpisodicMemory(3, 100, dataclasses.replace(SETTINGS, key_size=4), "cpu")
    assert np.isnan(places_of(of_other_keys, question).xy).all()


def test_other_panels_are_answered_while_a_map_is_made(memory: EpisodicMemory) -> None:
    for action, seed in itertools.product(range(3), range(4)):
        write(memory, action, 500, seed)
    turns = list(memory_map(AskMap("map"), desk_of(memory)))
    assert len(turns) > 3
    assert turns[:-1] == [None] * (len(turns) - 1)
