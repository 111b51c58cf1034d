"""An edit that takes long is whole in the file: of a closed game, and of one that goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from waiting import until

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.messages import (
    CancelSave,
    DeleteEntries,
    Event,
    Notice,
    OfOrigin,
    Origin,
    PinEntries,
    SaveFailed,
    SaveSnapshot,
    SetLessonWeight,
    SnapshotSaved,
)
from nec_engine.run.outbox import Outbox
from nec_engine.run.publication import Publication
from nec_engine.run.training.saving import Autosave
from nec_engine.run.training.surgeon import Surgeon
from nec_engine.run.training.train_thread import TrainThread
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import read_header

SMALL = Settings(agent="mfec", capacity=500, replay_capacity=500, max_noops=1)
ALL = OfOrigin(Origin.AGENT)
LIMIT_S = 60.0


class Held:
    """A train thread whose edits go on only when the test lets them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rom = find_rom("pong")
        self.trainer = Trainer(
            rom, SMALL, capacity=500, device=torch.device("cpu"), journal=Journal(SMALL, rom)
        )
        memory = self.trainer.agent.memory
        assert memory is not None
        memory.write_batch(
            np.zeros(300, np.int64), torch.randn(300, SMALL.key_size), np.zeros(300),
            np.arange(300, dtype=np.uint64), 0, np.arange(300),
        )  # fmt: skip
        self.has_begun, self.may_go_on = threading.Event(), threading.Event()
        go_on = Surgeon.go_on

        def held(surgeon: Surgeon) -> None:
            if surgeon.is_busy:
                self.has_begun.set()
                if not self.may_go_on.wait(0.01):
                    return
            go_on(surgeon)

        monkeypatch.setattr(Surgeon, "go_on", held)
        self.outbox = Outbox()
        autosave = Autosave(folder, "pong", 0.0)
        self.thread = TrainThread(self.trainer, Publication(), self.outbox, autosave)

    def until_told(self, kind: type) -> Any:
        """The first event of a kind."""
        events: list[Event] = []

        def is_told() -> bool:
            events.extend(self.outbox.pull().events)
            return any(isinstance(event, kind) for event in events)

        until(is_told)
        return next(event for event in events if isinstance(event, kind))

    def close(self, timeout_s: float) -> tuple[Event, ...]:
        """What was told until the thread was gone."""
        self.thread.ask_stop()
        self.thread.join(timeout_s)
        return self.outbox.pull().events


@pytest.fixture
def at_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(tmp_path, monkeypatch)
    yield made
    made.may_go_on.set()
    made.thread.ask_stop()
    made.thread.join(LIMIT_S)
    made.trainer.close()


@pytest.fixture
def held(at_rest: Held) -> Held:
    at_rest.thread.start(training=False)
    return at_rest


def test_an_edit_that_goes_on_while_the_game_is_closed_is_waited_for_and_saved(
    held: Held, tmp_path: Path
) -> None:
    held.thread.send(DeleteEntries(ALL))
    assert held.has_begun.wait(LIMIT_S)
    in_time = threading.Timer(0.5, held.may_go_on.set)
    in_time.start()
    held.close(0.05)
    in_time.join()
    (path,) = tmp_path.iterdir()
    assert read_header(path)["memory"]["sizes"][0] == 0


def test_an_edit_that_takes_too_long_at_the_end_is_told_as_lost(
    held: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nec_engine.run.training.train_thread.PATIENCE_SAVING_S", 0.05)
    held.thread.send(DeleteEntries(ALL))
    assert held.has_begun.wait(LIMIT_S)
    held.thread.ask_stop()
    held.thread.join(0.05)
    held.thread.join(LIMIT_S)
    (told,) = (e for e in held.outbox.pull().events if isinstance(e, Notice))
    assert "not saved" in told.text
    assert not list(tmp_path.iterdir())


def test_an_edit_that_came_to_nothing_is_no_reason_to_save(held: Held, tmp_path: Path) -> None:
    held.may_go_on.set()
    held.thread.send(PinEntries(OfOrigin(Origin.PERSON)))
    held.close(LIMIT_S)
    assert not list(tmp_path.iterdir())


def test_a_save_waits_for_the_edits_that_were_asked_for_before(held: Held, tmp_path: Path) -> None:
    mine = tmp_path / "mine.nec"
    held.thread.send(DeleteEntries(ALL))
    held.thread.send(SaveSnapshot(mine))
    assert held.has_begun.wait(LIMIT_S)
    held.may_go_on.set()
    assert held.until_told(SnapshotSaved).path == mine
    assert read_header(mine)["memory"]["sizes"][0] == 0


def test_a_save_that_waits_for_an_edit_can_be_cancelled(held: Held, tmp_path: Path) -> None:
    held.thread.send(DeleteEntries(ALL))
    held.thread.send(SaveSnapshot(tmp_path / "mine.nec"))
    assert held.has_begun.wait(LIMIT_S)
    until(lambda: held.thread._keeper._waiting is not None)
    held.thread.send(CancelSave())
    assert held.until_told(SaveFailed).is_cancelled
    held.may_go_on.set()
    held.close(LIMIT_S)
    assert [path.name for path in tmp_path.iterdir()] == ["pong-autosave-1.nec"]


def test_no_autosave_begins_within_an_edit(held: Held) -> None:
    held.thread.send(DeleteEntries(ALL))
    assert held.has_begun.wait(LIMIT_S)
    held.thread.send(SetLessonWeight(4.0))
    until(lambda: held.thread._keeper._num_changes > 0)
    for _ in range(2):  # turns in which an autosave might begin
        held.has_begun.clear()
        assert held.has_begun.wait(LIMIT_S)
    held.may_go_on.set()
    assert read_header(held.until_told(SnapshotSaved).path)["memory"]["sizes"][0] == 0


def test_a_save_that_came_as_the_game_was_closed_is_told_as_cancelled(
    at_rest: Held, tmp_path: Path
) -> None:
    at_rest.thread.send(SaveSnapshot(tmp_path / "mine.nec"))
    at_rest.thread.ask_stop()
    at_rest.thread.start(training=False)
    (told,) = at_rest.close(LIMIT_S)
    assert isinstance(told, SaveFailed)
    assert told.is_cancelled
    assert not list(tmp_path.iterdir())


def test_after_a_fault_a_save_that_came_as_the_game_was_closed_is_told_as_cancelled(
    at_rest: Held, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: TrainThread) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr(TrainThread, "_end", fail)
    at_rest.thread.send(SaveSnapshot(tmp_path / "mine.nec"))
    at_rest.thread.ask_stop()
    at_rest.thread.start(training=False)
    (told,) = (e for e in at_rest.close(LIMIT_S) if isinstance(e, SaveFailed))
    assert told.is_cancelled
