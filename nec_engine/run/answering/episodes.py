"""The recorded games, and the scores they ended with."""

from __future__ import annotations

import numpy as np

from nec_engine.errors import NecError
from nec_engine.journal.episode import Episode
from nec_engine.messages import (
    AskEpisodes,
    AskScores,
    EpisodesAnswer,
    Moment,
    ScoreAnswer,
    read_only,
)
from nec_engine.run.answering.answering_thread import Turns
from nec_engine.run.answering.desk import Desk


def episodes(question: AskEpisodes, desk: Desk) -> Turns:
    """All of them in one answer."""
    kept: list[Episode] = []
    for number in (*desk.journal.training_episodes(), *desk.journal.live_episodes()):
        try:
            kept.append(desk.journal.episode(number))
        except NecError:  # forgotten since
            continue
    counts = {} if desk.memory is None else desk.memory.contents.num_by_episode()
    numbers = [episode.episode_id for episode in kept]
    yield EpisodesAnswer(
        question.panel,
        read_only(np.array(numbers, np.int64)),
        read_only(np.array([episode.num_steps for episode in kept], np.int64)),
        read_only(np.array([counts.get(number, 0) for number in numbers], np.int64)),
        read_only(np.array([episode.is_open for episode in kept], np.bool_)),
    )


def scores(question: AskScores, desk: Desk) -> Turns:
    """One for each game, in order; each takes some milliseconds."""
    for number in question.episodes:
        yield ScoreAnswer(question.panel, number, _score(number, desk))


def _score(number: int, desk: Desk) -> float | None:
    try:
        end = Moment(number, desk.journal.episode(number).num_steps)
        return desk.rebuilder.rebuild(desk.journal, end).point.score
    except NecError:
        return None
