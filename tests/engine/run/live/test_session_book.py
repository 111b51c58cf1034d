"""The book of the live session, against a dictionary that remembers everything."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from nec_engine.errors import DataError
from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    Ending,
    LiveEpisode,
    Luck,
    Mark,
    MarkKind,
    Moment,
    Player,
)
from nec_engine.run.live.session_book import Judged, PlayedStep, SessionBook

GAMMA = 0.5
FIRST = FIRST_LIVE_EPISODE


def step(score: float = 0.0, **changes: Any) -> PlayedStep:
    plain = PlayedStep(score, 0.0, 0.0, False, False, Player.AGENT, Judged())
    return plain._replace(**changes)


def marks(episode: LiveEpisode, kind: MarkKind) -> list[Mark]:
    return [mark for mark in episode.marks if mark.kind is kind]


def test_surprise_is_how_wrong_the_q_of_a_step_was_once_the_next_state_is_judged() -> None:
    book = SessionBook(GAMMA)
    book.begin(FIRST, None, Luck.NONE)
    book.add(step(1.0, reward=1.0, learned_reward=1.0, judged=Judged(4.0, 3.0, 0.9)))
    (episode,) = book.episodes()
    assert math.isnan(episode.track.surprise[0])  # the next state is not known yet
    book.add(step(1.0, judged=Judged(2.0, 2.0, 0.9)))
    book.add(step(1.0, judged=Judged()))  # nobody asked the agent
    book.add(step(9.0, reward=8.0, learned_reward=8.0, is_terminal=True, judged=Judged(1.0, 1.0)))
    (episode,) = book.episodes()
    surprise = episode.track.surprise
    assert surprise[0] == pytest.approx(abs(1.0 + GAMMA * 2.0 - 3.0))
    assert math.isnan(surprise[1])
    assert math.isnan(surprise[2])
    assert surprise[3] == pytest.approx(7.0)  # nothing follows an end
    assert marks(episode, MarkKind.SURPRISE) == [Mark(MarkKind.SURPRISE, 3, 7.0)]
    assert marks(episode, MarkKind.FALL) == [Mark(MarkKind.FALL, 0, 2.0)]  # an end is no fall
    assert [mark.step for mark in marks(episode, MarkKind.REWARD)] == [0, 3]


def test_a_takeover_is_marked_once_also_when_the_person_goes_on_in_a_branch() -> None:
    book = SessionBook(GAMMA)
    book.begin(FIRST, None, Luck.NONE)
    for player in (Player.AGENT, Player.PERSON, Player.PERSON, Player.AGENT, Player.PERSON):
        book.add(step(player=player))
    book.begin(FIRST + 1, Moment(FIRST, 3), Luck.NONE)
    book.add(step(player=Player.PERSON))
    first, branch = book.episodes()
    assert [mark.step for mark in marks(first, MarkKind.TAKEOVER)] == [1, 4]
    assert marks(branch, MarkKind.TAKEOVER) == []
    assert list(first.track.is_person) == [0, 1, 1, 0, 1]
    players = [book.player_at(Moment(FIRST, step)) for step in range(6)]
    agent, person = Player.AGENT, Player.PERSON
    assert players == [agent, person, person, agent, person, person]  # at the end the last one


def test_a_far_region_is_marked_at_its_first_visit_from_known_land() -> None:
    book = SessionBook(GAMMA)
    book.begin(FIRST, None, Luck.NONE)
    for familiarity in (0.01, 0.02, 0.8, math.nan, 0.1, 0.05, 0.9, 0.01):
        book.add(step(judged=Judged(1.0, 1.0, familiarity)))
    (episode,) = book.episodes()
    (mark,) = marks(episode, MarkKind.FAR)
    assert mark.step == 4
    assert mark.amount == 0.1


def test_a_moment_after_the_game_was_over_is_played_on_from_one_step_before() -> None:
    book = SessionBook(GAMMA)
    book.begin(FIRST, None, Luck.NONE)
    for _ in range(5):
        book.add(step())
    assert book.playable(Moment(FIRST, 5)) == Moment(FIRST, 5)
    book.end(Ending.OVER)
    book.end(Ending.LEFT)  # it has ended already
    assert book.playable(Moment(FIRST, 5)) == Moment(FIRST, 4)
    assert book.playable(Moment(FIRST, 2)) == Moment(FIRST, 2)
    assert book.episodes()[0].ending is Ending.OVER


def test_a_branch_from_the_memory_of_a_training_game_begins_a_route_of_its_own() -> None:
    book = SessionBook(GAMMA)
    book.begin(FIRST, Moment(7, 300), Luck.SAME)
    assert book.route_to(FIRST).moment_at(12) == Moment(FIRST, 12)
    with pytest.raises(DataError, match="episode 7 was not played in this session"):
        book.route_to(7)


class SessionMachine(RuleBasedStateMachine):
    """Plays, branches and begins anew; every route leads through the moments that were played."""

    def __init__(self) -> None:
        super().__init__()
        self.book = SessionBook(GAMMA)
        self.history: dict[int, list[tuple[Moment, float]]] = {}  # of all steps since the start
        self.own_steps: dict[int, int] = {}
        self.next_id = FIRST
        self.score = 0.0

    @property
    def newest(self) -> int:
        return self.next_id - 1

    def _begin(self, parent: Moment | None, history: list[tuple[Moment, float]]) -> None:
        self.book.begin(self.next_id, parent, Luck.SAME)
        self.history[self.next_id] = history
        self.own_steps[self.next_id] = 0
        self.next_id += 1

    @rule()
    def begin_a_game(self) -> None:
        self._begin(None, [])

    @precondition(lambda self: self.own_steps)
    @rule(data=st.data())
    def branch(self, data: st.DataObject) -> None:
        episode = data.draw(st.sampled_from(sorted(self.own_steps)))
        own = data.draw(st.integers(0, self.own_steps[episode]))
        inherited = len(self.history[episode]) - self.own_steps[episode]
        self._begin(Moment(episode, own), self.history[episode][: inherited + own])

    @precondition(lambda self: self.own_steps)
    @rule(num=st.integers(1, 5))
    def play(self, num: int) -> None:
        for _ in range(num):
            self.score += 1.0
            self.book.add(step(self.score))
            moment = Moment(self.newest, self.own_steps[self.newest])
            self.history[self.newest].append((moment, self.score))
            self.own_steps[self.newest] += 1

    @invariant()
    def every_route_leads_through_what_was_played(self) -> None:
        by_id = {episode.episode: episode for episode in self.book.episodes()}
        assert list(by_id) == sorted(self.history)
        for episode, history in self.history.items():
            route = self.book.route_to(episode)
            assert route.episode == episode
            assert self.book.num_places(route) == len(history)
            assert by_id[episode].offset == len(history) - self.own_steps[episode]
            for place, (moment, score) in enumerate(history):
                assert route.moment_at(place) == moment
                assert route.place_of(moment) == place
                assert by_id[moment.episode].track.scores[moment.step] == np.float32(score)
            assert route.place_of(Moment(episode, self.own_steps[episode])) == len(history)
            assert route.place_of(Moment(self.next_id, 0)) is None

    @invariant()
    def only_the_newest_episode_is_open_and_the_others_are_made_once(self) -> None:
        episodes = self.book.episodes()
        assert [episode.ending is Ending.OPEN for episode in episodes[:-1]].count(True) == 0
        for one, again in zip(episodes[:-1], self.book.episodes(), strict=False):
            assert one is again


TestSession = SessionMachine.TestCase
TestSession.settings = settings(max_examples=40, stateful_step_count=20)
