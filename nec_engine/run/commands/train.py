"""``train``: a headless run with evaluations, a results file, snapshots and autosaves."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nec_engine.errors import DataError, SnapshotError
from nec_engine.file_lock import FileLock
from nec_engine.game.roms import Rom, find_rom
from nec_engine.run.folders import DataFolders, writable_folder
from nec_engine.run.opening import open_new, open_saved, overlap_learning
from nec_engine.run.requests import TrainRequest
from nec_engine.run.results import ResultsWriter, refuse_existing
from nec_engine.run.saved_settings import settings_of_snapshot
from nec_engine.run.signals import StopSignals
from nec_engine.run.streams import print_last_result, print_note
from nec_engine.run.training.autosave_names import AutosaveNames
from nec_engine.run.training.epoch_snapshots import epoch_files
from nec_engine.run.training.headless import HeadlessTraining
from nec_engine.storage.snapshot import read_header


def run(request: TrainRequest) -> int:
    """Train to ``request.frames``; 0, or 130 / 143 after a signal, both after saving."""
    rom = find_rom(request.rom)
    out = writable_folder(_folder(request, rom.name))
    with _alone_in(out, rom.name):
        writable_folder(out / "snapshots")
        _refuse_other_files(request, rom.name, out)
        return _train(request, rom, out)


def _train(request: TrainRequest, rom: Rom, out: Path) -> int:
    if request.resume is None:
        opened = open_new(rom, request.common.settings(), request.envs)
    else:
        opened = open_saved(request.resume, request.common.changes, request.rom, request.envs)
    for sentence in (*opened.lost, *opened.missing):
        _note(sentence)
    trainer = opened.trainer
    try:
        overlap_learning(trainer)
        resumed_frames = trainer.frames if request.resume is not None else None
        with ResultsWriter(out / "results.csv", resumed_frames) as results, StopSignals() as stop:
            training = HeadlessTraining(
                trainer, request.frames, out / "snapshots", results, stop, _note
            )
            training.run()
            return print_last_result(f"saved: {training.final_path}", stop.exit_code)
    finally:
        trainer.close()


@contextmanager
def _alone_in(out: Path, game: str) -> Iterator[None]:
    """While entered, no other process trains in ``out`` or saves itself under the same names.

    Raises :class:`DataError` where one does already; one that was killed does not count.
    """
    run, names = FileLock.take(out / ".train.lock"), AutosaveNames(out / "snapshots", game)
    try:
        if run is None:
            raise DataError(
                f"another run is training in {out}",
                "each would overwrite what the other writes",
                "wait until it ends, or choose another folder with --out",
            )
        if not names.take_number(1):
            raise DataError(
                f"a window of {game} saves itself in {out / 'snapshots'}",
                "each would overwrite what the other writes",
                "close the window, or choose another folder with --out",
            )
        yield
    finally:
        names.release()
        if run is not None:
            run.release()


def _folder(request: TrainRequest, game: str) -> Path:
    """Where the run belongs: by its own seed, which is the snapshot's where it is resumed.

    Raises :class:`DataError` where a seed given beside the snapshot leads to results of another.
    """
    if request.out is not None:
        return request.out
    results, changes = DataFolders(request.common.data).results, request.common.changes
    if request.resume is None:
        return results / f"{game}-seed{request.common.settings().seed}"
    saved = settings_of_snapshot(read_header(request.resume), {}).seed
    out = results / f"{game}-seed{changes.get('seed', saved)}"
    if changes.get("seed", saved) != saved and os.path.lexists(out / "results.csv"):
        raise DataError(
            f"there are results in {out} already",
            f"they are of another run: the snapshot was made with seed {saved}",
            "leave out the seed, or choose a folder with --out",
        )
    return out


def _refuse_other_files(request: TrainRequest, game: str, out: Path) -> None:
    """Raise :class:`DataError` where files of another run would be overwritten, removed or cut."""
    names = AutosaveNames(out / "snapshots", game)
    final = out / "snapshots" / f"{game}-final.nec"
    files = [
        path
        for path in (*epoch_files(out / "snapshots", game), final, *names.paths)
        if os.path.lexists(path)
    ]
    if request.resume is None:
        refuse_existing(out / "results.csv")
    if files and not os.path.lexists(out / "results.csv"):
        raise DataError(
            f"there are snapshots in {out / 'snapshots'} already, such as {files[0].name}",
            "a run there would overwrite or remove them",
            "choose another folder with --out",
        )
    if request.resume is not None and os.path.lexists(out / "results.csv"):
        _refuse_other_run(request.resume, request.common.changes, out)


def _refuse_other_run(resume: Path, changes: Mapping[str, Any], out: Path) -> None:
    """Raise :class:`DataError` where snapshots in ``out`` are of another game, agent or seed."""
    mine = read_header(resume)
    wanted = (mine["game"], mine["agent"], changes.get("seed", mine["seed"]))
    for path in sorted((out / "snapshots").glob("*.nec")):
        try:
            header = read_header(path)
            its = (header["game"], header["agent"], header["seed"])
        except (SnapshotError, KeyError):
            continue  # whatever it is, it is no sign of another run
        if its != wanted:
            raise DataError(
                f"the results in {out} are of another run",
                f"{path.name} there is of {its[0]}, agent {its[1]}, seed {its[2]}, not of "
                f"{wanted[0]}, agent {wanted[1]}, seed {wanted[2]}",
                "choose another folder with --out",
            )


def _note(sentence: str) -> None:
    print_note(f"note: {sentence}")
