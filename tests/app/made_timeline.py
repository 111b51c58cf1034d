"""Timelines as the engine makes them, for the panel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nec_engine.messages import (
    FIRST_LIVE_EPISODE,
    Ending,
    Leg,
    LiveEpisode,
    Luck,
    Mark,
    Moment,
    QuickState,
    Route,
    Timeline,
    Track,
)

A, B = FIRST_LIVE_EPISODE, FIRST_LIVE_EPISODE + 1


def episode(
    number: int,
    num_steps: int,
    *,
    parent: Moment | None = None,
    offset: int = 0,
    luck: Luck = Luck.NONE,
    ending: Ending = Ending.OPEN,
    marks: tuple[Mark, ...] = (),
    familiarity: Mapping[int, float] | None = None,
    person: range = range(0),
) -> LiveEpisode:
    """The score after each step is the number of steps."""
    familiar = np.full(num_steps, 0.5, np.float32)
    for step, value in (familiarity or {}).items():
        familiar[step] = value
    players = np.zeros(num_steps, np.uint8)
    players[person.start : person.stop] = 1
    return LiveEpisode(
        episode=number, parent=parent, offset=offset, luck=luck, ending=ending,
        score=float(num_steps),
        track=Track(
            scores=np.arange(1, num_steps + 1, dtype=np.float32),
            familiarity=familiar,
            max_q=np.full(num_steps, 1.5, np.float32),
            surprise=np.full(num_steps, 0.1, np.float32),
            is_person=players,
        ),
        marks=marks,
    )  # fmt: skip


def timeline_of(
    *episodes: LiveEpisode,
    route: tuple[tuple[int, int], ...] | None,
    quick_states: tuple[QuickState, ...] = (),
) -> Timeline:
    last = episodes[-1] if episodes else None
    return Timeline(
        episodes=episodes,
        route=None if route is None else Route(tuple(Leg(*leg) for leg in route)),
        present=None if last is None else Moment(last.episode, last.num_steps),
        quick_states=quick_states,
        has_luck=False,
        frame_skip=4,
    )


def branched(marks: tuple[Mark, ...] = ()) -> Timeline:
    """150 steps; left at step 100 for a branch of 30."""
    first = episode(A, 150, ending=Ending.LEFT, marks=marks, person=range(20, 40))
    second = episode(B, 30, parent=Moment(A, 100), offset=100)
    return timeline_of(
        first, second, route=((A, 0), (B, 100)), quick_states=(QuickState(3, Moment(A, 60)),)
    )
