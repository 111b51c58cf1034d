"""What the agent makes of the live game's states, on a real ROM and an agent that was taught."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator
from test_live_game import Table

from nec_engine.game.preprocess import hash_observation
from nec_engine.messages import Choice, HoldStick, Moment, Player
from nec_engine.run.live.deciding import Seen
from nec_engine.run.live.mind import Mind
from nec_engine.run.publication import Publication


@pytest.fixture(scope="module")
def table() -> Table:
    """A game, and an agent to which a person has shown where points are."""
    table = Table("ms_pacman", max_noops=0)
    table.live.wanted_player, table.live.stick = Player.PERSON, HoldStick(left=True)
    table.play(4 * 90)
    table.live.leave_episode()
    return table


def here(table: Table) -> Seen:
    observation = table.live.emulator.observation()
    return Seen(Moment(1, 7), observation, hash_observation(observation))


def mind_at(table: Table, publication: Publication | None = None) -> tuple[Mind, Generator]:
    """A mind, and the generator of the game that it decides in."""
    rng, names = np.random.default_rng(3), table.live.emulator.action_names
    return Mind(publication or table.publication, names, rng, np.random.default_rng(4)), rng


def test_it_does_the_same_whether_anybody_looks_or_not(table: Table) -> None:
    (seeing, _), (blind, _) = mind_at(table), mind_at(table)
    blind.is_evidence_wanted = False
    for mind in (seeing, blind):
        mind.decide(here(table))
    assert seeing.decision is not None
    assert blind.decision is None
    assert seeing.action == blind.action == seeing.decision.action
    assert np.isclose(seeing.judged.max_q, blind.judged.max_q)
    assert np.isclose(seeing.judged.q, blind.judged.q)


def test_a_state_is_worth_what_it_was_decided_on_until_the_game_moves(table: Table) -> None:
    mind, _ = mind_at(table)
    mind.decide(here(table))
    worth = mind.judged.max_q
    elsewhere = np.zeros((4, 84, 84), np.uint8)
    assert mind.value_of(elsewhere) == worth
    mind.note_moved()
    assert np.isclose(mind.value_of(here(table).observation), worth)
    assert mind.value_of(elsewhere) != worth


def test_looking_again_draws_nothing_from_the_luck_of_the_game(table: Table) -> None:
    mind, rng = mind_at(table)
    mind.decide(here(table), person_action=2)
    before = rng.bit_generator.state
    again = mind.judge_again()
    past = mind.judge_past(here(table), 3)
    unplayed = mind.judge_past(here(table), None)
    assert rng.bit_generator.state == before
    assert again is not None
    assert past is not None
    assert unplayed is not None
    assert (again.action, again.choice) == (2, Choice.PERSON)
    assert (past.action, past.choice) == (3, Choice.RECORDED)
    assert unplayed.choice is not Choice.RECORDED
    assert again.number < past.number < unplayed.number


def test_before_anything_is_published_it_acts_at_random_and_judges_nothing(table: Table) -> None:
    mind, _ = mind_at(table, Publication())
    assert mind.judge_again() is None
    mind.decide(here(table))
    assert mind.decision is None
    assert 0 <= mind.action < table.live.emulator.num_actions
    assert mind.value_of(here(table).observation) == 0.0
    assert mind.judge_again() is None
    assert mind.judge_past(here(table), 1) is None
