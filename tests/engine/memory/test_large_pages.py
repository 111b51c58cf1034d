"""Large pages change where bytes lie, and none of them."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from made_memories import MakeMemory, fill

from nec_engine.memory.index import large_pages
from nec_engine.memory.index.large_pages import (
    LEAST_BYTES,
    MAPS,
    PAGE_BYTES,
    LargePages,
    ask_for_all,
)

SMAPS = Path("/proc/self/smaps")
MODES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
needs_maps = pytest.mark.skipif(not MAPS.exists(), reason="needs Linux's /proc")


def in_large_pages(address: int) -> int:
    """Bytes of the area around ``address`` that lie in large pages."""
    found = 0
    is_mine = False
    for line in SMAPS.read_text().splitlines():
        if area := re.match(r"([0-9a-f]+)-([0-9a-f]+) ", line):
            is_mine = int(area[1], 16) <= address < int(area[2], 16)
        elif is_mine and line.startswith("AnonHugePages:"):
            found = 1024 * int(line.split()[1])
    return found


@needs_maps
def test_what_is_asked_for_keeps_its_bytes() -> None:
    array = np.random.default_rng(0).integers(0, 256, 4 * LEAST_BYTES, np.uint8)
    total = array.sum(dtype=np.int64)
    assert ask_for_all() >= array.nbytes
    pages = LargePages()
    pages.wait()  # nothing was asked for
    pages.ask()
    pages.ask()
    pages.wait()
    assert array.sum(dtype=np.int64) == total


@needs_maps
@pytest.mark.skipif(
    not MODES.exists() or "[madvise]" not in MODES.read_text(), reason="given to all, or none"
)
def test_a_graph_that_grew_large_lies_in_large_pages(
    make_memory: MakeMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(large_pages, "ask_for_all", lambda: asked.append(ask_for_all()))
    memory = make_memory(num_actions=1, capacity=5000, index="hnsw", hnsw_min_entries=100)
    fill(memory, 0, 900)
    memory.service_index()
    memory.finish_builds()
    assert len(asked) == 1
    fill(memory, 0, 900, seed=1)  # more than there was room for
    memory.service_index()
    memory.service_index()
    memory.finish_builds()
    assert len(asked) == 2
    data = torch.ones(4 * LEAST_BYTES, dtype=torch.uint8)  # numpy asks by itself
    middle = data.data_ptr() + data.nbytes // 2
    ask_for_all()
    assert in_large_pages(middle) >= PAGE_BYTES


def test_where_the_system_is_another_one_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(large_pages, "MAPS", tmp_path / "none")
        assert ask_for_all() == 0
    monkeypatch.setattr(large_pages, "_libc", lambda: None)
    assert ask_for_all() == 0
