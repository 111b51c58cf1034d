"""Sticky actions: now and then the game goes on with the action before (Machado et al. 2018)."""

from __future__ import annotations

from typing import Final

_MASK: Final = (1 << 64) - 1


class StickyActions:
    """Which action is really executed in a frame.

    ale-py does the same, but leaves the last executed action out of its saved states, so that
    what follows a restore is not what followed before. Here both parts of the luck are plain
    numbers. The generator is splitmix64 (Steele, Lea and Flood 2014).
    """

    def __init__(self, probability: float, seed: int) -> None:
        self.luck = 0
        self.last_action = 0  # executed, in the emulator's codes; 0 is the no-op
        self._threshold = int(probability * 2.0**64)
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        self.luck = seed & _MASK

    def executed(self, action: int) -> int:
        """``action``, or the last executed one with the given probability."""
        if self._threshold:
            self.luck = mixed = (self.luck + 0x9E3779B97F4A7C15) & _MASK
            mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
            mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
            if mixed ^ (mixed >> 31) < self._threshold:
                return self.last_action
        self.last_action = action
        return action
