"""The recorded games as a table."""

from __future__ import annotations

import pytest
from made_entries import made_episodes
from PyQt6.QtCore import Qt

from app.models.memory.episode_table import (
    GAME,
    MEMORIES,
    PLAYER,
    SCORE,
    STEPS,
    TITLES,
    EpisodeTable,
)
from nec_engine.messages import FIRST_LIVE_EPISODE, AskEpisodes, Player


@pytest.fixture
def games() -> EpisodeTable:
    table = EpisodeTable()
    table.show_answer(made_episodes(AskEpisodes("episodes")))
    return table


def texts(games: EpisodeTable, column: int) -> list[str]:
    return [games.index(place, column).data() for place in range(games.rowCount())]


def test_games_are_told_in_words_the_newest_first(games: EpisodeTable) -> None:
    games.note_player(FIRST_LIVE_EPISODE, Player.PERSON)
    games.note_score(FIRST_LIVE_EPISODE, -3.0)
    games.note_score(40, None)
    assert texts(games, GAME) == [
        "live game 2", "live game 1", "episode 40", "episode 4", "episode 3",
    ]  # fmt: skip
    assert texts(games, PLAYER) == ["–", "you", "training", "training", "training"]
    assert texts(games, STEPS) == ["500", "400", "300", "200", "100"]
    assert texts(games, SCORE) == ["being played", "−3", "–", "…", "…"]
    assert texts(games, MEMORIES) == ["0", "1", "2", "3", "4"]


def test_games_are_sorted_by_score_with_the_unknown_ones_last(games: EpisodeTable) -> None:
    for episode, score in ((3, 5.0), (4, -2.0), (40, 9.0)):
        games.note_score(episode, score)
    games.sort_by(SCORE, True)
    assert texts(games, SCORE)[:3] == ["9", "5", "−2"]
    games.sort_by(SCORE, False)
    assert texts(games, SCORE)[:3] == ["−2", "5", "9"]
    for column, first in ((STEPS, "100"), (MEMORIES, "0")):
        games.sort_by(column, False)
        rising = texts(games, column)
        assert rising[0] == first
        games.sort_by(column, True)
        assert texts(games, column) == rising[::-1]
    games.note_player(FIRST_LIVE_EPISODE, Player.PERSON)
    games.sort_by(PLAYER, False)
    players = texts(games, PLAYER)
    assert sorted(players, key=players.index) == players
    assert players.count("training") == 3


def test_scores_are_missing_of_games_that_have_ended(games: EpisodeTable) -> None:
    games.note_score(40, None)  # asked already
    assert games.without_score(range(5)) == [FIRST_LIVE_EPISODE, 4, 3]
    assert games.without_score(range(1, 2)) == [FIRST_LIVE_EPISODE]


def test_a_game_is_found_in_its_row(games: EpisodeTable) -> None:
    assert games.episode(2) == 40
    assert games.place_of(40) == 2
    assert games.place_of(99) is None
    assert games.episode(7) is None
    games.clear()
    assert games.place_of(40) is None


def test_every_title_is_explained() -> None:
    games = EpisodeTable()
    for section, (title, tip) in enumerate(TITLES):
        across = Qt.Orientation.Horizontal
        assert games.headerData(section, across) == title
        assert tip in games.headerData(section, across, Qt.ItemDataRole.ToolTipRole)


def test_who_plays_now_stands_there_before_the_game_is_over(games: EpisodeTable) -> None:
    live = FIRST_LIVE_EPISODE
    place = games.place_of(live)
    assert place is not None
    shown = games.index(place, PLAYER)
    assert shown.data() == "–"
    games.note_playing(live, Player.AGENT)
    assert shown.data() == "agent"
    games.note_playing(live, Player.PERSON)
    games.note_playing(live, Player.AGENT)
    assert shown.data() == "you"  # at any time of it
