"""What was kept is found again, and only for the run that it is of."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from made_runs import keep_made, made_run

from docs.evidence.kept import kept_paths, load_kept
from nec_engine.errors import DataError


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    run = made_run()
    assert load_kept(tmp_path, run) is None
    keep_made(tmp_path, run, [-20.0, -18.5])
    kept = load_kept(tmp_path, run)
    assert kept is not None
    assert [(point.frames, point.mean) for point in kept.points] == [(2000, -20.0), (4000, -18.5)]
    assert kept.last.episodes == 30
    assert kept.training.elapsed_s == 120
    assert kept.is_finished


def test_results_of_another_command_are_not_taken_for_this_runs(tmp_path: Path) -> None:
    run = made_run()
    keep_made(tmp_path, run, [-20.0])
    other = dataclasses.replace(run, settings=(("epoch_frames", "3000"),))
    assert other.name == run.name
    assert load_kept(tmp_path, other) is None


def test_a_run_short_of_its_frames_is_not_finished(tmp_path: Path) -> None:
    run = made_run()
    keep_made(tmp_path, run, [-20.0, -19.0])
    path, _ = kept_paths(tmp_path, run)
    path.write_text("\n".join(path.read_text().splitlines()[:-2]) + "\n")
    kept = load_kept(tmp_path, run)
    assert kept is not None
    assert not kept.is_finished


def test_an_evaluation_that_was_interrupted_and_played_again_counts_once(tmp_path: Path) -> None:
    run = made_run()
    keep_made(tmp_path, run, [-20.0, -19.0])
    path, _ = kept_paths(tmp_path, run)
    lines = path.read_text().splitlines()
    again = lines[-2].replace(",3,", ",0,", 1)  # the epoch has no episodes after a resume
    path.write_text("\n".join([*lines[:-1], again, lines[-1]]) + "\n")
    kept = load_kept(tmp_path, run)
    assert kept is not None
    assert [point.mean for point in kept.points] == [-20.0, -19.0]
    assert kept.training.steps == 1000


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    run = made_run()
    keep_made(tmp_path, run, [-20.0])
    kept_paths(tmp_path, run)[1].write_text("{")
    with pytest.raises(DataError, match="make the run again"):
        load_kept(tmp_path, run)
