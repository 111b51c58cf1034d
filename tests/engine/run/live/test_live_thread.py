"""What commands do to the live game as it runs, obeyed without a thread."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nec_engine.config import Settings, changed
from nec_engine.messages import (
    Advance,
    JudgeAgain,
    LiveCommand,
    LoadQuickState,
    LookAt,
    LookBack,
    Moment,
    Notice,
    Player,
    ReturnToPresent,
    SaveQuickState,
    SetPaused,
    SetPlayer,
    SetRewinding,
    SetWatchingTraining,
    StartNewEpisode,
)
from nec_engine.run.engine import Engine
from nec_engine.run.live.live_thread import LiveThread
from nec_engine.run.publication import Published

SMALL = Settings(index="exact", capacity=500, replay_capacity=500, n_step=10)
NOWHERE = LookAt(Moment(5, 5))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Open, with no thread begun."""
    engine = Engine.open_game("pong", SMALL, tmp_path)
    yield engine
    engine.stop()


@pytest.fixture
def live(engine: Engine) -> LiveThread:
    for _ in range(12 * 4):
        engine._live._game.advance()
    return engine._live


@pytest.mark.parametrize("impossible", [NOWHERE, LoadQuickState(3)])
def test_what_cannot_be_looked_at_leaves_the_game_running(
    engine: Engine, live: LiveThread, impossible: LiveCommand
) -> None:
    live._obey(SetWatchingTraining(True))
    live._obey(impossible)
    assert live._is_watching
    live._obey(SetWatchingTraining(False))
    live._obey(impossible)
    assert live._is_moving()
    first, second = engine.pull().events
    assert isinstance(first, Notice)
    assert first == second
    live._obey(LookBack(2))
    assert not live._is_moving()


def test_steps_that_are_asked_for_are_played_after_a_place_that_is_not_there(
    live: LiveThread,
) -> None:
    live._motion.is_paused = True
    live._obey(Advance(3))
    live._obey(NOWHERE)
    assert live._is_moving()


def test_a_game_that_was_rewound_plays_on_after_a_place_that_is_not_there(
    live: LiveThread,
) -> None:
    live._obey(SetRewinding(True))
    live._travel.turn(with_decision=False)
    assert live._travel.is_past
    live._obey(NOWHERE)
    live._obey(SetRewinding(False))
    assert live._is_moving()
    assert not live._travel.is_past


def test_a_game_that_stands_still_is_explained_as_soon_as_somebody_wants_to_know(
    engine: Engine, live: LiveThread
) -> None:
    engine._publication.put(Published(engine._trainer.agent.policy(), 0.0))
    engine.set_wanted(decisions=False, audio=False)
    live._obey(SetPaused(True))
    live._obey(Advance(2))
    for _ in range(2):
        live._pacer.drop()
        live._turn()
    live._pacer.drop()
    live._turn()
    assert engine.pull().decision is None
    engine.set_wanted(decisions=True, audio=False)
    live._turn()
    told = engine.pull().decision
    assert told is not None
    assert told.moment == Moment(live._game.episode_id, 12)
    assert told.action == live._game.still(None, 0.0).action
    live._turn()
    assert engine.pull().decision is None  # once


def test_the_present_is_explained_on_the_way_back_from_the_past_although_nobody_saw_it(
    engine: Engine, live: LiveThread
) -> None:
    engine._publication.put(Published(engine._trainer.agent.policy(), 0.0))
    engine.set_wanted(decisions=False, audio=False)
    live._turn()
    live._obey(LookBack(3))
    live._pacer.drop()
    live._turn()
    assert engine.pull().decision is None
    engine.set_wanted(decisions=True, audio=False)
    live._pacer.drop()
    live._turn()
    past = engine.pull().decision
    assert past is not None
    live._obey(ReturnToPresent())
    present = engine.pull().decision
    assert present is not None
    assert present.moment.step == past.moment.step + 3


def test_what_is_judged_again_while_the_game_moves_is_the_next_step(
    engine: Engine, live: LiveThread
) -> None:
    engine._publication.put(Published(engine._trainer.agent.policy(), 0.0))
    live._obey(JudgeAgain())
    live._speed = float("inf")
    live._turn()
    live._obey(SetPaused(True))
    live._pacer.drop()
    before = engine.pull().decision
    live._turn()
    assert before is None
    assert engine.pull().decision is None


@pytest.mark.parametrize(
    "command",
    [SetPaused(True), Advance(1), SetPlayer(Player.PERSON), StartNewEpisode(), SaveQuickState(0)],
)
def test_what_is_asked_of_the_live_game_shows_it_where_training_was_watched(
    live: LiveThread, command: LiveCommand
) -> None:
    live._obey(SetWatchingTraining(True))
    live._obey(command)
    assert not live._is_watching
    assert not live._pacer.is_idle  # its picture comes


def test_the_live_game_that_stood_still_stands_still_after_training_was_watched(
    engine: Engine, live: LiveThread
) -> None:
    live._obey(SetPaused(True))
    live._obey(SetWatchingTraining(True))
    live._post_status_when_due()
    status = engine.pull().status
    assert status is not None
    assert (status.is_paused, status.player) == (False, Player.TRAINER)
    live._obey(SetWatchingTraining(False))
    live._post_status_when_due()
    status = engine.pull().status
    assert status is not None
    assert (status.is_paused, status.player) == (True, Player.AGENT)
    assert not live._pacer.is_idle


def test_a_game_that_a_person_played_is_no_point_of_the_agents_curve(tmp_path: Path) -> None:
    engine = Engine.open_game("pong", changed(SMALL, {"episode_cap_frames": 100}), tmp_path)
    live = engine._live
    live._speed = float("inf")
    sizes = []
    for player in (Player.PERSON, Player.AGENT, Player.AGENT):
        live._obey(SetPlayer(player))
        live._turn()
        while live._game.ended is None:
            live._turn()
        curves = engine._trainer.figures.history.curves(None, None)
        sizes.append((len(curves.live_person_scores.y), len(curves.live_agent_scores.y)))
    engine.stop()
    assert sizes == [(1, 0), (1, 1), (1, 2)]


@pytest.mark.parametrize("command", [ReturnToPresent(), LookBack(-1), LookBack(-10)])
def test_the_live_game_is_seen_again_where_a_time_key_ends_watching(
    engine: Engine, live: LiveThread, command: LiveCommand
) -> None:
    live._obey(SetPaused(True))
    live._obey(SetWatchingTraining(True))
    live._pacer.drop()
    live._obey(command)
    assert not live._is_watching
    assert len(live._pacer._waiting) == 1
    assert live._is_judgement_due
