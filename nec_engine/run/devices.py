"""Where a run is computed, how exactly, and with how much room for its memory."""

from __future__ import annotations

import os
from typing import NamedTuple

import torch
import torch.utils.deterministic

from nec_engine.config import Settings
from nec_engine.errors import SettingError
from nec_engine.memory.estimate import capacity_on_device


class Place(NamedTuple):
    """A device, and the room for entries of one action there."""

    device: torch.device
    capacity: int


def choose_device(wanted: str) -> torch.device:
    """CUDA where it is there, unless told otherwise."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise SettingError(
            "device=cuda cannot be used", "no CUDA device was found", "use --device cpu or auto"
        )
    if wanted == "cpu" or not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda")


def choose_place(settings: Settings, num_actions: int, num_held: int | None = None) -> Place:
    """The device for a memory of ``num_actions`` actions, and the capacity it has there.

    ``num_held``: entries of the fullest action that are to be loaded; None for a new run. Raises
    :class:`SettingError` where CUDA is asked for and too small, or does not work; ``auto`` takes
    the CPU then.
    """
    device, capacity = choose_device(settings.device), settings.resolved_capacity()
    if device.type == "cpu":
        return Place(device, capacity)
    try:
        free = _free_bytes_or_refusal(device)
        if not settings.has_memory:
            return Place(device, capacity)
        room = capacity_on_device(num_actions, capacity, settings, free, num_held)
    except SettingError:
        if settings.device == "cuda":
            raise
        return Place(torch.device("cpu"), capacity)
    return Place(device, room)


def compute_exactly(*, deterministic: bool) -> None:
    """From now on all of float32 counts in products; with ``deterministic`` they repeat bit by bit.

    Of the whole process.
    """
    # cuDNN would round the factors of convolutions to 10 bits: a state would have another key alone
    # than in a batch, and the difference is as large as the distance to a near neighbour.
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.benchmark = False  # it would choose kernels by the clock
    if deterministic:
        # Read before the first product on a GPU; without it torch refuses to make one.
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # WORKAROUND(torch 2.13): use_deterministic_algorithms() does no more than this, but imports
    # torch's compiler first: about as long as importing torch.
    torch.set_deterministic_debug_mode("error" if deterministic else "default")
    # Else every empty() is filled in a deterministic run, and room for entries takes RAM at once.
    setattr(torch.utils.deterministic, "fill_uninitialized_memory", False)  # noqa: B010 - untyped


def free_bytes(device: torch.device) -> int:
    """What can be had on the device now, with what an earlier run has given up.

    ``RuntimeError`` where nothing can be computed there.
    """
    torch.zeros(1, device=device).add_(1).item()  # a GPU may be too old for this build of torch
    torch.cuda.empty_cache()
    return torch.cuda.mem_get_info(device)[0]


def _free_bytes_or_refusal(device: torch.device) -> int:
    try:
        return free_bytes(device)
    except RuntimeError as error:  # also where others have left no room for CUDA itself
        reason = (str(error).splitlines() or [""])[0]
        raise SettingError(
            "device=cuda cannot be used", f"nothing can be computed on it ({reason})",
            "use --device cpu or auto",
        ) from error  # fmt: skip
