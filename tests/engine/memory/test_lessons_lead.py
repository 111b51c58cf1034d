"""Reading a memory that a person taught: all adds up, and a lesson leads where it is near."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from nec_engine.config import Settings
from nec_engine.memory.kernel import Read, read_memory
from nec_engine.memory.lessons import Lessons
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import F32, Moment, Origin

P = 4
Mask = npt.NDArray[np.bool_]
floats: dict[str, Any] = {"allow_nan": False, "allow_infinity": False, "width": 32}
distances = hnp.arrays(np.float32, (2, 3, P), elements=st.floats(0, 1e4, **floats))
values = hnp.arrays(np.float32, (2, 3, P), elements=st.floats(-1e3, 1e3, **floats))
masks = hnp.arrays(np.bool_, (2, 3, P))
kernels = st.builds(
    Settings,
    kernel=st.sampled_from(["inverse_distance", "average"]),
    embedding=st.just("projection"),
    prior_distance=st.sampled_from([0.0, 2.0]),
    optimism=st.sampled_from([0.0, 1.0]),
)
weights = st.sampled_from([0.0, 0.25, 1.0, 8.0])


def read(
    d: Any, v: Any, mask: Any, taught: Any, weight: float = 1.0, *, lead: bool = True,
    settings: Settings | None = None,
) -> Read:  # fmt: skip
    mask = torch.from_numpy(np.asarray(mask, np.bool_))
    lessons = Lessons(torch.from_numpy(np.asarray(taught, np.bool_)) & mask, weight, lead)
    d, v = (torch.from_numpy(np.asarray(array, np.float32)) for array in (d, v))
    return read_memory(d, v, mask, 1.0, settings or Settings(), lessons)


@hypothesis_settings(max_examples=40)
@given(distances, values, masks, masks, weights, kernels)
def test_shares_and_contributions_add_up_with_lessons(
    d: F32, v: F32, mask: Mask, taught: Mask, weight: float, settings: Settings
) -> None:
    result = read(d, v, mask, taught, weight, settings=settings)
    heard = mask & ~(taught & mask) if weight == 0 else mask
    contributions = np.where(heard, result.shares.numpy() * v, 0).sum(-1, dtype=np.float64)
    contributions += result.prior_shares.numpy() * result.prior_values.numpy().astype(np.float64)
    q = result.q.numpy()
    known = heard.any(-1)
    assert (np.abs(contributions - q) <= 1e-5 * np.maximum(1e3, np.abs(q)))[known].all()
    total = (result.shares.sum(-1) + result.prior_shares).numpy()
    np.testing.assert_allclose(total[known], 1.0, atol=1e-5)
    assert not result.shares.numpy()[~heard].any()


@hypothesis_settings(max_examples=40)
@given(distances, values, masks, weights, kernels)
def test_without_a_taught_neighbour_nothing_changes(
    d: F32, v: F32, mask: Mask, weight: float, settings: Settings
) -> None:
    none = np.zeros_like(mask)
    plain = read_memory(
        torch.from_numpy(d), torch.from_numpy(v), torch.from_numpy(mask), 1.0, settings
    )
    for one, other in zip(read(d, v, mask, none, weight, settings=settings), plain, strict=True):
        torch.testing.assert_close(one, other)


@hypothesis_settings(max_examples=40)
@given(distances, values, masks, masks, kernels)
def test_a_weight_of_one_without_leading_is_plain_nec(
    d: F32, v: F32, mask: Mask, taught: Mask, settings: Settings
) -> None:
    plain = read_memory(
        torch.from_numpy(d), torch.from_numpy(v), torch.from_numpy(mask), 1.0, settings
    )
    same = read(d, v, mask, taught, 1.0, lead=False, settings=settings)
    for one, other in zip(same, plain, strict=True):
        torch.testing.assert_close(one, other)


def test_the_shown_action_wins_where_it_was_shown_however_high_the_others_are_elsewhere() -> None:
    here, far = [[[0.0, 5.0]], [[5.0, 6.0]]], [[[1.0, 3.0]], [[90.0, 100.0]]]
    d, v = np.moveaxis(np.array(here), 0, 1), np.moveaxis(np.array(far), 0, 1)
    mask = np.ones((1, 2, 2), bool)
    assert int(read(d, v, mask, mask, lead=False).q.argmax()) == 1  # plain NEC leaves the path
    led = read(d, v, mask, mask)
    assert int(led.q.argmax()) == 0
    assert float(led.q[0, 0]) == pytest.approx(1.0, abs=1e-3)
    assert float(led.prior_shares[0, 1]) > 0.99


def test_values_that_are_all_equal_are_no_way_out_of_a_lesson() -> None:
    d, v = np.array([[[4.0], [0.0], [2.0]]]), np.zeros((1, 3, 1))
    mask = np.ones((1, 3, 1), bool)
    assert int(read(d, v, mask, mask).q.argmax()) == 1


def test_what_the_agent_knows_of_this_very_state_is_as_good_as_the_lesson() -> None:
    d, v = np.array([[[0.0], [0.0]]]), np.array([[[1.0], [2.0]]])
    mask = np.ones((1, 2, 1), bool)
    taught = np.array([[[True], [False]]])
    led = read(d, v, mask, taught)
    assert not led.prior_shares.any()
    assert led.q[0].tolist() == [1.0, 2.0]


def test_a_heavier_lesson_has_a_larger_share_and_a_weight_of_nothing_silences_it() -> None:
    d, v = np.array([[[1.0, 1.0]]]), np.array([[[8.0, 0.0]]])
    mask, taught = np.ones((1, 1, 2), bool), np.array([[[True, False]]])
    shares = [float(read(d, v, mask, taught, w).shares[0, 0, 0]) for w in (0.0, 1.0, 3.0)]
    assert shares == pytest.approx([0.0, 0.5, 0.75])
    assert float(read(d, v, mask, taught, 0.0).q) == 0.0


def test_a_lookup_tells_lessons_only_where_there_are_any() -> None:
    memory = EpisodicMemory(2, 10, Settings(key_size=2, num_neighbours=2))
    key = torch.ones(2)
    memory.write(0, key, 1.0, 7, Moment(0, 0))
    assert memory.lookup(key[None]).lessons is None
    memory.write(1, key, 1.0, 8, Moment(1, 0), Origin.PERSON)
    memory.write(0, key, 1.0, 7, Moment(1, 1), Origin.IMPORTED)  # the agent's, visited in a lesson
    found = memory.lookup(key[None])
    assert found.lessons is not None
    assert found.lessons.is_taught[0].tolist() == [[True, False], [True, False]]
    assert memory.num_taught == 2
    assert memory.lookup(key[None], with_lessons=False).lessons is None
    memory.close()


def test_with_leading_switched_off_only_the_weight_of_a_lesson_counts() -> None:
    settings = Settings(key_size=2, num_neighbours=2, lessons_lead=False)
    memory = EpisodicMemory(2, 10, settings)
    memory.write(0, torch.tensor([0.0, 0.0]), 1.0, 7, Moment(0, 0), Origin.PERSON)
    memory.write(0, torch.tensor([2.0, 0.0]), 5.0, 8, Moment(0, 1))
    memory.write(1, torch.tensor([9.0, 0.0]), 90.0, 9, Moment(0, 2), Origin.PERSON)
    between = torch.tensor([[1.0, 0.0]])
    assert memory.lookup(between).lessons is None  # they are read as any other
    memory.lesson_say.weight = 3.0
    found = memory.lookup(between)
    read = read_memory(found.distances_sq, found.values, found.mask, 1.0, settings, found.lessons)
    assert read.q[0].tolist() == pytest.approx([0.75 * 1.0 + 0.25 * 5.0, 90.0])
    memory.close()


def test_the_weight_of_lessons_is_saved() -> None:
    settings = Settings(key_size=2)
    memory, other = EpisodicMemory(2, 10, settings), EpisodicMemory(2, 10, settings)
    memory.lesson_say.weight = 4.0
    memory.write(1, torch.ones(2), 1.0, 8, Moment(1, 0), Origin.PERSON)
    other.load_state_dict(memory.state_dict())
    assert (other.lesson_say.weight, other.num_taught) == (4.0, 1)
    memory.close()
    other.close()
