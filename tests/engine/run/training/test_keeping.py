"""What a person changed in the memory is on the disk when the game is closed, trained or not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from waiting import until

from nec_engine.config import Settings
from nec_engine.errors import SnapshotError
from nec_engine.game.roms import find_rom
from nec_engine.journal.journal import Journal
from nec_engine.messages import (
    DeleteEntries,
    Event,
    HoldStick,
    OfOrigin,
    Origin,
    Player,
    SaveFailed,
    SetSpeed,
    SetTraining,
    SnapshotSaved,
)
from nec_engine.run.engine import Engine
from nec_engine.run.training.keeping import Keeper
from nec_engine.run.training.saving import Autosave
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.snapshot import SnapshotWriter, read_header

SMALL = Settings(agent="mfec", capacity=500, replay_capacity=500, autosave_s=600, max_noops=1)
LIMIT_S = 60.0


def saved_in(folder: Path) -> dict[str, Any]:
    """The header of the one snapshot in a data folder."""
    (path,) = (folder / "snapshots").glob("*")
    return read_header(path)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = Engine.open_game("pong", SMALL, tmp_path)
    yield made
    made.stop()


def test_what_was_deleted_without_training_is_deleted_in_the_file_of_the_closed_game(
    engine: Engine, tmp_path: Path
) -> None:
    engine.start()
    until(lambda: bool((news := engine.pull()).progress and sum(news.progress.memory_sizes) > 20))
    engine.send(SetTraining(False))
    engine.send(DeleteEntries(OfOrigin(Origin.AGENT)))
    engine.stop()  # at once: the edit has not even begun
    assert sum(saved_in(tmp_path)["memory"]["sizes"]) == 0
    (saved,) = (e for e in engine.pull().events if isinstance(e, SnapshotSaved))
    assert saved.is_autosave


def test_what_was_played_to_the_last_moment_is_in_the_file_of_the_closed_game(
    engine: Engine, tmp_path: Path
) -> None:
    engine.start(training=False, player=Player.PERSON)
    engine.send(HoldStick(up=True))
    engine.send(SetSpeed(8.0))
    until(lambda: bool((frame := engine.pull().frame) and frame.moment.step > 20))
    engine.stop()  # within the episode: no return of it is known yet
    assert saved_in(tmp_path)["memory"]["origins"]["person"] > 0


def test_a_game_that_was_only_watched_is_closed_without_a_file(
    engine: Engine, tmp_path: Path
) -> None:
    engine.start(training=False)
    until(lambda: engine.pull().frame is not None)
    engine.stop()
    assert not list(tmp_path.rglob("*.nec*"))


class Gate:
    """Saves reach the disk only when the test lets them, one at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_go_on = threading.Semaphore(0)
        commit = SnapshotWriter.commit

        def gated(writer: SnapshotWriter) -> int:
            assert self.may_go_on.acquire(timeout=LIMIT_S)
            return commit(writer)

        monkeypatch.setattr(SnapshotWriter, "commit", gated)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


class Kept:
    """A keeper of a run that stands still, and all that it told."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Event] = []
        rom = find_rom("pong")
        self.trainer = Trainer(
            rom, SMALL, capacity=500, device=torch.device("cpu"), journal=Journal(SMALL, rom)
        )
        self.autosave = Autosave(folder, "pong", 0.0)
        self.keeper = Keeper(self.trainer, self.autosave, self.told.append)

    def change(self) -> None:
        """Something is changed by hand, and an autosave of it begun."""
        self.keeper.count_change()
        self.keeper.turn()

    def endings(self) -> list[tuple[str, bool]]:
        """(file, whether it was saved) of the saves that are over, in order."""
        return [
            (event.path.name, isinstance(event, SnapshotSaved))
            for event in self.told
            if isinstance(event, SnapshotSaved | SaveFailed)
        ]

    def until_told(self, num: int) -> None:
        until(lambda: len(self.endings()) >= num)
        self.keeper.join(LIMIT_S)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    made = Kept(tmp_path)
    yield made
    made.keeper.give_up()
    made.keeper.join(LIMIT_S)
    made.trainer.close()


def test_changes_by_hand_are_autosaved_while_nothing_is_trained_and_then_no_more(
    kept: Kept,
) -> None:
    kept.keeper.turn()
    assert not kept.told
    kept.change()
    kept.until_told(1)
    kept.keeper.turn()
    kept.keeper.end()
    assert kept.endings() == [("pong-autosave-1.nec", True)]


@pytest.fixture
def save_waits(kept: Kept, gate: Gate, tmp_path: Path) -> None:
    """A save by hand that waits for an autosave, which waits for the test."""
    kept.change()
    kept.keeper.save(tmp_path / "mine.nec")


@pytest.mark.usefixtures("save_waits")
def test_a_save_by_hand_waits_for_an_autosave_and_follows_it(kept: Kept, gate: Gate) -> None:
    kept.keeper.turn()
    assert not kept.endings()
    gate.may_go_on.release(2)
    kept.until_told(1)
    kept.keeper.turn()
    kept.until_told(2)
    assert kept.endings() == [("pong-autosave-1.nec", True), ("mine.nec", True)]


@pytest.mark.usefixtures("save_waits")
def test_cancelling_a_save_that_waits_leaves_the_autosave_alone(kept: Kept, gate: Gate) -> None:
    kept.keeper.cancel()
    kept.keeper.cancel()
    gate.may_go_on.release()
    kept.until_told(2)
    kept.keeper.turn()
    assert kept.endings() == [("mine.nec", False), ("pong-autosave-1.nec", True)]


@pytest.mark.usefixtures("save_waits")
def test_a_save_that_still_waits_at_the_end_is_told_as_cancelled(kept: Kept, gate: Gate) -> None:
    gate.may_go_on.release()
    kept.keeper.end()
    assert sorted(kept.endings()) == [("mine.nec", False), ("pong-autosave-1.nec", True)]
    assert any(isinstance(event, SaveFailed) and event.is_cancelled for event in kept.told)


def test_a_second_save_by_hand_is_refused_and_the_first_goes_on(
    kept: Kept, gate: Gate, tmp_path: Path
) -> None:
    kept.keeper.save(tmp_path / "first.nec")
    kept.keeper.save(tmp_path / "second.nec")
    gate.may_go_on.release()
    kept.until_told(2)
    assert kept.endings() == [("second.nec", False), ("first.nec", True)]


def test_at_the_end_a_save_under_way_that_holds_all_changes_is_finished_and_is_enough(
    kept: Kept, gate: Gate, tmp_path: Path
) -> None:
    kept.keeper.count_change()
    kept.keeper.save(tmp_path / "mine.nec")
    kept.keeper.ask_end()
    gate.may_go_on.release()
    kept.keeper.end()
    assert kept.endings() == [("mine.nec", True)]


def test_at_the_end_a_save_under_way_that_nobody_needs_is_given_up(
    kept: Kept, gate: Gate, tmp_path: Path
) -> None:
    kept.keeper.save(tmp_path / "mine.nec")
    kept.keeper.ask_end()
    gate.may_go_on.release()
    kept.keeper.end()
    assert kept.endings() == [("mine.nec", False)]
    assert not list(tmp_path.iterdir())


def test_a_change_after_a_save_began_is_saved_at_the_end(
    kept: Kept, gate: Gate, tmp_path: Path
) -> None:
    kept.keeper.save(tmp_path / "mine.nec")
    kept.keeper.count_change()
    kept.keeper.ask_end()
    gate.may_go_on.release(2)
    kept.keeper.end()
    assert kept.endings()[-1] == ("pong-autosave-1.nec", True)
    assert not kept.keeper.has_unsaved_changes


def test_what_takes_too_long_to_save_at_the_end_is_told_as_lost(kept: Kept, gate: Gate) -> None:
    kept.change()
    kept.keeper.give_up()
    gate.may_go_on.release()
    kept.keeper.end()
    assert "not saved" in getattr(kept.told[-1], "text", "")


def test_training_that_a_failed_save_does_not_hold_is_saved_by_the_next(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit, is_full = SnapshotWriter.commit, [True]

    def refuse(writer: SnapshotWriter) -> int:
        if is_full:
            raise SnapshotError("cannot save", "the disk is full", "free some space")
        return commit(writer)

    monkeypatch.setattr(SnapshotWriter, "commit", refuse)
    while kept.trainer.frames < 40:
        kept.trainer.step()
    kept.keeper.turn()
    kept.until_told(1)
    is_full.clear()

    def is_saved() -> bool:
        """Nothing has been trained since; its time comes."""
        kept.keeper.turn()
        return len(kept.endings()) == 2

    until(is_saved)
    assert [is_saved for _, is_saved in kept.endings()] == [False, True]
    kept.keeper.turn()
    kept.keeper.join(LIMIT_S)
    assert len(kept.endings()) == 2
