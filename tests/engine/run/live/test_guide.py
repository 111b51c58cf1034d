"""Going to a recorded moment: the live game stands there, bit by bit, and plays on."""

from __future__ import annotations

import numpy as np
import pytest
from test_live_game import Table

from nec_engine.errors import DataError
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import Decision, GoTo, HoldStick, Moment, Player
from nec_engine.run.live.guide import Guide

STEPS = 60


def played(table: Table) -> list[Decision]:
    """The decisions of the first steps of the live game."""
    decisions = []
    for _ in range(STEPS):
        table.play(4)
        assert table.live.decision is not None
        decisions.append(table.live.decision)
    return decisions


def guide(table: Table) -> Guide:
    return Guide(Rebuilder(table.rom, table.settings), table.journal)


@pytest.mark.parametrize("game", ["pong", "ms_pacman", "montezuma_revenge"])
@pytest.mark.parametrize("sticky", [0.0, 0.25])
def test_the_same_actions_from_there_bring_the_same_game(game: str, sticky: float) -> None:
    table = Table(game, sticky_actions=sticky)
    decisions = played(table)
    there = decisions[20]
    frame = table.live.go_to(guide(table).find(GoTo(there.moment, there.state_hash)), 0.0)
    assert frame.moment.episode != there.moment.episode
    decision = table.live.decide_there()
    assert decision is not None
    assert decision is table.live.decision
    assert decision.state_hash == there.state_hash
    assert np.array_equal(decision.observation, there.observation)
    emulator = table.live.emulator
    for past in decisions[20:]:
        assert np.array_equal(emulator.observation(), past.observation)
        for _ in range(4):
            emulator.act_frame(past.action)


def test_what_is_played_from_there_is_an_episode_of_its_own_that_can_be_entered_again() -> None:
    table = Table()
    there = played(table)[30]
    table.live.go_to(guide(table).find(GoTo(there.moment, there.state_hash)), 0.0)
    table.live.wanted_player, table.live.stick = Player.PERSON, HoldStick(up=True)
    table.play(4 * 25)
    table.live.leave_episode()
    assert len(table.taught) == 25
    episode = table.live.episode_id
    assert {step.moment.episode for step in table.taught} == {episode}
    rebuilder = Rebuilder(table.rom, table.settings)
    for step in table.taught:
        assert rebuilder.rebuild(table.journal, step.moment).state_hash == step.state_hash
    assert table.journal.episode(there.moment.episode).num_steps == STEPS


def test_a_little_before_or_from_the_start_when_there_is_less() -> None:
    table = Table()
    decisions = played(table)
    late = decisions[40]
    place = guide(table).find(GoTo(late.moment, late.state_hash, steps_before=15))
    assert place.moment == Moment(late.moment.episode, 25)
    assert place.state_hash == decisions[25].state_hash
    early = decisions[4]
    place = guide(table).find(GoTo(early.moment, early.state_hash, steps_before=15))
    assert place.moment == Moment(early.moment.episode, 0)


def test_what_is_not_there_or_not_the_same_is_refused() -> None:
    table = Table()
    there = played(table)[10]
    with pytest.raises(DataError, match="the rebuilt screens are not those"):
        guide(table).find(GoTo(there.moment, there.state_hash ^ 1))
    with pytest.raises(DataError, match="not in the journal"):
        guide(table).find(GoTo(Moment(7, 3), there.state_hash))
    with pytest.raises(DataError, match="not in the journal"):
        guide(table).find(GoTo(there.moment._replace(step=10_000), there.state_hash))


def test_a_score_that_counts_from_a_memory_on_is_told_apart() -> None:
    table = Table(episode_cap_frames=600)
    there = played(table)[10]
    table.live.go_to(guide(table).find(GoTo(there.moment, there.state_hash)), 0.0)
    table.live.mind.is_evidence_wanted = False
    while table.live.ended is None:
        table.play(1)
    assert not table.live.ended.is_whole
    assert table.live.best_score is None
    table.play(1)
    while table.live.ended is None:
        table.play(1)
    assert table.live.ended.is_whole
    assert table.live.best_score == table.live.ended.score
