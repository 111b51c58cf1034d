"""Questions and answers: each panel's newest question wins."""

from __future__ import annotations

from dataclasses import dataclass

from nec_engine.messages.arrays import U8
from nec_engine.messages.browsing import BrowsingAnswer, BrowsingQuestion
from nec_engine.messages.episodes import EpisodesAnswers, EpisodesQuestion
from nec_engine.messages.insight import InsightAnswer, InsightQuestion
from nec_engine.messages.map import AskMap, AskPlaces, MapAnswer, PlacesAnswer, UmapEnded
from nec_engine.messages.replays import ReplayAnswer, ReplayQuestion
from nec_engine.messages.study import StudyAnswer
from nec_engine.messages.words import Moment


@dataclass(frozen=True, slots=True)
class AskPictures:
    """What these moments looked like; one :class:`PictureAnswer` for each, in order."""

    panel: str
    moments: tuple[Moment, ...]
    state_hashes: tuple[int, ...]  # of the entries, to check the rebuilt screens against


Question = (
    AskPictures
    | InsightQuestion
    | AskMap
    | AskPlaces
    | BrowsingQuestion
    | EpisodesQuestion
    | ReplayQuestion
)


@dataclass(frozen=True, slots=True)
class PictureAnswer:
    panel: str
    moment: Moment
    rgb: U8 | None  # uint8[H, W, 3]; None when the moment cannot be rebuilt
    screen: U8 | None  # uint8[84, 84]: the newest of the agent's four screens there
    is_exact: bool  # the rebuilt observation has the hash stored with the entry
    problem: str = ""


Answer = (
    PictureAnswer
    | InsightAnswer
    | MapAnswer
    | PlacesAnswer
    | UmapEnded
    | StudyAnswer
    | BrowsingAnswer
    | EpisodesAnswers
    | ReplayAnswer
)
