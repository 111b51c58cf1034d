"""SmoothGrad: the mean of the gradients around."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from nec_engine.insight.protocol import Steps, Target, as_screens, gradient_of
from nec_engine.messages import U8

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class SmoothGrad:
    """Mean gradient of noisy copies of the screens (Smilkov et al. 2017), per grey level.

    The same noise for every moment, so that maps do not flicker on their own. It is ten times
    smaller than theirs: more, and the copies leave the neighbours behind (docs/decisions.md).
    """

    num_copies: int = 32
    noise: float = 0.01  # standard deviation, as a part of the range of grey levels on the screens

    @property
    def words(self) -> str:
        return f"Smilkov 2017, {self.num_copies} copies, {100 * self.noise:g} % noise"

    def attribution(self, target: Target, observation: U8) -> Steps:
        screens = as_screens(target, observation)
        spread = self.noise * float(screens.max() - screens.min())
        rng = torch.Generator().manual_seed(0)
        total = torch.zeros_like(screens)
        for start in range(0, self.num_copies, AT_ONCE):
            num = min(AT_ONCE, self.num_copies - start)
            noise = torch.randn((num, *screens.shape), generator=rng).to(target.device)
            total += gradient_of(target, screens + spread * noise).sum(0)
            yield
        return (total / self.num_copies).cpu().numpy()
