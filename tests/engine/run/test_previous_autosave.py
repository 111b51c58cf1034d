"""A run does not overwrite what another one, which crashed perhaps, left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from other_process import held_elsewhere

from nec_engine.config import Settings
from nec_engine.game.roms import find_rom
from nec_engine.messages import SetLessonWeight
from nec_engine.run.engine import Engine
from nec_engine.run.opening import open_new, open_saved
from nec_engine.run.training.saving import Autosave, save_run
from nec_engine.run.training.trainer import Trainer
from nec_engine.storage.autosave import stamp_of
from nec_engine.storage.snapshot import read_header

SMALL = Settings(agent="mfec", embedding="dct", capacity=100, key_size=16, torch_threads=1)
FIRST, SECOND = "pong-autosave-1.nec", "pong-autosave-2.nec"
PREVIOUS = "pong-autosave-previous.nec"


class Run:
    """Runs of one game, one after the other, that autosave into one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.told = folder, list[str]()
        self.trainer: Trainer = open_new(find_rom("pong"), SMALL).trainer
        self._num_saved = 0
        self.begin()

    def begin(self, opened: Path | None = None) -> None:
        """Another run, new or from a file; its autosaves hold one step more each."""
        stamp = None if opened is None else stamp_of(opened)
        self.autosave = Autosave(self.folder, "pong", 0.0, stamp)

    def save(self) -> None:
        self.trainer.step()
        self._num_saved += 1
        path = self.autosave.next_path()
        notice = self.autosave.make_way(path)
        if notice is not None:
            self.told.append(notice.text)
        save_run(self.trainer, path)
        os.utime(path, (self._num_saved, self._num_saved))
        self.autosave.count_as_own(path)

    def crash(self, num_saves: int = 2) -> None:
        """Save some times, then nothing more; a new run begins."""
        for _ in range(num_saves):
            self.save()
        self.begin()

    def files(self) -> dict[str, int]:
        """Steps by name."""
        paths = sorted(self.folder.glob("*.nec"))
        return {path.name: read_header(path)["steps"] for path in paths}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    made = Run(tmp_path)
    yield made
    made.trainer.close()


def test_the_newest_autosave_of_an_earlier_run_is_kept_under_another_name(run: Run) -> None:
    run.crash()
    run.save()
    assert 2 in run.files().values()
    run.save()
    assert run.files() == {FIRST: 3, SECOND: 4, PREVIOUS: 2}
    assert run.told == [f"An autosave of an earlier run is kept as {PREVIOUS}"] * 2
    trainer = open_saved(run.folder / PREVIOUS, {}).trainer
    assert trainer.steps == 2
    trainer.close()


def test_a_run_overwrites_its_own_autosaves(run: Run) -> None:
    for _ in range(4):
        run.save()
    assert run.files() == {FIRST: 3, SECOND: 4}
    assert not run.told


def test_runs_that_are_closed_before_they_autosave_leave_all_as_it_is(run: Run) -> None:
    run.crash()
    for _ in range(3):
        run.begin()
    assert run.files() == {FIRST: 1, SECOND: 2}


def test_an_older_autosave_never_takes_the_place_of_a_newer_one(run: Run) -> None:
    run.crash()
    (run.folder / SECOND).rename(run.folder / PREVIOUS)
    run.save()
    run.save()
    assert run.files() == {FIRST: 4, SECOND: 3, PREVIOUS: 2}


def test_a_run_that_goes_on_from_an_autosave_overwrites_it(run: Run) -> None:
    run.crash()
    run.begin(run.folder / SECOND)
    run.save()
    run.save()
    assert run.files() == {FIRST: 3, SECOND: 4, PREVIOUS: 1}


def test_the_file_that_was_opened_is_not_replaced_before_the_run_has_another(run: Run) -> None:
    run.crash(1)
    (run.folder / FIRST).rename(run.folder / PREVIOUS)
    run.crash(2)
    run.begin(run.folder / PREVIOUS)
    run.save()
    assert run.files()[PREVIOUS] == 1
    run.save()
    assert run.files()[PREVIOUS] == 3


def test_what_another_run_writes_meanwhile_is_kept(run: Run) -> None:
    run.save()
    mine = run.autosave
    run.begin()
    run.save()
    run.autosave = mine
    run.save()  # its own first save is its newest: the other name is next
    run.save()
    assert run.files() == {FIRST: 4, SECOND: 3, PREVIOUS: 2}


def test_what_a_second_window_left_is_kept_by_the_next_second_one(run: Run) -> None:
    with held_elsewhere(run.folder / ".pong-autosave.lock"):
        for _ in range(2):
            run.begin()
            run.autosave.names.take()
            run.save()
            run.save()
            run.autosave.names.release()
    assert run.files() == {
        "pong-window-2-autosave-1.nec": 3,
        "pong-window-2-autosave-2.nec": 4,
        "pong-window-2-autosave-previous.nec": 2,
    }


def test_a_broken_autosave_is_not_what_is_kept(run: Run) -> None:
    run.crash()
    os.truncate(run.folder / SECOND, 50)
    run.save()
    run.save()
    assert run.files() == {FIRST: 4, SECOND: 3, PREVIOUS: 1}


def test_a_folder_that_renames_nothing_is_told_once_and_the_run_is_saved(run: Run) -> None:
    run.crash()
    (run.folder / PREVIOUS / "in the way").mkdir(parents=True)
    run.save()
    run.save()
    assert read_header(run.folder / SECOND)["steps"] == 4
    (told,) = run.told
    assert told.startswith("The autosaves of an earlier run are overwritten")


def test_what_was_changed_by_hand_outlives_the_next_runs_of_a_brain(tmp_path: Path) -> None:
    trainer = open_new(find_rom("pong"), SMALL).trainer
    trainer.step()
    brain = tmp_path / "brain.nec"
    save_run(trainer, brain)
    trainer.close()
    for engine in (
        Engine.open_game("pong", SMALL, tmp_path),  # the only one at step 0
        Engine.open_snapshot(brain, {}, tmp_path),
        Engine.open_snapshot(brain, {}, tmp_path),
    ):
        engine.start(training=False)
        engine.send(SetLessonWeight(4.0))
        engine.stop()
    files = (tmp_path / "snapshots").iterdir()
    assert {path.name: read_header(path)["steps"] for path in files} == {
        FIRST: 1,
        SECOND: 1,
        PREVIOUS: 0,
    }
