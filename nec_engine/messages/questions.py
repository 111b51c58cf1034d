"""Questions and answers: each panel's newest question wins."""

from __future__ import annotations

from dataclasses import dataclass

from nec_engine.messages.arrays import F32, U8
from nec_engine.messages.browsing import BrowsingAnswer, BrowsingQuestion
from nec_engine.messages.decision import Decision
from nec_engine.messages.episodes import EpisodesAnswers, EpisodesQuestion
from nec_engine.messages.map import AskMap, AskPlaces, MapAnswer, PlacesAnswer
from nec_engine.messages.study import StudyAnswer
from nec_engine.messages.words import Moment


@dataclass(frozen=True, slots=True)
class AskPictures:
    """What these moments looked like; one :class:`PictureAnswer` for each, in order."""

    panel: str
    moments: tuple[Moment, ...]
    state_hashes: tuple[int, ...]  # of the entries, to check the rebuilt screens against


@dataclass(frozen=True, slots=True)
class AskSaliency:
    """Where the screen pulls on a Q of ``decision``; ``action`` None means the chosen action."""

    panel: str
    decision: Decision
    action: int | None = None


Question = AskPictures | AskSaliency | AskMap | AskPlaces | BrowsingQuestion | EpisodesQuestion


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    panel: str
    moment: Moment
    rgb: U8 | None  # uint8[H, W, 3]; None when the moment cannot be rebuilt
    screen: U8 | None  # uint8[84, 84]: the newest of the agent's four screens there
    is_exact: bool  # the rebuilt observation has the hash stored with the entry
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SaliencyAnswer:
    panel: str
    decision_number: int
    moment: Moment
    action: int
    heat: F32  # float32[84, 84], >= 0, largest 1 (all 0 when the gradient vanishes)
    gradient: F32  # float32[4, 84, 84]: dQ/dscreen, per grey level of 0 .. 255
    q: float
    method: str  # words for the label
    took_s: float


Answer = (
    PictureAnswer
    | SaliencyAnswer
    | MapAnswer
    | PlacesAnswer
    | StudyAnswer
    | BrowsingAnswer
    | EpisodesAnswers
)
