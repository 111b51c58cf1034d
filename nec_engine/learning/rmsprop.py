"""RMSProp, as torch.optim.RMSprop computes it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor


class RMSProp:
    """Divides each gradient by a running root mean square (Tieleman and Hinton 2012).

    WORKAROUND(torch 2.13): making any optimiser of torch.optim imports torch's compiler, 1.9 s of
    the 3 s until the game is to move. A test holds this one to the same numbers.
    """

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: float, decay: float, epsilon: float
    ) -> None:
        self._parameters = list(parameters)
        self._learning_rate, self._decay, self._epsilon = learning_rate, decay, epsilon
        self._square_avg = [torch.zeros_like(parameter) for parameter in self._parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient, and forget the gradients."""
        for parameter, square_avg in zip(self._parameters, self._square_avg, strict=True):
            gradient = parameter.grad
            if gradient is None:
                continue
            square_avg.mul_(self._decay).addcmul_(gradient, gradient, value=1 - self._decay)
            root = square_avg.sqrt().add_(self._epsilon)
            parameter.addcdiv_(gradient, root, value=-self._learning_rate)
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """The running mean squares, by the place of their parameter."""
        return {str(i): square.cpu().numpy() for i, square in enumerate(self._square_avg)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for i, square_avg in enumerate(self._square_avg):
            square_avg.copy_(torch.from_numpy(np.array(state[str(i)])))
