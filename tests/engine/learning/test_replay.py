"""Replay of single screens against a plain list of whole stacks."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from nec_engine.learning.replay import Replay

CAPACITY = 24


def screen(number: int) -> np.ndarray:
    made = np.zeros((84, 84), np.uint8)
    made.reshape(-1)[:4] = np.frombuffer(np.uint32(number + 1).tobytes(), np.uint8)
    return made


class ReplayAgainstStacks(RuleBasedStateMachine):
    """Two games write in turns; every sampled stack must be the one its game had."""

    def __init__(self) -> None:
        super().__init__()
        self.replay = Replay(CAPACITY)
        self.stacks: dict[int, list[int]] = {}
        self.returns: dict[int, float] = {}
        self.previous: list[int | None] = [None, None]
        self.num_screens = 0
        self.rng = np.random.default_rng(0)

    @rule(game=st.integers(0, 1), action=st.integers(0, 17))
    def append(self, game: int, action: int) -> None:
        number = self.num_screens
        self.num_screens += 1
        before = self.previous[game]
        row = self.replay.append(screen(number), before, action, episode=game)
        if before is None or before <= row - CAPACITY:
            self.stacks[row] = [number] * 4
        else:
            self.stacks[row] = [*self.stacks[before][1:], number]
        self.previous[game] = row

    @rule(game=st.integers(0, 1))
    def begin_episode(self, game: int) -> None:
        self.previous[game] = None

    @rule(back=st.integers(0, 2 * CAPACITY), value=st.floats(-9, 9, width=32))
    def set_return(self, back: int, value: float) -> None:
        row = self.replay.num_rows - 1 - back
        if row >= 0:
            self.replay.set_return(row, value)
            if row > self.replay.num_rows - 1 - CAPACITY:
                self.returns[row] = value

    @rule(batch_size=st.integers(1, 8))
    def sample(self, batch_size: int) -> None:
        batch = self.replay.sample(batch_size, self.rng)
        if batch is None:
            return
        for observation, value in zip(batch.observations, batch.returns, strict=True):
            numbers = [
                int(np.frombuffer(one.reshape(-1)[:4].tobytes(), np.uint32)[0]) - 1
                for one in observation
            ]
            rows = [row for row, stack in self.stacks.items() if stack == numbers]
            assert any(np.float32(self.returns.get(row, np.nan)) == value for row in rows)

    @rule()
    def save_and_load(self) -> None:
        other = Replay(CAPACITY)
        other.load_state_dict(self.replay.state_dict())
        assert other.num_ready == self.replay.num_ready
        self.replay = other

    @invariant()
    def is_valid(self) -> None:
        assert self.replay.check_valid() == []


TestReplayAgainstStacks = ReplayAgainstStacks.TestCase
TestReplayAgainstStacks.settings = settings(max_examples=40, stateful_step_count=60, deadline=None)


def test_nothing_is_sampled_before_enough_returns_are_known() -> None:
    replay = Replay(100)
    rows = [replay.append(screen(i), i - 1 if i else None) for i in range(10)]
    replay.set_return(rows[0], 1.0)
    assert replay.sample(2, np.random.default_rng(1)) is None
    replay.set_return(rows[1], 1.0)
    assert replay.sample(2, np.random.default_rng(1)) is not None


def test_samples_are_uniform_over_the_ready_rows() -> None:
    replay = Replay(64)
    previous = None
    for i in range(64):
        previous = replay.append(screen(i), previous, i % 18)
        if i % 2:
            replay.set_return(previous, float(i))
    rng = np.random.default_rng(3)
    drawn = np.concatenate([replay.sample(32, rng).returns for _ in range(400)])
    values, counts = np.unique(drawn, return_counts=True)
    assert len(values) == 32
    assert counts.min() / counts.mean() > 0.7
    assert counts.max() / counts.mean() < 1.3
