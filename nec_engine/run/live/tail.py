"""The latest half minute of the live game: which frames it was, and what was heard."""

from __future__ import annotations

import threading
from collections import deque
from typing import Final, NamedTuple

from nec_engine.messages import U8, Moment, Player

TAIL_S: Final = 30
TAIL_FRAMES: Final = 60 * TAIL_S  # of the game, however fast it is shown; 0.9 MB of sound


class TailFrame(NamedTuple):
    """One frame that was played: enough to show it again as it was."""

    moment: Moment
    frame_in_step: int
    audio: U8  # uint8[512]: the very sound, which the journal could not give back
    player: Player
    score: float


class Tail:
    """Keeps the newest frames of the live game; the live thread adds, any thread reads."""

    def __init__(self) -> None:
        self._frames: deque[TailFrame] = deque(maxlen=TAIL_FRAMES)
        self._lock = threading.Lock()

    def add(self, frame: TailFrame) -> None:
        with self._lock:
            self._frames.append(frame)

    def frames(self) -> tuple[TailFrame, ...]:
        """Oldest first."""
        with self._lock:
            return tuple(self._frames)
