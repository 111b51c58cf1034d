"""Entries of a real run: listed, filtered, likened, one by one."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.journal.rebuild import Rebuilder
from nec_engine.messages import (
    AskEntries,
    AskEntry,
    Column,
    EntriesAnswer,
    Entry,
    EntryAnswer,
    EntryFilter,
    LikeEntry,
    LikeMoment,
    Likeness,
    Limits,
    Moment,
)
from nec_engine.run.answering.desk import Desk
from nec_engine.run.answering.entries import Listing, entry
from nec_engine.run.publication import Publication, Published
from nec_engine.run.training.trainer import Trainer

NUM_STEPS = 250
SETTINGS = Settings(
    index="exact", capacity=500, replay_capacity=300, n_step=10, learning_starts=10**9
)


class Run:
    """A trainer some steps into a game, and a desk to answer at."""

    def __init__(
        self,
        game: str = "ms_pacman",
        settings: Settings = SETTINGS,
        num_steps: int = NUM_STEPS,
    ) -> None:
        rom = find_rom(game)
        journal = Journal(settings, rom)
        self.trainer = Trainer(
            rom, settings, capacity=settings.capacity, device=torch.device("cpu"), journal=journal
        )
        for _ in range(num_steps):
            self.trainer.step()
        publication = Publication()
        publication.put(Published(self.trainer.agent.policy(), 0.0))
        self.memory = self.trainer.agent.memory
        self.num_give_ways = 0
        self.desk = Desk(
            Rebuilder(rom, settings), journal, publication, self.memory, self._give_way
        )
        self.listing = Listing(self.desk)

    def _give_way(self) -> None:
        self.num_give_ways += 1

    def ask(
        self,
        limits: dict[Column, Limits] | None = None,
        sort: Column = Column.AGE,
        like: Likeness | None = None,
        most_age_s: float = 0.0,
    ) -> EntriesAnswer:
        question = AskEntries(
            "memory", EntryFilter(limits or {}), sort, like=like, most_age_s=most_age_s
        )
        *parts, answer = self.listing.entries(question)
        assert set(parts) <= {None}
        assert isinstance(answer, EntriesAnswer)
        return answer

    def ask_one(self, wanted: Entry) -> EntryAnswer:
        (answer,) = entry(AskEntry("memory", wanted), self.desk)
        assert isinstance(answer, EntryAnswer)
        return answer


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    made = Run()
    yield made
    made.trainer.close()


def test_all_entries_are_listed_newest_first(run: Run) -> None:
    answer = run.ask()
    assert len(answer.order) == len(answer.columns) == sum(run.memory.sizes) > 200
    ages = answer.columns.clock - answer.columns.clocks[answer.order]
    assert (np.diff(ages) >= 0).all()
    assert answer.distances_sq is None
    assert run.num_give_ways > 0


def test_entries_like_one_of_them_begin_with_itself(run: Run) -> None:
    columns = run.ask().columns
    chosen = columns.entry(17)
    answer = run.ask(sort=Column.DISTANCE, like=LikeEntry(chosen))
    assert answer.columns.entry(int(answer.order[0])) == chosen
    assert answer.distances_sq is not None
    assert answer.distances_sq[0] == 0.0
    assert (np.diff(answer.distances_sq) >= 0).all()


def test_entries_like_now_begin_with_the_neighbours_that_a_decision_has(run: Run) -> None:
    moment = run.trainer.games[0].moment
    observation = run.trainer.emulator.observation()
    explained = run.trainer.agent.policy().explain(observation)
    for evidence in explained.evidence:
        limits = {Column.ACTION: Limits(evidence.action, evidence.action)}
        answer = run.ask(limits, Column.DISTANCE, LikeMoment(moment))
        num = len(evidence.slots)
        found = [answer.columns.entry(int(row)).slot for row in answer.order[:num]]
        assert answer.distances_sq is not None
        assert np.allclose(answer.distances_sq[:num], evidence.distances_sq, rtol=1e-5)
        assert set(found) == set(evidence.slots.tolist())


def test_a_distance_can_be_a_condition(run: Run) -> None:
    like = LikeEntry(run.ask().columns.entry(3))
    everything = run.ask(sort=Column.DISTANCE, like=like)
    assert everything.distances_sq is not None
    middle = float(everything.distances_sq[40])
    near = run.ask({Column.DISTANCE: Limits(high=middle)}, Column.DISTANCE, like)
    assert near.order.tolist() == everything.order[: len(near.order)].tolist()
    assert 40 < len(near.order) < len(everything.order)


def test_another_order_of_the_same_entries_reads_nothing_anew(run: Run) -> None:
    first = run.ask()
    second = run.ask(sort=Column.VALUE, most_age_s=60.0)
    assert second.columns is first.columns
    assert second.order.tolist() != first.order.tolist()
    assert run.ask().columns is first.columns  # nothing has changed
    run.trainer.step()
    assert run.ask(most_age_s=60.0).columns is first.columns
    assert run.ask().columns is not first.columns


def test_entries_that_nobody_looks_at_are_kept_no_longer(run: Run) -> None:
    columns = weakref.ref(run.ask().columns.values)
    assert list(run.listing.let_go()) == [None]
    gc.collect()
    assert columns() is None
    assert len(run.ask().order) == sum(run.memory.sizes)


def test_a_moment_that_is_not_recorded_is_said(run: Run) -> None:
    answer = run.ask(sort=Column.DISTANCE, like=LikeMoment(Moment(999, 3)))
    assert answer.distances_sq is None
    assert "999" in answer.problem


def test_an_entry_that_is_gone_is_said_and_the_others_are_listed_all_the_same(run: Run) -> None:
    known = run.ask().columns.entry(0)
    gone = Entry(known.action, known.slot, known.moment, known.state_hash ^ 1)
    answer = run.ask(sort=Column.DISTANCE, like=LikeEntry(gone))
    assert answer.distances_sq is None
    assert "gone" in answer.problem
    assert len(answer.order) == len(answer.columns)
    assert run.ask_one(gone).facts is None
    assert run.ask_one(Entry(known.action, 499, known.moment, 1)).facts is None


def test_one_entry_is_told_as_the_memory_holds_it_now(run: Run) -> None:
    wanted = run.ask().columns.entry(5)
    kept = run.memory.contents.entry(wanted.action, wanted.slot)
    facts = run.ask_one(wanted).facts
    assert facts is not None
    assert facts.entry == wanted
    assert (facts.value, facts.origin) == (kept.value, kept.origin)
    assert facts.age_steps == run.memory.clock - kept.clock
    assert facts.first_moment == kept.first_moment


def test_an_agent_without_a_memory_has_nothing_to_tell() -> None:
    run = Run("pong", Settings(agent="dqn", replay_capacity=300, learning_starts=200), 3)
    question: Any = AskEntries("memory", EntryFilter(), Column.AGE)
    assert list(run.listing.entries(question)) == []
    run.trainer.close()
