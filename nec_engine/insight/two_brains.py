"""Two agents on one start, in step: where they first act differently, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from nec_engine.game.emulator import Emulator
from nec_engine.learning.agents import Policy
from nec_engine.learning.exploration import epsilon_greedy
from nec_engine.messages import BrainSide, PackedPicture, read_only

Pair = tuple[BrainSide, BrainSide]


def play_in_step(
    emulators: tuple[Emulator, Emulator],
    policies: tuple[Policy, Policy],
    num_steps: int,
    give_way: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Pair, bool]]:
    """Both sides after each step, and whether they have acted differently by then.

    The emulators stand at the same state. Both agents are greedy; a game that is over stands still,
    and when both are, nothing more comes. ``give_way`` is called after each side's turn.
    """
    players = [
        _Player(emulator, policy) for emulator, policy in zip(emulators, policies, strict=True)
    ]
    have_parted = False
    for _ in range(num_steps):
        if all(player.is_over for player in players):
            return
        first, second = (player.play(give_way) for player in players)
        have_parted = have_parted or first.action != second.action
        yield (first, second), have_parted


class _Player:
    """One side."""

    def __init__(self, emulator: Emulator, policy: Policy) -> None:
        self._emulator, self._policy = emulator, policy
        self._rng = np.random.default_rng(0)  # for ties alone: the same on both sides
        self.is_over = False
        self._side: BrainSide | None = None

    def play(self, give_way: Callable[[], None]) -> BrainSide:
        """Where it stands after its next step."""
        if self.is_over:
            assert self._side is not None
            return self._side
        emulator = self._emulator
        (q_values,) = self._policy.q_values(emulator.observation()[None])
        action, _ = epsilon_greedy(q_values, 0.0, self._policy.knows_nothing, self._rng)
        result = emulator.step(action)
        self.is_over = result.is_game_over or result.is_truncated
        picture = PackedPicture.pack(emulator.step_rgb())
        self._side = BrainSide(
            picture, action, read_only(q_values), emulator.score, emulator.lives, self.is_over
        )
        give_way()
        return self._side
