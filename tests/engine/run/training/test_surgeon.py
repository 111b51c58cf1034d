"""Edits as the train thread makes them: in pieces, told in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from nec_engine.config import Settings, changed
from nec_engine.game.roms import find_rom
from nec_engine.memory.memory import EpisodicMemory
from nec_engine.messages import (
    DeleteEntries,
    EditCommand,
    Entry,
    EntrySet,
    MemoryEdited,
    Moment,
    OfEpisode,
    OfOrigin,
    Origin,
    PinEntries,
    RedoEdit,
    SetValues,
    UndoEdit,
)
from nec_engine.run.opening import open_new
from nec_engine.run.training.surgeon import Surgeon
from nec_engine.run.training.trainer import PRUNE_EVERY_EPISODES

NAMES = ("NOOP", "LEFT")


@pytest.fixture
def memory() -> Iterator[EpisodicMemory]:
    memory = EpisodicMemory(2, 400, Settings(key_size=8, index="exact"))
    for action in range(2):
        memory.write_batch(
            np.full(300, action), torch.randn(300, 8), np.zeros(300),
            np.arange(300, dtype=np.uint64), action, np.arange(300),
        )  # fmt: skip
    yield memory
    memory.close()


class Told:
    """A surgeon and all that it says."""

    def __init__(self, memory: EpisodicMemory | None) -> None:
        self.events: list[MemoryEdited] = []
        self.surgeon = Surgeon(memory, NAMES, self.events.append)

    def after(self, *commands: EditCommand) -> MemoryEdited:
        for command in commands:
            self.surgeon.take(command)
        while self.surgeon.is_busy:
            self.surgeon.go_on()
        return self.events[-1]


def entry(state_hash: int, action: int = 1) -> Entry:
    return Entry(action, 0, Moment(action, state_hash), state_hash)


def test_an_edit_says_what_it_did_and_what_was_gone(memory: EpisodicMemory) -> None:
    told = Told(memory)
    some = EntrySet.of([entry(state_hash) for state_hash in (1, 2, 3, 900)])
    done = told.after(DeleteEntries(some))
    assert done.text == "Deleted 3 entries of LEFT; 1 was gone already"
    assert (done.num_undo, done.num_redo) == (1, 0)
    assert done.undo_text == "deleting 3 entries of LEFT"
    done = told.after(SetValues(EntrySet.of([entry(7)]), 2.5))
    assert done.text == "Set the value of 1 entry of LEFT to 2.5"
    assert told.after(PinEntries(EntrySet.of([entry(7)]))).text == "Pinned 1 entry of LEFT"
    assert told.after(PinEntries(EntrySet.of([entry(7)]))).text == "Unpinned 1 entry of LEFT"
    done = told.after(UndoEdit(), UndoEdit())
    assert done.text == "Undone: pinning 1 entry of LEFT"
    assert done.redo_text == "pinning 1 entry of LEFT"
    assert (done.num_undo, done.num_redo) == (2, 2)
    assert told.after(RedoEdit()).text == "Done again: pinning 1 entry of LEFT"


def test_what_cannot_be_done_is_a_sentence_and_changes_nothing(memory: EpisodicMemory) -> None:
    told = Told(memory)
    for command, words in (
        (UndoEdit(), "no edit of the memory to undo"),
        (RedoEdit(), "no edit of the memory to do again"),
        (PinEntries(OfEpisode(1), pinned=True), "pin at most 200"),
        (SetValues(OfEpisode(1), float("nan")), "finite number"),
        (DeleteEntries(EntrySet.of([entry(900)])), "1 was gone already"),
        (DeleteEntries(OfOrigin(Origin.PERSON)), "there is no such entry"),
    ):
        done = told.after(command)
        assert done.is_problem
        assert words in done.text
        assert done.num_undo == 0
    assert memory.sizes == (300, 300)
    without = Told(None).after(DeleteEntries(OfEpisode(1)))
    assert without.is_problem


def test_many_entries_are_edited_in_pieces_and_orders_are_kept(
    memory: EpisodicMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nec_engine.run.training.surgeon.TURN_S", 0.0)
    told = Told(memory)
    told.surgeon.take(DeleteEntries(OfOrigin(Origin.AGENT)))
    told.surgeon.take(UndoEdit())
    sizes = []
    while told.surgeon.is_busy:
        told.surgeon.go_on()
        sizes.append(sum(memory.sizes))
        assert memory.check_valid() == []
    assert min(sizes) == 0
    assert sizes[-1] == 600
    assert len(set(sizes)) >= 6
    assert [event.text for event in told.events] == [
        "Deleted 600 entries of 2 actions",
        "Undone: deleting 600 entries of 2 actions",
    ]


def test_the_games_of_what_was_deleted_are_kept_for_their_pictures() -> None:
    settings = changed(Settings(), {"agent": "mfec", "capacity": 2000})
    trainer = open_new(find_rom("pong"), settings).trainer
    try:
        surgeon = Surgeon(trainer.agent.memory, trainer.emulator.action_names, lambda _: None)
        trainer.edit_log = surgeon.log
        first = trainer.episode_id
        for _ in range(40):
            trainer.step()
        trainer.agent.end_sum()
        trainer._end_episode(trainer.games[0])
        memory = trainer.agent.memory
        assert memory is not None
        assert memory.episode_count(first) > 0
        surgeon.take(DeleteEntries(OfEpisode(first)))
        while surgeon.is_busy:
            surgeon.go_on()
        assert memory.episode_count(first) == 0
        trainer.episodes = PRUNE_EVERY_EPISODES
        trainer._prune_journal()
        assert first in trainer.journal.training_episodes()
        trainer.edit_log = None
        trainer._prune_journal()
        assert first not in trainer.journal.training_episodes()
    finally:
        trainer.close()
