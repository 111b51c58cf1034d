"""Guided backpropagation: what speaks for a unit, without what speaks against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from nec_engine.insight.protocol import Steps, Target, as_screens, gradient_of
from nec_engine.messages import U8


class GuidedRectifiers(TorchFunctionMode):
    """While entered, this thread's rectifiers hand back positive gradients alone.

    Backwards through each of them passes what is positive there, and only where the unit was
    active (Springenberg et al. 2014, "Striving for simplicity", figure 1). The network itself
    stays as it is, so that other threads may go on reading with it.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func is torch.relu:
            return _GuidedRelu.apply(*args)  # type: ignore[no-untyped-call]  # torch's stub
        return func(*args, **(kwargs or {}))


class _GuidedRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        rectified = x.clamp(min=0)
        ctx.save_for_backward(rectified)
        return rectified

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (rectified,) = ctx.saved_tensors
        passed: Tensor = gradients[0].clamp(min=0) * (rectified > 0)
        return passed


@dataclass(frozen=True, slots=True)
class GuidedBackpropagation:
    """The gradient under :class:`GuidedRectifiers`, per grey level."""

    words: str = "Springenberg 2014"

    def attribution(self, target: Target, observation: U8) -> Steps:
        yield
        with GuidedRectifiers():
            gradient = gradient_of(target, as_screens(target, observation)[None])[0]
        return gradient.cpu().numpy()
