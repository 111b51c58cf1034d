"""What plays, learns and is saved on a device is what it would be on the host.

On the pretended device, which shows that nothing reads the device's memory as the host's, mixes
the two, or shares an array that is a copy by now. It shows nothing of kernels and their rounding,
of streams, speed or room: no GPU was at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from device_runs import HOST, fill_room, let_find, played
from pretended_device import DEVICE, host_reads, operators_run

from nec_engine.config import Settings
from nec_engine.memory.copying import copied_in_pieces
from nec_engine.memory.index.annoy import TailedIndex
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.memory.neighbours import RECORD, Neighbours
from nec_engine.run.opening import open_saved
from nec_engine.run.training.saving import save_run
from nec_engine.run.training.trainer import Trainer

NUM_STEPS = 16
KINDS: dict[str, dict[str, Any]] = {
    "nec": {},
    "nec, values alone, a prior, two games": {
        "dnd_gradients": "values", "prior_distance": 0.5, "prior_source": "neighbours",
        "num_games": 2,
    },
    "nec, no gradients, all else": {
        "dnd_gradients": "none", "value_decay": 0.5, "optimism": 1.0, "exploration_bonus": 1.0,
        "prior_distance": 0.5,
    },
    "nec that fades and hands over": {
        "value_decay": 0.5, "kernel_scale": "absolute", "dqn_handover_steps": 40, "capacity": 2,
    },
    "nec, a graph": {"index": "hnsw", "hnsw_min_entries": 2},
    "mfec": {"agent": "mfec"},
    "ec, open returns": {"agent": "ec", "value_update": "append", "provisional_every": 3},
    "dqn": {"agent": "dqn"},
}  # fmt: skip
HANDING_OVER = KINDS["nec that fades and hands over"]


@pytest.fixture
def play() -> Iterator[Callable[..., Trainer]]:
    """Plays small runs and closes them after the test."""
    trainers: list[Trainer] = []

    def run(device: torch.device, num_steps: int, **changes: Any) -> Trainer:
        trainers.append(played(device, num_steps, **changes))
        return trainers[-1]

    yield run
    for trainer in trainers:
        trainer.close()


def saved(trainer: Trainer, path: Path) -> bytes:
    save_run(trainer, path)
    return path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_on_a_device_is_saved_as_the_same_run_on_the_host(
    play: Callable[..., Trainer], tmp_path: Path, kind: str
) -> None:
    there, here = (play(device, NUM_STEPS, **KINDS[kind]) for device in (DEVICE, HOST))
    assert there.agent.device == DEVICE
    assert there.agent.version == here.agent.version
    if there.agent.memory is not None:
        assert there.agent.memory.check_valid() == []
        assert there.agent.memory.version == here.agent.memory.version > 0
    assert saved(there, tmp_path / "there.nec") == saved(here, tmp_path / "here.nec")


def test_it_learned_and_evicted_while_it_played(play: Callable[..., Trainer]) -> None:
    trainer = play(HOST, NUM_STEPS, **HANDING_OVER)
    memory = trainer.agent.memory
    assert isinstance(memory, EpisodicMemory)
    assert trainer.agent.version == 4
    assert trainer.figures.loss
    assert max(memory.sizes) == memory.capacity
    assert memory.episode_count(trainer.episode_id) == sum(memory.sizes)


def test_learning_beside_acting_on_a_device(play: Callable[..., Trainer]) -> None:
    trainer = play(DEVICE, 12)
    trainer.agent.overlap_learning(True)
    for _ in range(8):
        trainer.step()
    trainer.agent.overlap_learning(False)
    assert trainer.agent.version == 3
    assert trainer.agent.memory.check_valid() == []


@pytest.mark.parametrize(("made_on", "opened_on"), [(DEVICE, "cpu"), (HOST, "auto")])
def test_a_run_goes_on_elsewhere_as_where_it_began(
    play: Callable[..., Trainer],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    made_on: torch.device,
    opened_on: str,
) -> None:
    let_find(DEVICE, monkeypatch)
    path = tmp_path / "run.nec"
    first = play(made_on, NUM_STEPS, **HANDING_OVER)
    save_run(first, path)
    second = open_saved(path, {"device": opened_on}).trainer
    try:
        assert {first.agent.device, second.agent.device} == {DEVICE, HOST}
        for trainer in (first, second):
            for _ in range(4):
                trainer.step()
        second.settings = first.settings  # what was asked for is saved as well
        assert saved(second, tmp_path / "a.nec") == saved(first, tmp_path / "b.nec")
    finally:
        second.close()


# Those of them that learn by gradients could be made of, by torch's own list of those it refuses
# on a GPU (``torch.use_deterministic_algorithms``).
NOT_REPEATABLE = (
    "pool2d_backward", "pool3d_backward", "max_unpool", "upsample", "pad1d_backward",
    "pad2d_backward", "pad3d_backward", "nll_loss", "ctc_loss", "embedding_bag", "put_", "histc",
    "bincount", "kthvalue", "median", "cumsum", "grid_sampl", "resize",
)  # fmt: skip


def test_torch_repeats_bit_by_bit_whatever_operator_a_run_is_made_of(
    play: Callable[..., Trainer],
) -> None:
    operators_run.clear()
    play(DEVICE, NUM_STEPS, **HANDING_OVER)
    assert "aten::convolution_backward" in operators_run
    refused = [
        name
        for name in operators_run
        if any(part in name for part in NOT_REPEATABLE) and "index_put_" not in name
    ]
    assert refused == []


# --- the memory alone ---

SIZES = (40, 3, 0, 90, 61)


def filled(device: torch.device, sizes: tuple[int, ...] = SIZES, **settings: Any) -> EpisodicMemory:
    """A memory with so many random entries of each action."""
    settings = {"key_size": 8, "num_neighbours": 5, "index": "exact", **settings}
    memory = EpisodicMemory(len(sizes), 100, Settings(**settings), device)
    fill_room(memory)
    rng = np.random.default_rng(0)
    for action, num in enumerate(sizes):
        memory.write_batch(
            np.full(num, action),
            torch.from_numpy(rng.normal(size=(num, 8)).astype(np.float32)),
            rng.normal(size=num),
            rng.integers(0, 2**63, num).astype(np.uint64),
            episodes=0,
            steps=np.arange(num),
        )
    return memory


def told(found: Neighbours) -> list[bytes]:
    """All that a lookup gave, as bytes."""
    tensors = (found.distances_sq, found.values, found.mask, found.keys)
    arrays = [tensor.cpu().numpy() for tensor in tensors if tensor is not None]
    assert found.records is not None
    records = found.records[found.slots >= 0]
    return [array.tobytes() for array in (*arrays, found.actions, found.slots, records)]


@pytest.mark.parametrize("num_actions", [3, 18])
def test_a_lookup_waits_for_the_device_as_often_however_many_actions_there_are(
    num_actions: int,
) -> None:
    memory = filled(DEVICE, sizes=(40,) * num_actions)
    queries = torch.randn(2, 8).to(DEVICE)
    for asking in (queries[:1], queries):
        with host_reads() as reads:
            memory.lookup(asking)
        assert reads.num == 2  # for the candidates, and for the order of their exact distances


@pytest.mark.parametrize(
    "index",
    [
        {"index": "exact"},
        {"index": "annoy", "index_min_entries": 100, "index_tail": 10, "annoy_trees": 5},
        {"index": "hnsw", "hnsw_min_entries": 20},
    ],
)
def test_every_index_finds_there_what_it_finds_here(index: dict[str, Any]) -> None:
    queries = torch.randn(6, 8)
    memories = [filled(device, **index) for device in (DEVICE, HOST)]
    answers = []
    for memory in memories:
        memory.finish_builds()
        memory.lookup(queries.to(memory.device), touch=True)
        found = memory.lookup(queries.to(memory.device), need_keys=True, with_evidence=True)
        memory.apply_gradients(found, torch.ones_like(found.values), found.keys, 0.5)
        again = memory.lookup(queries[:1].to(memory.device), need_keys=True, with_evidence=True)
        answers.append([*told(found), *told(again), memory.kernel_scale])
        assert memory.check_valid() == []
        memory.close()
    assert answers[0] == answers[1]
    assert memories[0].tail_sizes == memories[1].tail_sizes


def test_an_index_of_a_file_serves_a_memory_on_a_device() -> None:
    rng = np.random.default_rng(1)
    keys = torch.from_numpy(rng.normal(size=(150, 8)).astype(np.float32)).to(DEVICE)
    memory = EpisodicMemory(
        2, 200, Settings(key_size=8, index="annoy", index_min_entries=100, deterministic=True),
        DEVICE,
    )  # fmt: skip
    memory.write_batch(
        np.zeros(150, np.int64), keys, rng.normal(size=150), np.arange(150, dtype=np.uint64), 0, 0
    )
    memory.finish_builds()
    assert isinstance(memory._index.actions[0].published, TailedIndex)
    found = memory.lookup(keys[7:8])
    assert found.slots[0, 0, 0] == 7
    assert memory.recall_at_50(keys[7:8], 0) == 1.0
    memory.close()


def test_a_copy_in_pieces_is_of_one_time_whatever_is_written_meanwhile() -> None:
    memory = filled(DEVICE)
    pieces = copied_in_pieces(memory)
    next(pieces)  # the first action is copied
    action, slot, key = 3, 2, torch.full((8,), 7.0)
    info = memory.contents.entry(action, slot)
    memory.write(action, key, 9.0, info.state_hash, info.moment)
    while True:
        try:
            next(pieces)
        except StopIteration as end:
            copied = end.value["actions"][str(action)]
            break
    assert copied["keys"][slot].tolist() == key.tolist()
    records = copied["records"].reshape(-1).view(RECORD)
    assert records["num_updates"][slot] == 1
    assert copied["values"][slot] == memory.contents.entry(action, slot).value
