"""The plain gradient."""

from __future__ import annotations

from dataclasses import dataclass

from nec_engine.insight.protocol import Steps, Target, as_screens, gradient_of
from nec_engine.messages import U8


@dataclass(frozen=True, slots=True)
class Gradient:
    """How fast the target changes with each grey level (Simonyan et al. 2013), per level."""

    words: str = "Simonyan 2013"

    def attribution(self, target: Target, observation: U8) -> Steps:
        yield
        return gradient_of(target, as_screens(target, observation)[None])[0].cpu().numpy()
