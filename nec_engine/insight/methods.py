"""The methods, by name, and which of them an agent truly has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from nec_engine.insight.filters import has_convolutions
from nec_engine.insight.gradient import Gradient
from nec_engine.insight.guided import GuidedBackpropagation
from nec_engine.insight.integrated import IntegratedGradients
from nec_engine.insight.perturbation import Perturbation
from nec_engine.insight.protocol import Method, Target
from nec_engine.insight.smoothgrad import SmoothGrad
from nec_engine.learning.agents import Policy
from nec_engine.messages import SaliencyMethod

METHODS: Final[Mapping[SaliencyMethod, Method]] = {
    SaliencyMethod.GRADIENT: Gradient(),
    SaliencyMethod.SMOOTHGRAD: SmoothGrad(),
    SaliencyMethod.INTEGRATED: IntegratedGradients(),
    SaliencyMethod.GUIDED: GuidedBackpropagation(),
    SaliencyMethod.PERTURBATION: Perturbation(),
}


def methods_of(policy: Policy) -> tuple[SaliencyMethod, ...]:
    """Those that say something about this agent: nothing is guided where nothing is rectified."""
    has_rectifiers = any(has_convolutions(network) for network in policy.networks)
    return tuple(m for m in SaliencyMethod if m is not SaliencyMethod.GUIDED or has_rectifiers)


def words_of(method: SaliencyMethod, target: Target) -> str:
    """Source and settings of a map, and what its gradient leads through."""
    words = METHODS[method].words
    if method is SaliencyMethod.PERTURBATION:
        return words
    return f"{words}, {target.slope_words}"
