"""Looking into what the agent makes of its screens: maps, a blurred region, a check of the maps."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from nec_engine.messages.arrays import F32, U8
from nec_engine.messages.decision import ActionEvidence, Decision
from nec_engine.messages.words import Entry, Moment


class SaliencyMethod(Enum):
    """How a map is made."""

    GRADIENT = "gradient"
    SMOOTHGRAD = "SmoothGrad"
    INTEGRATED = "integrated gradients"
    GUIDED = "guided backpropagation"
    PERTURBATION = "perturbation"


@dataclass(frozen=True, slots=True)
class QOf:
    """The Q of an action; None: of the one that was done."""

    action: int | None = None


@dataclass(frozen=True, slots=True)
class GapOfBest:
    """What the best Q has over the second best."""


@dataclass(frozen=True, slots=True)
class LikenessTo:
    """How like the screens are to a remembered state: 1 / (1 + squared distance / scale)."""

    entry: Entry


SaliencyTarget = QOf | GapOfBest | LikenessTo


class Box(NamedTuple):
    """A rectangle of pixels on the agent's screens of 84 x 84."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class AskSaliency:
    """Where the screens of ``decision`` pull on ``target``."""

    panel: str
    decision: Decision
    target: SaliencyTarget = QOf()
    method: SaliencyMethod = SaliencyMethod.GRADIENT


@dataclass(frozen=True, slots=True)
class SaliencyAnswer:
    """One map, or a sentence on why there is none."""

    panel: str
    decision_number: int
    moment: Moment
    target: SaliencyTarget
    actions: tuple[int, ...]  # whose Q it is, the better first; none of a likeness
    value: float  # of the target
    method: SaliencyMethod
    method_words: str  # for the label: the source and its settings
    heat: F32  # float32[84, 84], >= 0, largest 1 (all 0 when nothing pulls)
    attribution: F32  # float32[4, 84, 84], signed, in the method's own unit
    took_s: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AskBlurred:
    """What the agent makes of the screens of ``decision`` with ``box`` blurred on all four."""

    panel: str
    decision: Decision
    box: Box


@dataclass(frozen=True, slots=True)
class BlurredAnswer:
    """The evidence with the region as it is and with it blurred, read by the same agent."""

    panel: str
    decision_number: int
    action_names: tuple[str, ...]
    box: Box
    blur: float  # standard deviation in pixels
    observation: U8  # uint8[4, 84, 84], blurred
    before: tuple[ActionEvidence, ...]
    after: tuple[ActionEvidence, ...]


@dataclass(frozen=True, slots=True)
class AskSanityCheck:
    """Does the map change when the network does not know anything any more?"""

    panel: str
    decision: Decision
    target: SaliencyTarget = QOf()
    method: SaliencyMethod = SaliencyMethod.GRADIENT


@dataclass(frozen=True, slots=True)
class SanityAnswer:
    """The map of a network whose layers from the top down to ``layer`` are random. One of several.

    The first, with ``layer`` "", is that of the network as it is.
    """

    panel: str
    decision_number: int
    method: SaliencyMethod
    number: int  # 0 .. num - 1
    num: int
    layer: str
    heat: F32  # float32[84, 84], as in SaliencyAnswer
    correlation: float | None  # Spearman's, of the maps' sizes; None where one of them is flat
    problem: str = ""


InsightQuestion = AskSaliency | AskBlurred | AskSanityCheck
InsightAnswer = SaliencyAnswer | BlurredAnswer | SanityAnswer
