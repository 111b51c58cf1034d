"""What is explained, and what a method of explaining it is."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from nec_engine.messages import F32, U8

# Rests after each part of the work; ends with float32[4, 84, 84].
Steps = Generator[None, None, F32]


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the agent reads from its screens, near those of one moment."""

    slope: Callable[[Tensor], Tensor]  # float32[B] of float32[B, 4, 84, 84], differentiable
    judge: Callable[[U8], F32]  # float32[B] of uint8[B, 4, 84, 84], each as if alone
    slope_words: str  # what the slope leads through
    device: torch.device


class Method(Protocol):
    """A way to say how much each grey level on the screens pulls on a target."""

    @property
    def words(self) -> str:
        """Its source and settings, for a label beside its name."""
        ...

    def attribution(self, target: Target, observation: U8) -> Steps:
        """Signed float32[4, 84, 84] for uint8[4, 84, 84], in parts of some milliseconds."""
        ...


def gradient_of(target: Target, screens: Tensor) -> Tensor:
    """The slope of the target at each of float32[B, 4, 84, 84], of that shape."""
    screens = screens.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(target.slope(screens).sum(), screens)
    return gradient


def as_screens(target: Target, observation: U8) -> Tensor:
    """float32[4, 84, 84] of grey levels, where the target is computed."""
    return torch.tensor(observation, device=target.device).float()
