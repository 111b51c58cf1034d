"""Learning beside the game: the same updates, in a second thread."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import torch
from test_learner import played_agent, snapshot

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.overlapped import OverlappedLearner
from nec_engine.run.opening import open_new, overlap_learning


def learning_threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("learn")]


def overlapped(agent: EpisodicAgent) -> OverlappedLearner:
    assert agent.learner is not None
    return OverlappedLearner(agent.learner, agent.memory)


def test_where_nothing_else_happens_it_is_the_same_update_bit_by_bit() -> None:
    changes = {"dnd_learning_rate": 0.1}
    plain, beside = played_agent(**changes)[0], played_agent(**changes)[0]
    beside.overlap_learning(True)
    rngs = [np.random.default_rng(1), np.random.default_rng(1)]
    told = [plain.learn(rngs[0]) for _ in range(4)]
    told_beside = [beside.learn(rngs[1]) for _ in range(4)]
    assert told_beside == [None, *told[:-1]]  # each is told when the next begins
    assert beside.version == 3
    beside.state_dict()  # saves nothing half done
    assert beside.version == plain.version == 4
    for one, other in zip(snapshot(plain), snapshot(beside), strict=True):
        for a, b in zip(one, other, strict=True):
            assert np.array_equal(np.asarray(a), np.asarray(b))
    assert plain.memory.kernel_scale == beside.memory.kernel_scale
    beside.overlap_learning(False)
    assert learning_threads() == []


def test_entries_written_meanwhile_are_left_as_written() -> None:
    agent, _ = played_agent(dnd_learning_rate=0.1, batch_size=200)
    learner = overlapped(agent)
    batch = agent.replay.sample(200, np.random.default_rng(1)) if agent.replay else None
    assert batch is not None
    learner.update(batch)
    assert learner._under_way is not None
    learner._under_way.result()
    size, key_size = agent.memory.sizes[0], agent.settings.key_size
    hashes = [agent.memory.contents.entry(0, slot).state_hash for slot in range(size)]
    keys = torch.randn(size, key_size, generator=torch.manual_seed(1))
    agent.memory.write_batch(
        np.zeros(size, np.int64), keys, np.zeros(size), np.array(hashes, np.uint64), 1, 0
    )
    written = [agent.memory.contents.entry(0, slot) for slot in range(size)]
    others = [agent.memory.contents.entry(1, slot) for slot in range(agent.memory.sizes[1])]
    assert learner.finish() is not None
    learner.close()
    for slot, entry in enumerate(written):
        now = agent.memory.contents.entry(0, slot)
        assert np.array_equal(now.key, entry.key)
        assert now.value == entry.value
        assert now.num_retrievals == entry.num_retrievals
    moved = [
        not np.array_equal(agent.memory.contents.entry(1, slot).key, entry.key)
        for slot, entry in enumerate(others)
    ]
    assert any(moved)
    assert agent.memory.check_valid() == []


def test_what_goes_wrong_beside_is_raised_where_the_trainer_sees_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    agent, _ = played_agent()
    agent.overlap_learning(True)
    assert agent.learner is not None

    def fail(*_: object, **__: object) -> None:
        raise ValueError("no such row")

    monkeypatch.setattr(agent.learner, "slope", fail)
    agent.learn(np.random.default_rng(1))
    with pytest.raises(ValueError, match="no such row"):
        agent.learn(np.random.default_rng(1))
    agent.close()
    assert learning_threads() == []


@pytest.mark.parametrize(
    ("changes", "num_cores", "is_overlapped"),
    [
        ({}, 2, True),
        ({}, 1, False),
        ({"deterministic": True}, 2, False),
        ({"overlap_learning": False}, 2, False),
        ({"agent": "mfec"}, 2, False),
        ({"agent": "dqn", "replay_capacity": 1000}, 2, False),
    ],
)
def test_it_is_for_two_cores_and_runs_that_need_not_be_reproducible(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, object], num_cores: int, is_overlapped: bool
) -> None:
    monkeypatch.setattr("nec_engine.run.opening.num_cores", lambda: num_cores)
    settings = changed(Settings(), {"capacity": 1000, "learning_starts": 40, **changes})
    trainer = open_new(find_rom("pong"), settings).trainer
    try:
        overlap_learning(trainer)
        for _ in range(160):
            trainer.step()
        assert bool(learning_threads()) == is_overlapped
    finally:
        trainer.close()
        torch.use_deterministic_algorithms(False)
    assert learning_threads() == []
