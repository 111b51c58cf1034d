"""A small snapshot that has every kind of content, and disks that are full."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_disk import small_disk

TREE: dict[str, Any] = {
    "memory": {
        "keys": {"0": np.arange(12, dtype=np.float32).reshape(3, 4), "1": np.zeros((0, 4), "f4")},
        "hashes": np.array([2**64 - 1, 0], np.uint64),
        "kernel_scale": 0.1,
        "actions": ["noop", "fire"],
    },
    "journal": {"actions": b"\0\1\2", "states": [b"", b"abc", b"de"], "live": []},
    "network": {"conv1.weight": np.ones((2, 1, 3), np.float16), "is_frozen": np.array(True)},
    "clock": 3,
}
HEADER: dict[str, Any] = {"game": "pong", "frames": 4000, "settings": {"seed": 1, "gamma": 0.99}}


@pytest.fixture
def tree() -> dict[str, Any]:
    return TREE


@pytest.fixture
def header() -> dict[str, Any]:
    return HEADER


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "1m") as folder:
        yield folder
