"""The rows themselves: on the host and as on another device, they do the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD
from nec_engine.memory.rows import ROWS_PER_COPY, Rows
from nec_engine.run.opening import open_new


def written(*, on_host: bool) -> Rows:
    """1,200 rows of two actions, some of them changed; ``on_host`` or as on another device."""
    rows = Rows(2, 700, 6, torch.device("cpu"))
    rows._is_on_host = on_host
    generator = torch.Generator().manual_seed(0)
    for action in range(2):
        index = np.arange(600) + action * 700
        records = np.zeros(600, RECORD)
        records["state_hash"], records["step"] = index, index + 1
        keys = torch.randn(600, 6, generator=generator)
        rows.write(index, keys, keys.sum(-1), records)
    some = np.array([5, 17, 699 + 100, 900])
    places = np.array([0, 3, 0, 2, 1])
    moved = rows.add(some, places, torch.arange(5.0), torch.ones(5, 6))
    assert moved is not None
    assert moved.rows.tolist() == [5, 17, 799, 900]
    torch.testing.assert_close(moved.shifts[0], torch.tensor(24.0).sqrt())
    return rows


def test_another_device_is_written_and_read_as_the_host_is() -> None:
    host, other = written(on_host=True), written(on_host=False)
    assert host.sizes.tolist() == other.sizes.tolist() == [600, 600]
    for action in range(2):
        for mine, theirs in zip(host.filled(action), other.filled(action), strict=True):
            assert torch.equal(mine, theirs)
    chosen = np.random.default_rng(0).integers(0, 600, 3 * ROWS_PER_COPY)
    for locked in (True, False):
        a = host.gather(chosen, with_records=True, locked=locked)
        b = other.gather(chosen, with_records=True, locked=locked)
        assert torch.equal(a.keys, b.keys)
        assert torch.equal(a.values, b.values)
        assert a.records is not None
        assert b.records is not None
        assert a.records.tobytes() == b.records.tobytes()
        assert torch.equal(a.keys, host.keys[torch.from_numpy(chosen)])
        assert (a.records["step"] == chosen + 1).all()


def test_nothing_gathered_is_nothing() -> None:
    found = written(on_host=True).gather(np.empty(0, np.int64), with_records=True, locked=True)
    assert found.keys.shape == (0, 6)


def test_the_version_counts_every_change() -> None:
    rows = written(on_host=True)
    before = rows.version
    rows.add(np.array([1]), np.array([0]), torch.ones(1), None)
    assert rows.version == before + 1


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_room_that_is_not_filled_costs_no_memory() -> None:
    before = resident_bytes()
    memory = EpisodicMemory(18, 100_000, Settings(index="exact"))  # 1.2 GB when full
    memory.write_batch(np.zeros(100, np.int64), torch.randn(100, 128), np.zeros(100),
                       np.arange(100, dtype=np.uint64), 0, 0)  # fmt: skip
    memory.lookup(torch.randn(1, 128))
    assert resident_bytes() - before < 30e6
    memory.close()


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_nor_does_it_in_a_deterministic_run() -> None:
    before = resident_bytes()
    settings = Settings(index="exact", deterministic=True, capacity=300_000, replay_capacity=1000)
    trainer = open_new(find_rom("pong"), settings).trainer  # 0.9 GB when full
    try:
        trainer.step()
        assert resident_bytes() - before < 200e6
    finally:
        trainer.close()
        torch.use_deterministic_algorithms(False)
