"""RMSProp about the running mean of the gradient, as DQN uses it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import torch
from torch import Tensor


class CentredRMSProp:
    """Divides each gradient by its running standard deviation (Graves 2013; Mnih et al. 2015).

    ``step = learning_rate g / sqrt(mean(g^2) - mean(g)^2 + epsilon)``. The paper's two momenta, of
    the gradient and of its square, are the rates of these means in its own code; both are ``decay``
    here. Not of torch.optim, for the reason given in :mod:`nec_engine.learning.rmsprop`.
    """

    def __init__(
        self, parameters: Iterable[Tensor], learning_rate: float, decay: float, epsilon: float
    ) -> None:
        self._parameters = list(parameters)
        self._learning_rate, self._decay, self._epsilon = learning_rate, decay, epsilon
        self._mean = [torch.zeros_like(parameter) for parameter in self._parameters]
        self._square_avg = [torch.zeros_like(parameter) for parameter in self._parameters]

    @torch.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient, and forget the gradients."""
        for parameter, mean, square_avg in zip(
            self._parameters, self._mean, self._square_avg, strict=True
        ):
            gradient = parameter.grad
            if gradient is None:
                continue
            mean.lerp_(gradient, 1 - self._decay)
            square_avg.mul_(self._decay).addcmul_(gradient, gradient, value=1 - self._decay)
            variance = square_avg.addcmul(mean, mean, value=-1.0).clamp_(min=0.0)
            root = variance.add_(self._epsilon).sqrt_()
            parameter.addcdiv_(gradient, root, value=-self._learning_rate)
            parameter.grad = None

    def state_dict(self) -> dict[str, Any]:
        """The running means, by the place of their parameter."""
        return {
            "mean": {str(i): mean.cpu().numpy() for i, mean in enumerate(self._mean)},
            "square_avg": {str(i): of.cpu().numpy() for i, of in enumerate(self._square_avg)},
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        for name, kept in (("mean", self._mean), ("square_avg", self._square_avg)):
            for i, tensor in enumerate(kept):
                tensor.copy_(torch.from_numpy(np.array(state[name][str(i)])))
