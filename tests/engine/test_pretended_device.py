"""The pretended device refuses what CUDA refuses, and computes what the host computes."""

from __future__ import annotations

import copy
import threading

import numpy as np
import pytest
import torch
from pretended_device import DEVICE, OnDevice, host_reads
from torch import Tensor, nn

MIXED = "on the same device"


def test_numbers_come_and_go_unchanged() -> None:
    numbers = np.arange(6, dtype=np.float32).reshape(2, 3)
    for there in (
        torch.from_numpy(numbers).to(DEVICE),
        torch.tensor(numbers, device=DEVICE),
        torch.zeros(2, 3, device=DEVICE).copy_(torch.from_numpy(numbers)),
    ):
        assert there.device == DEVICE
        assert (there.cpu().numpy() == numbers).all()
        assert there.tolist() == numbers.tolist()
        assert float(there[1, 2]) == 5.0


def test_what_came_back_is_a_copy() -> None:
    there = torch.zeros(3, device=DEVICE)
    here = there.cpu()
    there += 1
    assert here.tolist() == [0, 0, 0]
    numbers = np.zeros(3, np.float32)
    sent = torch.from_numpy(numbers).to(DEVICE)
    numbers += 1
    assert sent.tolist() == [0, 0, 0]


def test_it_is_no_array() -> None:
    there = torch.zeros(3, device=DEVICE)
    with pytest.raises(TypeError, match="to numpy"):
        there.numpy()
    with pytest.raises(TypeError, match="to numpy"):
        np.asarray(there)
    with pytest.raises(TypeError, match="to numpy"):
        np.minimum(np.zeros(3), there)


def test_host_and_device_do_not_mix() -> None:
    there, here = torch.ones(3, 3, device=DEVICE), torch.ones(3, 3)
    rows = torch.tensor([0, 2])
    for mix in (
        lambda: there + here,
        lambda: here + there,
        lambda: here.add_(there[0, 0]),
        lambda: there @ here,
        lambda: torch.cat([there, here]),
        lambda: torch.stack([there, here]),
        lambda: torch.where(here > 0, there, there),
        lambda: there.index_select(0, rows),
        lambda: there.gather(1, rows[:, None]),
        lambda: there.index_copy_(0, rows, there[:2]),
        lambda: there.index_add_(0, rows, there[:2]),
        lambda: there.scatter_(1, rows[:, None], 1.0),
        lambda: here[rows.to(DEVICE)],
        lambda: there.__setitem__(rows, here[:2]),
        lambda: nn.functional.linear(there, here),
        lambda: nn.functional.mse_loss(there, here),
    ):
        with pytest.raises(RuntimeError, match=MIXED):
            mix()


def test_what_cuda_takes_from_the_host_is_taken() -> None:
    there, rows = torch.zeros(3, 3, device=DEVICE), torch.tensor([0, 2])
    there[rows] = 1.0
    there[np.array([1]), np.array([1])] = 2.0
    assert (there * torch.tensor(2.0) + 1).tolist() == [[3, 3, 3], [1, 5, 1], [3, 3, 3]]
    assert there[torch.tensor([False, True, False])].tolist() == [[0, 2, 0]]
    assert torch.where(there > 1, there, 0.0).sum().item() == 2.0


def test_a_generator_of_the_host_draws_nothing_there() -> None:
    rng = torch.Generator().manual_seed(0)
    with pytest.raises(RuntimeError, match="generator"):
        torch.randn(3, generator=rng, device=DEVICE)
    with pytest.raises(RuntimeError, match="generator"):
        torch.zeros(3, device=DEVICE).normal_(generator=rng)


def test_views_share_what_they_show() -> None:
    there = torch.zeros(4, 2, device=DEVICE)
    rows = there[1:3]
    rows[0] += 1
    there[2] = 5.0
    assert rows.tolist() == [[1, 1], [5, 5]]
    assert there.tolist() == [[0, 0], [1, 1], [5, 5], [0, 0]]


def _network() -> nn.Module:
    return nn.Sequential(nn.Conv2d(2, 3, 3), nn.ReLU(), nn.Flatten(), nn.Linear(12, 2))


def test_a_network_has_the_gradients_it_has_on_the_host() -> None:
    here = _network()
    there = copy.deepcopy(here).to(DEVICE)
    screens = torch.randn(5, 2, 4, 4)
    here(screens).square().sum().backward()
    there(screens.to(DEVICE)).square().sum().backward()
    for mine, other in zip(there.parameters(), here.parameters(), strict=True):
        assert mine.grad is not None
        assert other.grad is not None
        assert mine.grad.device == DEVICE
        assert torch.equal(mine.grad.cpu(), other.grad)


def test_a_copy_of_a_network_is_another_one() -> None:
    network = _network().to(DEVICE)
    twin = copy.deepcopy(network)
    with torch.no_grad():
        for weights in network.parameters():
            weights.zero_()
    assert all(isinstance(weights, nn.Parameter) for weights in twin.parameters())
    assert all(bool(weights.any()) for weights in twin.parameters())


def test_it_holds_in_other_threads() -> None:
    made: list[Tensor] = []
    thread = threading.Thread(target=lambda: made.append(torch.ones(2, device=DEVICE) * 2))
    thread.start()
    thread.join()
    assert isinstance(made[0], OnDevice)


def test_the_times_that_the_host_waits_are_counted() -> None:
    there = torch.ones(3, device=DEVICE)
    with host_reads() as reads:
        (there * 2).sum()
        assert reads.num == 0
        there.cpu()
        there.sum().item()
        there[there > 0]
        assert reads.num == 3
