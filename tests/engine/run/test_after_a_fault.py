"""What is left when training has come to a fault: saves, and sentences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from waiting import until

from nec_engine.config import Settings
from nec_engine.messages import (
    DeleteEntries,
    Event,
    ForgetLessons,
    HoldStick,
    MemoryEdited,
    Notice,
    OfOrigin,
    Origin,
    Player,
    SaveFailed,
    SaveSnapshot,
    SetLessonWeight,
    SetSpeed,
    SetTraining,
    SnapshotSaved,
    ThreadFailed,
    UndoEdit,
)
from nec_engine.run.engine import Engine
from nec_engine.run.training.train_thread import NOT_SAVED
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import read_header

SMALL = Settings(
    agent="mfec", embedding="dct", key_size=16, capacity=500, replay_capacity=500, max_noops=1
)


class Told:
    """An engine and all the events that it told."""

    def __init__(self, folder: Path) -> None:
        self.engine = Engine.open_game("pong", SMALL, folder)
        self.events: list[Event] = []

    def of(self, kind: type) -> list[Any]:
        self.events += self.engine.pull().events
        return [event for event in self.events if isinstance(event, kind)]

    def next_of(self, kind: type) -> Any:
        """The next event of this kind, from now on."""
        num = len([event for event in self.events if isinstance(event, kind)])
        until(lambda: len(self.of(kind)) > num)
        return self.of(kind)[num]

    def fail(self) -> None:
        """Training comes to a fault."""
        self.engine.send(SetTraining(True))
        assert self.next_of(ThreadFailed).thread == "train"

    def words(self) -> list[str]:
        return [notice.text for notice in self.of(Notice)]


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """An engine that does not train yet, and whose training fails at once."""

    def fail(_: Trainer) -> list[float]:
        raise ValueError("a fault")

    monkeypatch.setattr(Trainer, "step", fail)
    made = Told(tmp_path)
    yield made
    made.engine.stop()


@pytest.fixture
def cannot_save(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Trainer) -> dict[str, Any]:
        raise KeyError("another fault")

    monkeypatch.setattr(Trainer, "state_dict", fail)


def test_edits_are_refused_in_words(told: Told) -> None:
    told.engine.start(training=False)
    told.fail()
    for command in (
        DeleteEntries(OfOrigin(Origin.AGENT)), UndoEdit(), ForgetLessons(), SetLessonWeight(4.0),
    ):  # fmt: skip
        told.engine.send(command)
        refused = told.next_of(MemoryEdited)
        assert refused.is_problem
        assert "Training stopped after a fault" in refused.text
    told.engine.stop()
    assert NOT_SAVED not in told.words()  # there is nothing to save


def test_what_was_changed_before_the_fault_is_saved_as_the_game_is_closed(
    told: Told, tmp_path: Path
) -> None:
    told.engine.start(training=False)
    told.engine.send(SetLessonWeight(4.0))
    told.fail()
    told.engine.stop()
    (saved,) = told.of(SnapshotSaved)
    assert saved.is_autosave
    assert read_header(saved.path)["game"] == "pong"
    assert NOT_SAVED not in told.words()


@pytest.mark.usefixtures("cannot_save")
def test_what_cannot_be_saved_after_the_fault_is_told_as_lost(told: Told, tmp_path: Path) -> None:
    told.engine.start(training=False)
    told.engine.send(SetLessonWeight(4.0))
    told.fail()
    mine = tmp_path / "mine.nec"
    told.engine.send(SaveSnapshot(mine))
    failed = told.next_of(SaveFailed)
    assert (failed.path, failed.is_cancelled) == (mine, False)
    told.engine.stop()
    assert told.words()[-1] == NOT_SAVED
    assert not list(tmp_path.rglob("*.*"))


def test_what_is_played_after_the_fault_is_told_as_not_remembered(told: Told) -> None:
    told.engine.start(training=False, player=Player.PERSON)
    told.fail()
    told.engine.send(HoldStick(up=True))
    told.engine.send(SetSpeed(8.0))
    until(lambda: bool((frame := told.engine.pull().frame) and frame.moment.step > 20))
    told.engine.stop()  # within the episode: what was played is handed over now
    assert any(words.startswith("What is played is not remembered") for words in told.words())
