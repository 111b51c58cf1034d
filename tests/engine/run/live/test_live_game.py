"""The live game, stepped without a thread on a real ROM."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.learning.steps import TaughtStep
from nec_engine.messages import Choice, EpisodeEnded, HoldStick, Origin, Player
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.publication import Publication, Published


class Table:
    """A live game with an agent beside it that takes what is taught."""

    def __init__(self, game: str = "pong", **changes: object) -> None:
        self.settings = Settings(index="exact", capacity=2000, n_step=10, **changes)  # type: ignore[arg-type]  # fields by name
        self.rom = find_rom(game)
        emulator = Emulator(self.rom, self.settings, seed=5, sound=True)
        self.agent = EpisodicAgent(emulator.num_actions, self.settings, 2000, torch.device("cpu"))
        self.journal = Journal(self.settings, self.rom)
        self.publication = Publication()
        self.publication.put(Published(self.agent.policy(), 0.0))
        self.taught: list[TaughtStep] = []
        self.live = LiveGame(emulator, self.journal, self.publication, self.settings, self.take)

    def take(self, taught: list[TaughtStep]) -> None:
        self.taught += taught
        self.agent.learn_from(taught)

    def play(self, num_frames: int) -> list[int]:
        """The action of each frame."""
        actions = []
        for _ in range(num_frames):
            result = self.live.advance()
            actions.append(self.live.frame(result, 0.0, with_sound=True).action)
        return actions


def test_what_a_person_plays_enters_the_memory_as_theirs() -> None:
    table = Table()
    table.live.wanted_player = Player.PERSON
    table.live.stick = HoldStick(up=True)
    actions = table.play(4 * 30)
    assert {table.live.emulator.action_names[action] for action in actions} == {"right"}
    assert len(table.taught) == 20  # ten still wait for their returns
    table.live.wanted_player = Player.AGENT
    table.play(1)  # the stick is handed back: the rest is known now
    assert len(table.taught) == 30
    assert {step.origin for step in table.taught} == {Origin.PERSON}
    assert table.agent.memory.num_by_origin[Origin.PERSON] == len(
        {step.state_hash for step in table.taught}
    )
    # and each is a place
    rebuilder = Rebuilder(table.rom, table.settings)
    for step in table.taught[::5]:
        assert rebuilder.rebuild(table.journal, step.moment).state_hash == step.state_hash


def test_nothing_is_taught_while_the_switch_is_off_or_the_agent_plays() -> None:
    table = Table()
    table.live.is_teaching = False
    table.live.wanted_player = Player.PERSON
    table.play(4 * 20)
    table.live.wanted_player = Player.AGENT
    table.play(4 * 20)
    table.live.leave_episode()
    assert table.taught == []


def test_a_switch_in_the_middle_of_a_step_counts_from_the_next_one() -> None:
    returns = []
    for num_frames in (0, 2):  # switched off between two steps, and within one
        table = Table(prior_value=6.0)
        table.live.wanted_player = Player.PERSON
        table.play(4 * 5 + num_frames)
        table.live.is_teaching = False
        table.play(4 * 2 - num_frames)
        returns.append([step.n_step_return for step in table.taught])
    gamma = table.settings.gamma
    assert returns[0] == pytest.approx([6 * gamma**n for n in (5, 4, 3, 2, 1)])
    assert returns[1] == pytest.approx([6 * gamma**n for n in (6, 5, 4, 3, 2, 1)])


def test_the_agents_own_steps_are_stored_only_when_asked() -> None:
    table = Table()
    table.live.is_storing_agent = True
    table.play(4 * 20)
    table.live.leave_episode()
    assert len(table.taught) == 20
    assert {step.origin for step in table.taught} == {Origin.AGENT}


def test_no_sum_crosses_a_takeover() -> None:
    table = Table()
    table.live.is_storing_agent = True
    table.play(4 * 3)
    table.live.wanted_player = Player.PERSON
    table.play(1)
    assert [step.origin for step in table.taught] == [Origin.AGENT] * 3
    table.play(4 * 2)
    table.live.wanted_player = Player.AGENT
    table.play(4)
    assert [step.origin for step in table.taught[3:]] == [Origin.PERSON] * 3


def test_what_is_handed_back_is_worth_what_the_agent_promises_from_there() -> None:
    table = Table(prior_value=6.0)
    table.live.wanted_player = Player.PERSON
    table.play(4 * 3)
    table.live.wanted_player = Player.AGENT
    table.play(1)
    gamma = table.settings.gamma
    expected = [6 * gamma**num_steps for num_steps in (3, 2, 1)]
    assert [step.n_step_return for step in table.taught] == pytest.approx(expected)


def test_a_lost_life_ends_all_sums_and_promises_nothing() -> None:
    table = Table("breakout", max_noops=0, prior_value=6.0)
    table.live.mind.is_evidence_wanted = False
    table.live.wanted_player = Player.PERSON
    table.live.stick = HoldStick(fire=True)
    table.play(4)
    lives, num_steps = table.live.emulator.lives, 1
    while table.live.emulator.lives == lives:
        table.play(4)
        num_steps += 1
    assert len(table.taught) == num_steps
    assert table.taught[-11].n_step_return > 0  # eleven steps before the end a sum was bootstrapped
    assert not any(step.n_step_return for step in table.taught[-10:])


def test_the_points_of_all_frames_of_a_step_are_taught() -> None:
    table = Table("ms_pacman", max_noops=0)
    table.live.mind.is_evidence_wanted = False
    table.live.wanted_player = Player.PERSON
    table.live.stick = HoldStick(left=True)
    table.play(4 * 110)
    table.live.leave_episode()
    assert sum(step.reward for step in table.taught) == table.live.emulator.score > 0


def test_the_agent_explores_only_where_that_is_switched_on() -> None:
    table = Table()
    table.live.wanted_player = Player.PERSON
    table.play(4 * 12)
    table.live.wanted_player = Player.AGENT
    table.publication.put(Published(table.agent.policy(), 1.0))
    for is_exploring, choice in ((False, Choice.GREEDY), (True, Choice.EXPLORED)):
        table.live.mind.is_exploring = is_exploring
        table.play(4)
        assert table.live.decision is not None
        assert table.live.decision.choice is choice


def test_the_stick_is_sampled_at_the_step_boundary_only() -> None:
    table = Table()
    table.live.wanted_player = Player.PERSON
    table.live.stick = HoldStick(up=True)
    table.play(2)
    table.live.stick = HoldStick(down=True)
    actions = table.play(6)
    names = [table.live.emulator.action_names[action] for action in actions]
    assert names == ["right", "right", "left", "left", "left", "left"]


def test_a_decision_carries_evidence_that_adds_up() -> None:
    table = Table("ms_pacman")
    table.live.wanted_player = Player.PERSON
    table.play(4 * 60)
    table.live.wanted_player = Player.AGENT
    for _ in range(40):
        table.play(4)
        decision = table.live.decision
        assert decision is not None
        assert decision.choice is Choice.GREEDY
        assert decision.action == decision.best_action
        for item in decision.evidence:
            total = float(item.contributions.sum()) + item.prior_share * item.prior_value
            if item.num_entries:
                assert abs(total - item.q) <= 1e-5 * max(1.0, abs(item.q))
        assert not decision.observation.flags.writeable
        assert not decision.evidence[0].slots.flags.writeable


def test_watching_changes_nothing_that_decides_eviction() -> None:
    table = Table()
    table.live.wanted_player = Player.PERSON
    table.play(4 * 40)
    table.live.wanted_player = Player.AGENT
    table.play(4)
    memory = table.agent.memory
    action = int(np.argmax(memory.sizes))
    before = [
        memory.contents.entry(action, slot).last_retrieved for slot in range(memory.sizes[action])
    ]
    table.play(4 * 20)
    after = [
        memory.contents.entry(action, slot).last_retrieved for slot in range(memory.sizes[action])
    ]
    assert before == after


def test_a_finished_game_is_told_once_and_a_new_one_begins() -> None:
    table = Table("breakout", max_noops=0)
    table.live.wanted_player = Player.PERSON
    table.live.is_teaching = table.live.mind.is_evidence_wanted = False
    table.live.stick = HoldStick(fire=True)
    ended: list[EpisodeEnded] = []
    while not ended or len(table.journal.live_episodes()) < 2:
        result = table.live.advance()
        if table.live.ended is not None:
            assert result.is_game_over
            ended.append(table.live.ended)
    assert len(ended) == 1
    assert ended[0].player is Player.PERSON
    assert len(table.journal.live_episodes()) == 2


def test_a_game_that_a_person_played_for_a_while_is_not_the_agents() -> None:
    table = Table(episode_cap_frames=120)
    table.live.mind.is_evidence_wanted = False
    table.live.wanted_player = Player.PERSON
    table.play(20)
    table.live.wanted_player = Player.AGENT
    while table.live.ended is None:
        table.play(1)
    assert table.live.player is Player.AGENT
    assert table.live.ended.player is Player.PERSON


def test_frames_come_with_sound_or_without() -> None:
    table = Table()
    result = table.live.advance()
    assert table.live.frame(result, 0.0, with_sound=True).audio.shape == (512,)
    assert table.live.frame(result, 0.0, with_sound=False).audio.size == 0


def test_a_step_that_was_decided_without_evidence_can_be_explained_afterwards() -> None:
    table = Table()
    table.live.wanted_player = Player.PERSON
    table.play(4 * 30)
    table.live.wanted_player = Player.AGENT
    assert table.live.mind.judge_again() is not None
    table.live.mind.is_evidence_wanted = False
    (action, *_) = table.play(2)
    assert table.live.decision is None
    explained = table.live.mind.judge_again()
    assert explained is not None
    assert (explained.moment.step, explained.action) == (30, action)
    assert explained.choice is Choice.GREEDY
    assert explained.best_action == action
    assert table.live.decision is explained


def test_a_branch_is_listed_with_the_score_of_the_place_it_goes_on_from() -> None:
    table = Table("ms_pacman", max_noops=0)
    table.live.wanted_player, table.live.stick = Player.PERSON, HoldStick(left=True)
    while table.live.emulator.score == 0:
        table.play(4)
    present = table.live.book.present
    assert present is not None
    place = Rebuilder(table.rom, table.settings).rebuild(table.journal, present)
    table.live.go_to(place, 0.0)
    left, branch = table.live.book.episodes()
    assert branch.num_steps == 0
    assert branch.score == left.score == table.live.emulator.score
