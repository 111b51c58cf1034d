"""Replays of real games: pictures bit by bit, and what is thought of them today."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.emulator import Emulator
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.learning.agent import EpisodicAgent
from nec_engine.memory.neighbours import EntryInfo
from nec_engine.messages import (
    AskHindsight,
    AskReplay,
    Choice,
    HindsightAnswer,
    Moment,
    Origin,
    Player,
    ReplayPart,
    unpack_picture,
)
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.replay import Projector
from nec_engine.run.live.live_game import LiveGame
from nec_engine.run.publication import Publication, Published

SETTINGS = Settings(index="exact", capacity=500, n_step=5)
STEPS = 60


class Show:
    """A live game that a person played and the agent learned from, and a projector for it."""

    def __init__(self, game: str) -> None:
        rom = find_rom(game)
        emulator = Emulator(rom, SETTINGS, seed=5, sound=True)
        self.agent = EpisodicAgent(emulator.num_actions, SETTINGS, 500, torch.device("cpu"))
        self.journal, publication = Journal(SETTINGS, rom), Publication()
        publication.put(Published(self.agent.policy(), 0.0))
        live = LiveGame(emulator, self.journal, publication, SETTINGS, self.agent.learn_from)
        live.mind.is_evidence_wanted = False
        live.wanted_player = Player.PERSON
        self.frames: list[bytes] = []
        for _ in range(4 * STEPS):
            live.advance()
            self.frames.append(emulator.rgb().tobytes())
        live.leave_episode()
        self.episode = live.episode_id
        desk = Desk(
            Rebuilder(rom, SETTINGS), self.journal, publication, self.agent.memory, lambda: None
        )
        self.desk = desk
        self.action_names = emulator.action_names
        self.projector = Projector(rom, SETTINGS, emulator.action_names, desk)

    def remembered(self) -> EntryInfo:
        """An entry that the agent made of the game."""
        memory = self.agent.memory
        return memory.contents.entry(next(a for a, size in enumerate(memory.sizes) if size), 0)

    def parts(self, first: int, num_steps: int) -> list[ReplayPart]:
        question = AskReplay("replay", Moment(self.episode, first), num_steps)
        return list(self.projector.replay(question))  # type: ignore[arg-type]  # one of two kinds

    def thoughts(self, first: int, num_steps: int) -> list[HindsightAnswer]:
        question = AskHindsight("replay", Moment(self.episode, first), num_steps)
        return list(self.projector.hindsight(question))  # type: ignore[arg-type]  # one of two kinds


@functools.cache
def show_of(game: str) -> Show:
    """One for all tests: they only look at it."""
    return Show(game)


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_the_frames_of_a_replay_are_those_that_were_shown(game: str) -> None:
    show = show_of(game)
    for first in (0, 33):
        parts = show.parts(first, 20)
        steps = [step for part in parts for step in part.steps]
        frames = [unpack_picture(frame).tobytes() for step in steps for frame in step.frames]
        assert frames == show.frames[4 * first : 4 * first + 80]
        assert all(step.is_as_recorded for step in steps)
        assert len(parts[0].steps) == 1  # what is looked at comes first
        assert {part.num_recorded for part in parts} == {STEPS}
        rebuilt = show.desk.rebuilder.rebuild(show.journal, Moment(show.episode, first + 5))
        assert steps[5].state_hash == rebuilt.state_hash
    start = show.journal.episode(show.episode).start().rgb
    assert np.array_equal(unpack_picture(parts[0].start), start)


def test_training_makes_way_while_a_part_is_made_and_not_between_two() -> None:
    show = show_of("pong")
    changes: list[str] = []

    @contextmanager
    def hurry() -> Iterator[None]:
        changes.append("begin")
        yield
        changes.append("end")

    desk = dataclasses.replace(show.desk, hurry=hurry)
    projector = Projector(find_rom("pong"), SETTINGS, show.action_names, desk)
    for part in projector.replay(AskReplay("replay", Moment(show.episode, 0), 8)):
        assert isinstance(part, ReplayPart)
        changes.append(f"{len(part.steps)} told")
    assert changes == ["begin", "end", "1 told", "begin", "end", "6 told", "begin", "end", "1 told"]


@pytest.mark.parametrize("game", ["pong", "ms_pacman"])
def test_todays_contributions_add_up_and_leave_no_trace(game: str) -> None:
    show = show_of(game)
    memory = show.agent.memory
    assert memory.num_by_origin[Origin.PERSON] > 10
    before = [(slots.stamps.copy(), slots.num_retrievals.copy()) for slots in memory._writer.slots]
    answers = show.thoughts(20, 10)
    assert [answer.decision.moment.step for answer in answers] == list(range(20, 30))
    for answer in answers:
        decision = answer.decision
        assert decision.choice is Choice.RECORDED
        assert (
            decision.action
            == show.journal.episode(show.episode).actions(0, STEPS)[decision.moment.step]
        )
        for evidence in decision.evidence:
            total = float(evidence.contributions.astype(np.float64).sum())
            total += evidence.prior_share * evidence.prior_value
            if len(evidence.slots):
                assert abs(total - evidence.q) <= 1e-5 * max(1.0, abs(evidence.q))
        played = decision.evidence[decision.action]
        assert decision.state_hash in played.state_hashes.tolist()  # it remembers the very step
    for slots, (stamps, num_retrievals) in zip(memory._writer.slots, before, strict=True):
        assert np.array_equal(slots.stamps, stamps)
        assert np.array_equal(slots.num_retrievals, num_retrievals)


def test_an_episode_that_is_gone_is_told_in_a_sentence_and_not_judged() -> None:
    show = show_of("pong")
    gone = Moment(7, 0)
    (part,) = show.projector.replay(AskReplay("replay", gone, 9))
    assert isinstance(part, ReplayPart)
    assert part.problem.count(";") == 2
    assert list(show.projector.hindsight(AskHindsight("replay", gone, 9))) == []


def test_at_its_end_a_record_has_no_more_steps() -> None:
    parts = show_of("pong").parts(STEPS - 2, 90)
    assert [len(part.steps) for part in parts] == [1, 1, 0]
