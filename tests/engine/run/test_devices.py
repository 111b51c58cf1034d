"""Where a run is computed, and how exactly; what torch tells of a GPU is made up."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.memory.estimate import device_bytes
from nec_engine.memory.index.installed import chosen_index
from nec_engine.run import devices
from nec_engine.run.devices import choose_device, choose_place, compute_exactly

GB = 10**9
CUDA, CPU = torch.device("cuda"), torch.device("cpu")


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU with 3 GB free."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(devices, "free_bytes", lambda device: 3 * GB)


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Torch's switches are those of the whole process."""
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG", raising=False)
    backends: tuple[Any, ...] = (torch.backends.cudnn, torch.backends.cuda.matmul)
    before = [backend.allow_tf32 for backend in backends]
    yield
    compute_exactly(deterministic=False)
    for backend, allowed in zip(backends, before, strict=True):
        backend.allow_tf32 = allowed
    os.environ.pop("CUBLAS_WORKSPACE_CONFIG", None)


@pytest.mark.usefixtures("gpu")
def test_a_gpu_is_taken_unless_told_otherwise() -> None:
    assert choose_device("auto") == choose_device("cuda") == CUDA
    assert choose_device("cpu") == CPU


def test_without_a_gpu_the_processor_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == CPU
    with pytest.raises(SettingError, match="no CUDA device"):
        choose_device("cuda")


@pytest.mark.usefixtures("gpu")
def test_a_memory_that_has_room_on_the_gpu_gets_it() -> None:
    assert choose_place(Settings(capacity=200_000), 18) == (CUDA, 200_000)
    assert choose_place(Settings(agent="dqn", capacity=5_000_000), 18).device == CUDA


@pytest.mark.usefixtures("gpu")
def test_where_nobody_set_the_capacity_it_is_what_the_gpu_has_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nec_engine.config.machine_ram_bytes", lambda: 64 * GB)
    assert choose_place(Settings(), 6) == (CUDA, 500_000)
    assert choose_place(Settings(), 18) == (CUDA, 100_000)


@pytest.mark.usefixtures("gpu")
def test_a_memory_too_large_for_the_gpu_lies_in_main_memory_or_is_refused_with_what_fits() -> None:
    assert choose_place(Settings(capacity=500_000), 18) == (CPU, 500_000)
    settings = Settings(capacity=500_000, device="cuda")
    with pytest.raises(SettingError, match="too large for the GPU") as caught:
        choose_place(settings, 18)
    assert caught.value.remedy.startswith("use --device cpu, or set capacity to ")
    fitting = int(caught.value.remedy.split("capacity to ")[1].split()[0])
    assert device_bytes(18, fitting, settings) <= 0.8 * 3 * GB
    with pytest.raises(SettingError) as caught:
        choose_place(settings, 18, num_held=fitting + 1)
    assert caught.value.remedy == "use --device cpu"


@pytest.mark.usefixtures("gpu")
def test_a_gpu_on_which_nothing_can_be_computed_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(device: torch.device) -> int:
        raise RuntimeError("CUDA error: no kernel image is available\nmore of that")

    monkeypatch.setattr(devices, "free_bytes", fail)
    assert choose_place(Settings(capacity=1000), 6).device == CPU
    with pytest.raises(SettingError, match=r"\(CUDA error: no kernel image is available\)"):
        choose_place(Settings(capacity=1000, device="cuda"), 6)
    assert choose_place(Settings(agent="dqn"), 6).device == CPU


def test_products_are_of_whole_numbers_of_float32() -> None:
    torch.backends.cudnn.allow_tf32 = torch.backends.cuda.matmul.allow_tf32 = True
    compute_exactly(deterministic=False)
    assert not torch.backends.cudnn.allow_tf32
    assert not torch.backends.cuda.matmul.allow_tf32
    assert not torch.are_deterministic_algorithms_enabled()
    assert "CUBLAS_WORKSPACE_CONFIG" not in os.environ


def test_a_deterministic_run_sets_what_cuda_needs_for_it() -> None:
    compute_exactly(deterministic=True)
    assert torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


def test_the_index_that_nobody_chose_is_the_one_for_the_device() -> None:
    assert chosen_index("auto", "cpu") == "annoy"
    assert chosen_index("auto", "cuda") == "exact"
    assert chosen_index("hnsw", "cuda") == "hnsw"
