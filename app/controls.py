"""What the controls show: the person's wish at once, the engine's word as soon as it has caught up.

A command takes a moment to reach the engine; a status made before that would flip a switch back
and make a quick second press do the wrong thing. So a wish is believed until the engine agrees, or
until it has had time enough to refuse.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from nec_engine.messages import LiveStatus, Player

PATIENCE_S: Final = 0.5
SPEEDS: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, float("inf"))
# Actions that set what the training game does not have, and why they do nothing while it is shown.
NO_SPEED: Final = "Not while the training game is watched: it runs as fast as it can"
NO_GREED: Final = "Not while the training game is watched: it explores as training does"
NO_DECISION: Final = "Not while the training game is watched: its decisions come without evidence"
NOT_WHILE_WATCHING: Final = {
    "slower": NO_SPEED, "faster": NO_SPEED, "normal_speed": NO_SPEED, "greedy": NO_GREED,
    "blur_and_ask": NO_DECISION, "test_saliency": NO_DECISION,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Controls:
    """Everything a person can set, as it stands."""

    is_paused: bool = False
    is_past: bool = False  # a moment of the past is shown
    speed: float = 1.0
    player: Player = Player.AGENT
    is_exploring: bool = False
    is_teaching: bool = True
    is_storing_agent: bool = False
    is_watching_training: bool = False
    is_recording: bool = False
    is_training: bool = True


class Wishes:
    """Holds the :class:`Controls`: what was wished lately, else what the engine reported."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reported = Controls()
        self._wished: dict[str, tuple[Any, float]] = {}

    @property
    def controls(self) -> Controls:
        """The controls as they should be shown now."""
        now = self._clock()
        self._wished = {n: (v, until) for n, (v, until) in self._wished.items() if until > now}
        return replace(self._reported, **{n: v for n, (v, _) in self._wished.items()})

    def wish(self, **values: Any) -> None:
        """Note what was just asked of the engine."""
        until = self._clock() + PATIENCE_S
        self._wished.update({name: (value, until) for name, value in values.items()})

    def report(self, **values: Any) -> None:
        """Note what the engine says; a wish it now agrees with is fulfilled."""
        self._reported = replace(self._reported, **values)
        for name, value in values.items():
            if name in self._wished and self._wished[name][0] == value:
                del self._wished[name]

    def report_status(self, status: LiveStatus) -> None:
        """Note the live game's part of what the engine says."""
        self.report(
            is_paused=status.is_paused,
            is_past=status.is_past,
            speed=status.speed,
            player=status.player,
            is_exploring=status.is_exploring,
            is_teaching=status.is_teaching,
            is_storing_agent=status.is_storing_agent,
            is_watching_training=status.is_watching_training,
            is_recording=status.recording is not None,
        )


def faster(speed: float) -> float:
    """The next speed up."""
    return next((s for s in SPEEDS if s > speed), SPEEDS[-1])


def slower(speed: float) -> float:
    """The next speed down."""
    return next((s for s in reversed(SPEEDS) if s < speed), SPEEDS[0])


def speed_words(speed: float) -> str:
    """``0.25x``, ``1x``, ``max``."""
    return "max" if speed == float("inf") else f"{speed:g}x"
