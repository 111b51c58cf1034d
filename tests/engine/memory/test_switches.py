"""What can be switched on in the reading of the memory: fading values, optimism."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from editing_rules import driven, named_set
from hypothesis import given
from hypothesis import strategies as st

from nec_engine.config import Settings
from nec_engine.memory.edit_log import EditLog
from nec_engine.memory.kernel import Read, read_memory
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import Moment, Origin


def filled(settings: Settings, clocks: list[int], values: list[float]) -> EpisodicMemory:
    """One action's entries on a line, written at these training steps."""
    memory = EpisodicMemory(1, 50, settings)
    for i, (clock, value) in enumerate(zip(clocks, values, strict=True)):
        memory.advance(clock, 0)
        memory.write(0, torch.tensor([float(i), 0.0]), value, i, Moment(0, i))
    return memory


def test_a_value_fades_towards_the_prior_with_its_age() -> None:
    settings = Settings(key_size=2, index="exact", value_decay=0.5, prior_value=2.0)
    memory = filled(settings, [0, 100_000, 150_000], [10.0, 10.0, -6.0])
    memory.advance(200_000, 0)
    found = memory.lookup(torch.tensor([[0.0, 0.0]]), with_evidence=True)
    expected = [2 + 8 * 0.25, 2 + 8 * 0.5, 2 - 8 * 0.5**0.5]
    assert found.values[0, 0, :3].tolist() == pytest.approx(expected)
    assert found.values[0, 0, 3:].tolist() == [0] * (found.values.shape[-1] - 3)
    assert found.evidence(0, 0).values.tolist() == pytest.approx(expected)
    assert memory.contents.entry(0, 0).value == 10.0  # what is stored stays

    memory.write(0, torch.tensor([0.0, 0.0]), 10.0, 0, Moment(1, 0))  # seen again
    again = memory.lookup(torch.tensor([[0.0, 0.0]]))
    assert float(again.values[0, 0, 0]) == pytest.approx(4.0 + settings.alpha * (10.0 - 4.0))


def read_at_the_first(memory: EpisodicMemory) -> float:
    """What a lookup reads of the entry in slot 0."""
    return float(memory.lookup(torch.tensor([[0.0, 0.0]])).values[0, 0, 0])


@pytest.mark.parametrize(("value_update", "kept"), [("step", 0.9), ("maximum", 1.0)])
def test_a_faded_value_does_not_come_back_as_its_state_is_seen_again(
    value_update: str, kept: float
) -> None:
    settings = Settings(
        key_size=2, index="exact", value_decay=0.5, value_update=value_update, prior_value=-2.0
    )
    memory = filled(settings, [0], [98.0])
    memory.advance(1_000_000, 0)
    left = read_at_the_first(memory)
    assert left == pytest.approx(100 / 1024 - 2)
    memory.write(0, torch.tensor([0.0, 0.0]), -2.0, 0, Moment(1, 0))
    assert read_at_the_first(memory) == pytest.approx(kept * 100 / 1024 - 2)


def test_a_value_without_its_lessons_fades_alike() -> None:
    settings = Settings(key_size=2, index="exact", value_decay=0.5)
    memory = filled(settings, [0], [100.0])
    for clock, origin, expected in (
        (100_000, Origin.PERSON, 50.0),
        (200_000, Origin.PERSON, 25.0),
        (300_000, Origin.AGENT, 0.9 * 12.5),
    ):
        memory.advance(clock, 0)
        memory.write(0, torch.tensor([0.0, 0.0]), 0.0, 0, Moment(1, 0), origin)
        records = memory.contents.at(np.array([0]), np.array([0])).records
        assert records is not None
        assert records["untaught_value"] == pytest.approx(expected)


def test_a_value_that_is_edited_begins_its_age_anew_and_has_the_old_one_once_undone() -> None:
    settings = Settings(key_size=2, index="exact", value_decay=0.5, prior_value=2.0)
    memory = filled(settings, [0], [10.0])
    log = EditLog(memory)
    memory.advance(100_000, 0)
    driven(log.set_value(memory.surgery.named(named_set([(0, 0)])), 6.0))
    assert read_at_the_first(memory) == 6.0
    memory.advance(200_000, 0)
    assert read_at_the_first(memory) == pytest.approx(2 + 4 * 0.5)
    driven(log.undo())
    assert read_at_the_first(memory) == pytest.approx(2 + 8 * 0.25)
    driven(log.redo())  # it is done again, now
    assert read_at_the_first(memory) == 6.0


def test_the_value_without_lessons_stays_as_old_as_it_was_when_an_entry_is_edited() -> None:
    settings = Settings(key_size=2, index="exact", value_decay=0.5)
    memory = filled(settings, [0], [100.0])
    memory.write(0, torch.tensor([0.0, 0.0]), 0.0, 0, Moment(1, 0), Origin.PERSON)
    log = EditLog(memory)
    memory.advance(100_000, 0)
    driven(log.set_value(memory.surgery.named(named_set([(0, 0)])), 6.0))
    driven(log.forget_lessons())
    assert read_at_the_first(memory) == pytest.approx(50.0)


def test_without_decay_age_does_not_matter() -> None:
    memory = filled(Settings(key_size=2, index="exact"), [0, 50], [10.0, -6.0])
    memory.advance(10_000_000, 0)
    assert memory.lookup(torch.tensor([[0.0, 0.0]])).values[0, 0, :2].tolist() == [10.0, -6.0]


def test_a_gradient_step_reaches_a_faded_value_by_what_is_left_of_it() -> None:
    settings = Settings(key_size=2, index="exact", value_decay=0.5)
    memory = filled(settings, [0, 100_000], [4.0, 4.0])
    found = memory.lookup(torch.tensor([[0.0, 0.0]]), need_keys=True)
    memory.apply_gradients(found, torch.ones_like(found.values), None, 1.0)
    assert memory.contents.entry(0, 0).value == pytest.approx(4.0 - 0.5)
    assert memory.contents.entry(0, 1).value == pytest.approx(4.0 - 1.0)


def read(distances: list[float], values: list[float], num_there: int, settings: Settings) -> Read:
    mask = torch.arange(len(distances)) < num_there
    return read_memory(
        torch.tensor(distances)[None, None], torch.tensor(values)[None, None], mask[None, None],
        1.0, settings,
    )  # fmt: skip


def test_optimism_gives_those_that_promise_more_the_larger_say() -> None:
    distances, values = [1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 8.0]
    plain = read(distances, values, 4, Settings())
    hopeful = read(distances, values, 4, Settings(optimism=1.0))
    assert float(plain.q) == pytest.approx(2.0)
    # z is sqrt(3) for the one, -1 / sqrt(3) for the others
    ratio = np.exp(3**0.5 + 3**-0.5)
    assert hopeful.shares[0, 0].tolist() == pytest.approx(
        [1 / (3 + ratio)] * 3 + [ratio / (3 + ratio)]
    )
    assert float(hopeful.q) == pytest.approx(8 * ratio / (3 + ratio), rel=1e-5)
    larger = read(distances, [1000 * value for value in values], 4, Settings(optimism=1.0))
    assert torch.allclose(larger.shares, hopeful.shares)


def test_optimism_among_equals_changes_nothing() -> None:
    for values in ([7.0, 7.0, 7.0], [-1e6, -1e6, -1e6]):
        plain = read([0.1, 1.0, 2.0], values, 3, Settings())
        hopeful = read([0.1, 1.0, 2.0], values, 3, Settings(optimism=5.0))
        assert torch.allclose(plain.shares, hopeful.shares, atol=1e-6)


@given(
    distances=st.lists(st.floats(0, 1e4, width=32), min_size=1, max_size=8),
    values=st.lists(st.floats(-1e5, 1e5, width=32), min_size=8, max_size=8),
    num_missing=st.integers(0, 3),
    kernel=st.sampled_from(["inverse_distance", "average"]),
    prior_distance=st.sampled_from([0.0, 2.0]),
    optimism=st.sampled_from([0.3, 2.0, 20.0]),
)
def test_with_optimism_shares_and_contributions_still_add_up(
    distances: list[float],
    values: list[float],
    num_missing: int,
    kernel: str,
    prior_distance: float,
    optimism: float,
) -> None:
    settings = Settings(
        kernel=kernel, embedding="fixed", prior_distance=prior_distance, prior_value=5.0,
        optimism=optimism,
    )  # fmt: skip
    padded = sorted(distances) + [torch.inf] * num_missing
    taken = (values * 2)[: len(padded)]
    result = read(padded, taken, len(distances), settings)
    plain = read(padded, taken, len(distances), Settings(
        kernel=kernel, embedding="fixed", prior_distance=prior_distance, prior_value=5.0,
    ))  # fmt: skip
    assert float(result.shares.sum() + result.prior_shares) == pytest.approx(1, abs=1e-5)
    total = float((result.shares[0, 0].double() * torch.tensor(taken)).sum())
    total += float(result.prior_shares) * 5.0
    scale = max(1.0, *(abs(value) for value in taken))
    assert float(result.q) == pytest.approx(total, abs=1e-5 * scale)
    if prior_distance == 0:
        assert float(result.q) >= float(plain.q) - 1e-4 * scale


def test_optimism_has_a_gradient_that_is_a_number() -> None:
    for values in ([3.0, 3.0], [1.0, 5.0]):
        distances = torch.tensor([[[0.5, 2.0, torch.inf]]], requires_grad=True)
        stored = torch.tensor([[[*values, 0.0]]], requires_grad=True)
        mask = torch.tensor([[[True, True, False]]])
        q = read_memory(distances, stored, mask, 1.0, Settings(optimism=2.0)).q
        gradients = torch.autograd.grad(q.sum(), (distances, stored))
        assert all(torch.isfinite(gradient).all() for gradient in gradients)
        assert gradients[1][0, 0, :2].abs().sum() > 0
