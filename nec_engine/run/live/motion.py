"""Whether the live game plays on, and how far."""

from __future__ import annotations


class Motion:
    """A game that runs, or stands still but for what is asked of it. The live thread's alone."""

    def __init__(self) -> None:
        self.is_paused = False
        self._num_frames = 0  # to be played although it is paused
        self._is_to_next_decision = False

    @property
    def is_wanted(self) -> bool:
        """There is a frame to play."""
        return not self.is_paused or self._num_frames > 0 or self._is_to_next_decision

    def advance(self, frames: int, *, to_next_decision: bool) -> None:
        """Play on by so many frames more, or until the next step begins."""
        if to_next_decision:
            self._is_to_next_decision = True
        else:
            self._num_frames += frames

    def show_first_frame(self) -> None:
        """Play one frame at least, so that a new episode is seen."""
        if self.is_paused:
            self._num_frames = max(self._num_frames, 1)

    def stand(self) -> None:
        """What was asked for and is not played yet is forgotten."""
        self._num_frames, self._is_to_next_decision = 0, False

    def note_frame(self, *, is_at_step_boundary: bool) -> None:
        """A frame was played; the next one begins a step, or not."""
        self._num_frames = max(0, self._num_frames - 1)
        if is_at_step_boundary:
            self._is_to_next_decision = False
