"""Integrated gradients: what makes these screens differ from blurred ones."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from nec_engine.insight.blurring import blurred
from nec_engine.insight.protocol import Steps, Target, as_screens, gradient_of
from nec_engine.messages import U8

AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class IntegratedGradients:
    """Gradients along the way from blurred screens to these (Sundararajan et al. 2017).

    Times the difference, so that they add up to what the target gains on the way. The blurred
    screens are the baseline, because black is a colour like any other in these games.
    """

    num_steps: int = 32
    blur: float = 10.0  # of the baseline: standard deviation in pixels

    @property
    def words(self) -> str:
        return f"Sundararajan 2017, {self.num_steps} steps from a {self.blur:g} px blur"

    def attribution(self, target: Target, observation: U8) -> Steps:
        screens = as_screens(target, observation)
        baseline = as_screens(target, blurred(observation, self.blur))
        difference = screens - baseline
        total = torch.zeros_like(screens)
        for start in range(0, self.num_steps, AT_ONCE):
            steps = range(start, min(start + AT_ONCE, self.num_steps))
            parts = torch.tensor([(step + 0.5) / self.num_steps for step in steps])
            parts = parts.to(target.device)[:, None, None, None]
            total += gradient_of(target, baseline + parts * difference).sum(0)
            yield
        return (difference * total / self.num_steps).cpu().numpy()
