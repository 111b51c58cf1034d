"""The list of recorded games."""

from __future__ import annotations

import pytest
from made_entries import made_episodes, made_scores
from made_messages import Clock, show_panel
from made_news import game_info
from PyQt6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.look.theme import DARK, LIGHT
from app.models.memory.episode_table import SCORE
from app.views.memory.episodes_view import EpisodesView
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    AskEpisodes,
    AskScores,
    Entry,
    EpisodeEnded,
    Moment,
    Player,
)


@pytest.fixture
def view(qtbot: QtBot, clock: Clock) -> EpisodesView:
    view = EpisodesView(clock=clock)
    show_panel(view, qtbot, clock, (700, 240))
    return view


@pytest.fixture
def questions(view: EpisodesView) -> list[AskEpisodes | AskScores]:
    asked: list[AskEpisodes | AskScores] = []
    view.episodes_wanted.connect(asked.append)
    view.scores_wanted.connect(asked.append)
    return asked


@pytest.fixture
def opened(view: EpisodesView, questions: list[AskEpisodes | AskScores]) -> EpisodesView:
    """With a game open and its recorded games listed; scores are asked, not answered."""
    view.open_game(game_info())
    view.show_episodes(made_episodes(AskEpisodes("episodes")))
    return view


def row_point(view: EpisodesView, place: int) -> QPoint:
    return view.table.visualRect(view.games.index(place, 0)).center()


def test_games_are_asked_for_and_then_the_scores_of_those_in_sight(
    opened: EpisodesView, questions: list[AskEpisodes | AskScores]
) -> None:
    assert isinstance(questions[0], AskEpisodes)
    asked = questions[1]
    assert isinstance(asked, AskScores)
    assert asked.episodes == (FIRST_LIVE_EPISODE, 40, 4, 3)
    for answer in made_scores(asked):
        opened.show_score(answer)
    assert opened.games.index(2, SCORE).data() == "40"
    assert opened.games.index(3, SCORE).data() == "–"
    assert len(questions) == 2  # nothing is asked twice
    assert opened.count.text() == "5 recorded games"


def test_a_hidden_panel_asks_nothing(
    opened: EpisodesView,
    questions: list[AskEpisodes | AskScores],
    clock: Clock,
    qtbot: QtBot,
) -> None:
    opened.hide()
    questions.clear()
    clock.now_s += 10
    opened.request_refresh()
    opened.note_ended(EpisodeEnded(Player.AGENT, 3.0, 10, 40, FIRST_LIVE_EPISODE + 1))
    assert questions == []
    opened.show()
    qtbot.waitUntil(lambda: len(questions) > 0)


def test_a_live_game_that_ends_says_who_played_and_its_score(opened: EpisodesView) -> None:
    opened.note_ended(EpisodeEnded(Player.PERSON, 7.0, 10, 40, FIRST_LIVE_EPISODE))
    place = opened.games.place_of(FIRST_LIVE_EPISODE)
    assert place is not None
    told = [opened.games.index(place, column).data() for column in (1, 3)]
    assert told == ["you", "7"]


def test_a_double_click_or_the_button_lists_the_memories_of_a_game(
    opened: EpisodesView, qtbot: QtBot
) -> None:
    chosen: list[int] = []
    opened.episode_chosen.connect(chosen.append)
    assert not opened.list_button.isEnabled()
    qtbot.mouseClick(opened.table.viewport(), Qt.MouseButton.LeftButton, pos=row_point(opened, 2))
    qtbot.mouseDClick(opened.table.viewport(), Qt.MouseButton.LeftButton, pos=row_point(opened, 2))
    opened.list_button.click()
    assert chosen == [40, 40]


def test_the_game_of_the_selected_memory_is_marked_and_stays_so(opened: EpisodesView) -> None:
    opened.set_selected(Entry(1, 2, Moment(4, 7), 9))
    opened.show_episodes(made_episodes(AskEpisodes("episodes"), num_live=3))
    (place,) = {index.row() for index in opened.table.selectedIndexes()}
    assert opened.games.episode(place) == 4
    opened.set_selected(None)
    assert opened.table.selectedIndexes() == []


def test_a_click_on_a_title_sorts_and_another_turns_it_round(opened: EpisodesView) -> None:
    for first, last in ((3, FIRST_LIVE_EPISODE + 1), (FIRST_LIVE_EPISODE + 1, 3)):
        opened._header().sectionClicked.emit(4)  # memories: most first
        assert (opened.games.episode(0), opened.games.episode(4)) == (first, last)


def test_empty_states_say_what_will_be_there_and_both_themes_are_painted(
    view: EpisodesView,
) -> None:
    assert "Open a game" in view.hint.text()
    view.open_game(game_info())
    assert "first game" in view.hint.text()
    for theme in (LIGHT, DARK):
        view.set_theme(theme)
        assert not view.grab().isNull()
    assert view.list_button.toolTip()
    assert view.table.accessibleName()


def test_a_game_chosen_with_the_arrow_keys_can_be_listed(
    opened: EpisodesView, qtbot: QtBot
) -> None:
    assert not opened.list_button.isEnabled()
    qtbot.keyClick(opened.table, Qt.Key.Key_Down)
    assert opened.list_button.isEnabled()
    with qtbot.waitSignal(opened.episode_chosen) as chosen:
        opened.list_button.click()
    assert chosen.args == [opened.games.episode(opened.table.currentIndex().row())]


def test_the_rows_in_sight_stay_where_they_are_also_with_a_game_selected_elsewhere(
    opened: EpisodesView,
) -> None:
    many = made_episodes(AskEpisodes("episodes"), num_live=200)
    opened.show_episodes(many)
    first = opened.games.episode(0)
    assert first is not None
    opened.set_selected(Entry(1, 2, Moment(first, 3), 4))
    bar = opened.table.verticalScrollBar()
    assert bar is not None
    bar.setValue(bar.maximum() // 2)
    before = bar.value()
    assert before > 20
    for _ in range(2):
        opened.show_episodes(many)
        assert bar.value() == before
