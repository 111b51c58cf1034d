"""The course of two brains from one start: its steps so far, and what there is to say. No Qt."""

from __future__ import annotations

from app.models.wording import action_text, score_text, value_text
from nec_engine.messages import BrainsEnded, BrainsStep


class BrainsCourse:
    """Steps as they come in, numbered from 1."""

    def __init__(self, names: tuple[str, str], action_names: tuple[str, ...]) -> None:
        self.names = names  # of the two sides
        self.action_names = action_names
        self.steps: list[BrainsStep] = []
        self.ended: BrainsEnded | None = None
        self.parting: int | None = None  # the first step in which they acted differently

    def add(self, step: BrainsStep) -> None:
        self.steps.append(step)
        if step.have_parted and self.parting is None:
            self.parting = step.step

    def sentence(self, shown: int) -> str:
        """What there is to say while step ``shown`` is on the screen (0: none yet)."""
        if self.ended is not None and self.ended.problem:
            return self.ended.problem
        if not self.steps:
            return f"Opening {self.names[1]} …"
        if self.parting is None:
            last = len(self.steps)
            if self.ended is None:
                return f"They agree so far, for {last} steps."
            return f"They agree in all of the {last} steps."
        left, right = self._choices(self.parting)
        agreed = self.parting - 1
        start = f"They agree for {agreed} steps; then" if agreed else "They part at once:"
        where = "" if shown >= self.parting else f" (you are at step {shown})"
        return f"{start} {self.names[0]} plays {left}, {self.names[1]} {right}{where}."

    def caption(self, side: int, shown: int) -> str:
        """Below a picture: what was done, and the score."""
        if not 1 <= shown <= len(self.steps):
            return ""
        now = self.steps[shown - 1].sides[side]
        words = f"{action_text(self.action_names[now.action])}   score {score_text(now.score)}"
        return (words + ("   over" if now.is_over else "")).replace("-", "−")

    def _choices(self, number: int) -> tuple[str, str]:
        """The action of each side in a step, with the Q it had there."""
        left, right = (
            f"{action_text(self.action_names[side.action])}"
            f" ({value_text(float(side.q_values[side.action]))})"
            for side in self.steps[number - 1].sides
        )
        return left, right
