"""The recorded games: how long, with how many entries, with which score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nec_engine.messages.arrays import I64


@dataclass(frozen=True, slots=True)
class AskEpisodes:
    """Every recorded game that is kept; one :class:`EpisodesAnswer`."""

    panel: str


@dataclass(frozen=True, slots=True)
class EpisodesAnswer:
    """All kept games, oldest first: training's, then the live game's. Arrays of E."""

    panel: str
    episodes: I64  # ids
    num_steps: I64  # recorded so far
    num_entries: I64  # living entries that were last written in it
    is_open: npt.NDArray[np.bool_]  # still being played


@dataclass(frozen=True, slots=True)
class AskScores:
    """The final scores of these games; one :class:`ScoreAnswer` for each, in order.

    A score is not recorded: the end of the game is rebuilt, which takes some milliseconds.
    """

    panel: str
    episodes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScoreAnswer:
    panel: str
    episode: int
    score: float | None  # None: the game is gone, or cannot be rebuilt


EpisodesQuestion = AskEpisodes | AskScores
EpisodesAnswers = EpisodesAnswer | ScoreAnswer
