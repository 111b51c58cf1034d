"""The live game's session: its episodes, what happened in them, and how they branch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from nec_engine.messages.arrays import F32, U8
from nec_engine.messages.words import Moment


class Luck(Enum):
    """What a branch has in common with the play it left."""

    SAME = "same luck"  # the same actions bring the same game
    NEW = "new luck"  # sticky actions fall otherwise
    NONE = "no luck"  # nothing is left to chance: the same actions bring the same game


class Ending(Enum):
    """How an episode of the session stands."""

    OPEN = "being played"
    LEFT = "left"
    OVER = "game over"
    CUT = "time limit"  # the episode's cap


class MarkKind(Enum):
    """What a bookmark stands for."""

    REWARD = "reward"
    LIFE_LOST = "life lost"
    SURPRISE = "biggest surprise"
    FALL = "biggest fall of Q"
    TAKEOVER = "you took over"
    FAR = "first far from all memories"


@dataclass(frozen=True, slots=True)
class Mark:
    """A bookmark at a step of an episode."""

    kind: MarkKind
    step: int
    amount: float = 0.0  # the reward, the surprise, the fall, the familiarity; else 0


@dataclass(frozen=True, slots=True)
class Track:
    """What was recorded of each finished step of an episode; NaN where nobody asked the agent."""

    scores: F32  # float32[T]: after the step
    familiarity: F32  # float32[T], 0 .. 1: before it, as in Decision.familiarity
    max_q: F32  # float32[T]: before it
    surprise: F32  # float32[T]: |r + gamma max Q(next state) - Q(state, action)|
    is_person: U8  # uint8[T]: 1 where a person played


@dataclass(frozen=True, slots=True)
class LiveEpisode:
    """One uninterrupted course of the live game, from a game's start or from a branching."""

    episode: int  # its id in the journal
    parent: Moment | None  # where it branched off; None: it began with its game
    offset: int  # steps of this session's play before its first step
    luck: Luck
    ending: Ending
    score: float  # so far
    track: Track
    marks: tuple[Mark, ...]

    @property
    def num_steps(self) -> int:
        """Finished ones."""
        return len(self.track.scores)


class Leg(NamedTuple):
    """The part of a route that lies in one episode."""

    episode: int
    offset: int  # of its first step, along the route


@dataclass(frozen=True, slots=True)
class Route:
    """The way from a game's start through its branchings to one episode's end."""

    legs: tuple[Leg, ...]  # at least one; offsets never fall

    @property
    def episode(self) -> int:
        """The one that it ends in."""
        return self.legs[-1].episode

    def moment_at(self, place: int) -> Moment:
        """The moment ``place`` steps from the start; where a branch begins, its own first."""
        leg = next(leg for leg in reversed(self.legs) if leg.offset <= max(place, 0))
        return Moment(leg.episode, max(place, 0) - leg.offset)

    def place_of(self, moment: Moment) -> int | None:
        """Steps from the start to ``moment``; None when it is not on the route."""
        for number, leg in enumerate(self.legs):
            if leg.episode == moment.episode:
                place = leg.offset + moment.step
                is_last = number == len(self.legs) - 1
                return place if is_last or place <= self.legs[number + 1].offset else None
        return None


class QuickState(NamedTuple):
    """A filled slot."""

    slot: int
    moment: Moment


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole session; newest value only, a few a second, only while it is watched."""

    episodes: tuple[LiveEpisode, ...]  # in the order in which they were begun
    route: Route | None  # that is shown, to the end of its episode; None before the first step
    present: Moment | None  # where the game stands
    quick_states: tuple[QuickState, ...]
    has_luck: bool  # sticky actions are on
    frame_skip: int  # frames a step
