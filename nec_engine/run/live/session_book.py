"""What happened in the live game since the program began: episodes, branches, steps, bookmarks."""

from __future__ import annotations

import math
from array import array
from typing import NamedTuple

import numpy as np

from nec_engine.errors import DataError
from nec_engine.messages import (
    F32,
    Ending,
    Leg,
    LiveEpisode,
    Luck,
    Moment,
    Player,
    Route,
    Track,
    read_only,
)
from nec_engine.run.live.episode_marks import EpisodeMarks

NAN = math.nan


class Judged(NamedTuple):
    """What the agent made of a state; NaN where it was not asked."""

    max_q: float = NAN
    q: float = NAN  # of the action that was played
    familiarity: float = NAN


class PlayedStep(NamedTuple):
    """One finished step of the live game."""

    score: float  # after it
    reward: float  # as the game gave it
    learned_reward: float  # in the units of Q
    is_life_lost: bool
    is_terminal: bool  # the sum of rewards stops here: what follows is worth nothing
    player: Player
    judged: Judged  # the state before it


class SessionBook:
    """The live session's episodes in the order in which they were begun.

    The live thread's alone; what others see of it are immutable messages.
    """

    def __init__(self, gamma: float) -> None:
        self._gamma = gamma
        self._routes: dict[int, Route] = {}  # by episode
        self._finished: dict[int, LiveEpisode] = {}  # all but the newest, in order
        self._newest: _Record | None = None
        self._player = Player.AGENT  # of the latest step of the session

    def begin(self, episode: int, parent: Moment | None, luck: Luck, score: float = 0.0) -> None:
        """A new episode that counts on from ``score``; the one before is left if it has not ended.

        A ``parent`` that was not played in this session counts as a start of its own.
        """
        self.end(Ending.LEFT)
        if self._newest is not None:
            self._finished[self._newest.episode] = self._newest.message()
        offset = 0
        legs: tuple[Leg, ...] = ()
        if parent is not None and parent.episode in self._routes:
            legs = self._routes[parent.episode].legs
            offset = legs[-1].offset + parent.step
        self._routes[episode] = Route((*legs, Leg(episode, offset)))
        self._newest = _Record(episode, offset, parent, luck, score)

    def add(self, step: PlayedStep) -> None:
        """A step of the newest episode is finished."""
        assert self._newest is not None
        is_taken_over = step.player is Player.PERSON and self._player is not Player.PERSON
        self._player = step.player
        self._newest.add(step, self._gamma, is_taken_over=is_taken_over)

    def end(self, ending: Ending) -> None:
        """The newest episode ends so, unless it has ended already."""
        if self._newest is not None and self._newest.ending is Ending.OPEN:
            self._newest.ending = ending

    # --- reading ---

    @property
    def present(self) -> Moment | None:
        """Where the game stands; None before the first episode."""
        newest = self._newest
        return None if newest is None else Moment(newest.episode, newest.num_steps)

    def route_to(self, episode: int) -> Route:
        """From its game's start to ``episode``'s end. Raises :class:`DataError`."""
        try:
            return self._routes[episode]
        except KeyError:
            raise DataError(
                "this moment cannot be shown",
                f"episode {episode} was not played in this session",
                "choose a moment on the timeline",
            ) from None

    def num_places(self, route: Route) -> int:
        """Steps from the start to the end of ``route``."""
        return route.legs[-1].offset + self._entry(route.episode).num_steps

    def route_before(self, route: Route) -> Route | None:
        """To the end of what was played before ``route`` began; None where the session begins."""
        episodes = list(self._routes)
        place = episodes.index(route.legs[0].episode)
        return self._routes[episodes[place - 1]] if place else None

    def route_after(self, route: Route) -> Route | None:
        """Of the game that was begun when ``route`` ended, to the present if it leads there."""
        episodes = list(self._routes)
        place = episodes.index(route.episode) + 1
        if place == len(episodes) or len(self._routes[episodes[place]].legs) > 1:
            return None  # it is the newest, or was left for a branch
        newest = self._routes[episodes[-1]]
        leads_there = newest.legs[0].episode == episodes[place]
        return newest if leads_there else self._routes[episodes[place]]

    def player_at(self, moment: Moment) -> Player:
        """Who played the step that begins there; the last one where its episode ends."""
        entry = self._entry(moment.episode)
        step = min(moment.step, entry.num_steps - 1)
        players = entry.is_person if isinstance(entry, _Record) else entry.track.is_person
        return Player.PERSON if step >= 0 and players[step] else Player.AGENT

    def playable(self, moment: Moment) -> Moment:
        """``moment``, or the last one before its game was over."""
        entry = self._entry(moment.episode)
        is_over = entry.ending in (Ending.OVER, Ending.CUT)
        last = max(0, entry.num_steps - 1) if is_over else entry.num_steps
        return Moment(moment.episode, min(moment.step, last))

    def episodes(self) -> tuple[LiveEpisode, ...]:
        """All of them as messages; those that are finished are the same objects every time."""
        newest = () if self._newest is None else (self._newest.message(),)
        return (*self._finished.values(), *newest)

    def _entry(self, episode: int) -> LiveEpisode | _Record:
        newest = self._newest
        is_newest = newest is not None and newest.episode == episode
        return newest if newest is not None and is_newest else self._finished[episode]


class _Record:
    """An episode as it grows: 17 bytes a step."""

    def __init__(
        self, episode: int, offset: int, parent: Moment | None, luck: Luck, score: float
    ) -> None:
        self.episode, self._offset, self._parent, self._luck = episode, offset, parent, luck
        self.ending = Ending.OPEN
        self._marks = EpisodeMarks()
        self._scores, self._familiarity = array("f"), array("f")
        self._max_q, self._surprise = array("f"), array("f")
        self.is_person = bytearray()
        self._score = score
        self._last: PlayedStep | None = None  # whose surprise waits for the next state

    @property
    def num_steps(self) -> int:
        return len(self.is_person)

    def add(self, step: PlayedStep, gamma: float, *, is_taken_over: bool) -> None:
        number, judged = self.num_steps, step.judged
        self._settle(judged.max_q, gamma)
        self._scores.append(step.score)
        self._familiarity.append(judged.familiarity)
        self._max_q.append(judged.max_q)
        self._surprise.append(NAN)
        self.is_person.append(step.player is Player.PERSON)
        self._score = step.score
        if is_taken_over:
            self._marks.add_takeover(number)
        self._marks.add_familiarity(number, judged.familiarity)
        self._marks.add_reward(number, step.reward)
        if step.is_life_lost:
            self._marks.add_lost_life(number)
        self._last = step
        if step.is_terminal:
            self._settle(0.0, gamma)

    def _settle(self, next_max_q: float, gamma: float) -> None:
        """The state after the latest step is judged, or worth 0: how wrong was that step's Q?"""
        step, self._last = self._last, None
        if step is None:
            return
        number = self.num_steps - 1
        surprise = abs(step.learned_reward + gamma * next_max_q - step.judged.q)
        self._surprise[number] = surprise
        self._marks.add_surprise(number, surprise)
        if not step.is_terminal:
            self._marks.add_fall(number, step.judged.max_q - next_max_q)

    def message(self) -> LiveEpisode:
        return LiveEpisode(
            episode=self.episode,
            parent=self._parent,
            offset=self._offset,
            luck=self._luck,
            ending=self.ending,
            score=self._score,
            track=Track(
                scores=_frozen(self._scores),
                familiarity=_frozen(self._familiarity),
                max_q=_frozen(self._max_q),
                surprise=_frozen(self._surprise),
                is_person=read_only(np.frombuffer(bytes(self.is_person), np.uint8)),
            ),
            marks=self._marks.all(),
        )


def _frozen(column: array[float]) -> F32:
    """A copy: an array cannot grow while somebody looks into it."""
    return read_only(np.array(column, np.float32))
